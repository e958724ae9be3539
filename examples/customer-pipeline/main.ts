import { fileURLToPath } from 'node:url';
import { type Example, runExample } from '../parts/example.ts';
import { describeScores, readScores } from './warehouse.ts';
import { DEFAULT_LOGICAL_DATE, startWorld } from './world.ts';

const example: Example = {
  surroundings: "the shop's database, the warehouse, the scoring service, the lake, Slack and a mail server",
  files: [fileURLToPath(new URL('./pipeline.ts', import.meta.url))],
  workflow: 'customer_data_pipeline',
  logicalDate: DEFAULT_LOGICAL_DATE,
  startWorld,
  results: async (world) => {
    const scores = await readScores(world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT!);
    return [`\n${describeScores(scores)}`];
  },
};

process.exit(await runExample(example, process.argv.slice(2)));
