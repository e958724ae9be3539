// A home with a history of 1,000,000 task instances, to look at: `node bench/history/main.ts FOLDER`, and then
// `millrace start bench/pipelines/history.ts --home FOLDER`.
import { makeHistory } from './history.ts';

const begun = performance.now();
const made = await makeHistory(process.argv[2]!, Number(process.argv[3] ?? 1_000_000));
console.log({ ...made, seconds: Math.round((performance.now() - begun) / 1000) });
