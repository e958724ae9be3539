import { thinChain } from '../floor/thin-graph.ts';
import { Product } from '../product.ts';
import { atMost, type Row } from '../row.ts';
import { percentile } from '../samples.ts';
import { thinOnSqlite } from '../thin.ts';

const CHAINS = 50;
const WARM_UP = 10;

/**
 * From where a task is ready to where its body begins: in a chain, from one body to the next. So it holds the whole way
 * of a step: report, durable commit with the claim of the next task, order.
 */
export const row: Row = async () => {
  const reported: [task: number, begun: string][] = [];
  const thin = await thinOnSqlite({
    body: 'clock',
    capacity: 128,
    onReports: (reports) => reported.push(...reports.map(({ task, output }) => [task, output!] as [number, string])),
  });
  const product = await Product.start('clock');
  const graph = thinChain(40);
  const gaps = { product: [] as number[], floor: [] as number[] };
  for (let chain = 0; chain < WARM_UP + CHAINS; chain++) {
    const run = await product.run('clock40');
    const outputs = await product.server.store.queries.outputs(run);
    const begun = outputs.map(({ task, value }): [number, string] => [task, value.kind === 'inline' ? value.data : '']);
    reported.length = 0;
    await thin.engine.run(graph);
    if (chain < WARM_UP) continue;
    gaps.product.push(...between(begun));
    gaps.floor.push(...between(reported));
  }
  await product.stop();
  await thin.stop();
  return [50, 99].map((percent) => ({
    name: `ready_to_start_p${percent}_ms`,
    value: percentile(gaps.product, percent),
    unit: 'ms',
    floor: percentile(gaps.floor, percent),
    goal: atMost(percent === 50 ? 1 : 5),
    note: `from one body to the next in a chain, SQLite; of ${gaps.product.length}`,
  }));
};

/** Milliseconds between the beginnings of tasks that follow each other. */
function between(begun: readonly (readonly [task: number, nanoseconds: string])[]): number[] {
  const times = [...begun].sort(([a], [b]) => a - b).map(([, text]) => BigInt(text.replace(/\D/g, '')));
  return times.slice(1).map((time, index) => Number(time - times[index]!) / 1e6);
}
