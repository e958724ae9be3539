import { thinFan } from '../floor/thin-graph.ts';
import { Product } from '../product.ts';
import { atMost, type Row } from '../row.ts';
import { inTurns, median } from '../samples.ts';
import { thinOnSqlite } from '../thin.ts';

/** A flow with 400 calls at once, fibo(10) in each, on SQLite: from the trigger to the durable end. */
export const row: Row = async () => {
  const thin = await thinOnSqlite({ body: 'flow_parallel400', capacity: 128 });
  const product = await Product.start('flows');
  const graph = thinFan(1);
  const samples = await inTurns(
    { rounds: 21, warmUp: 10 },
    () => product.run('flow_parallel400'),
    () => thin.engine.run(graph),
  );
  await product.stop();
  await thin.stop();
  return [
    {
      name: 'flow_parallel400_ms',
      value: median(samples.product),
      unit: 'ms',
      floor: median(samples.floor),
      goal: atMost(30),
      note: 'a flow: 400 calls at once, fibo(10), SQLite; median of 21',
    },
  ];
};
