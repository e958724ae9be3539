import { setTimeout as sleep } from 'node:timers/promises';
import { thinFan } from '../floor/thin-graph.ts';
import { Product } from '../product.ts';
import { atMost, type Row } from '../row.ts';
import { median, percentile } from '../samples.ts';
import { thinOnSqlite } from '../thin.ts';

const CAPACITY = 256;

const WORKFLOWS = 10_000;
const MINUTES = 3;
const MINUTE_MS = 60_000;

/**
 * 10,000 DAGs of one task, all due at each full minute. The lag of a run is the time from its minute to the start of its
 * task's body. The floor starts as many runs one by one, all at once.
 */
export const row: Row = async () => {
  const product = await Product.start('minutely', { capacity: CAPACITY });
  const { queries } = product.server.store;
  const first = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const p99: number[] = [];
  for (let minute = first; p99.length < MINUTES; minute += MINUTE_MS) {
    await sleep(minute + MINUTE_MS / 2 - Date.now());
    p99.push(percentile(await lags(queries, minute), 99));
  }
  await product.stop();
  return [
    {
      name: 'schedule10k_lag_p99_ms',
      value: median(p99),
      unit: 'ms',
      floor: await floorLag(),
      goal: atMost(1000),
      note: `10,000 DAGs due at the same minute, to the start of the body, SQLite; median of ${MINUTES} minutes`,
    },
  ];
};

async function lags(queries: Product['server']['store']['queries'], minute: number): Promise<number[]> {
  const lags: number[] = [];
  // Run and task of each come in the order of their events.
  for (let after = 0; ; ) {
    const events = await queries.events({ after, limit: 10_000 });
    if (events.length === 0) break;
    after = events.at(-1)!.id;
    for (const { kind, at } of events) {
      if (kind === 'instance.running' && at >= minute && at < minute + MINUTE_MS) lags.push(at - minute);
    }
  }
  if (lags.length < WORKFLOWS) return [Number.POSITIVE_INFINITY];
  return lags;
}

async function floorLag(): Promise<number> {
  const started: number[] = [];
  const thin = await thinOnSqlite({
    body: 'nothing',
    capacity: CAPACITY,
    onReports: (reports) => started.push(...reports.map(({ startedAt }) => startedAt)),
  });
  const begin = Date.now();
  const graph = thinFan(1);
  await Promise.all(Array.from({ length: WORKFLOWS }, () => thin.engine.run(graph)));
  await thin.stop();
  return percentile(
    started.map((at) => at - begin),
    99,
  );
}
