import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { thinFan } from '../floor/thin-graph.ts';
import { Product } from '../product.ts';
import { atMost, type Row } from '../row.ts';
import { median, timed } from '../samples.ts';
import { thinOnSqlite } from '../thin.ts';

const CAPACITY = 256;

const ROUNDS = 3;

/**
 * One task gives a list of 100,000, another is mapped over it. While that goes on the server's event loop is watched: for
 * as long as it stands still, no other DAG gets on.
 */
export const row: Row = async () => {
  const thin = await thinOnSqlite({ body: 'nothing', capacity: CAPACITY });
  const product = await Product.start('map', { capacity: CAPACITY });
  const graph = thinFan(100_000);
  const seconds = { product: [] as number[], floor: [] as number[] };
  const stalls = { product: [] as number[], floor: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const one = await watched(() => product.run('map100k'));
    const other = await watched(() => thin.engine.run(graph));
    if (round === 0) continue;
    seconds.product.push(one.seconds);
    seconds.floor.push(other.seconds);
    stalls.product.push(one.stall);
    stalls.floor.push(other.stall);
  }
  await product.stop();
  await thin.stop();
  return [
    {
      name: 'map100k_s',
      value: median(seconds.product),
      unit: 's',
      floor: median(seconds.floor),
      goal: atMost(5),
      note: `a list of 100,000 and a no-op task mapped over it, SQLite; median of ${ROUNDS}`,
    },
    {
      name: 'map100k_longest_stall_ms',
      value: Math.max(...stalls.product),
      unit: 'ms',
      floor: Math.max(...stalls.floor),
      goal: atMost(50),
      note: 'longest time for which the event loop stood still meanwhile; the floor inserts all at once',
    },
  ];
};

async function watched(work: () => Promise<unknown>): Promise<{ readonly seconds: number; readonly stall: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(10);
  const seconds = (await timed(work)) / 1000;
  // A turn that is under way is counted when it is over.
  await sleep(10);
  delay.disable();
  return { seconds, stall: delay.max / 1e6 };
}
