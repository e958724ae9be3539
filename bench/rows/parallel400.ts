import { thinFan } from '../floor/thin-graph.ts';
import { Product } from '../product.ts';
import { atMost, type Row } from '../row.ts';
import { inTurns, median } from '../samples.ts';
import { thinOnSqlite } from '../thin.ts';

const CAPACITY = 512;

/** 400 tasks that wait for nothing, fibo(10) in each, on SQLite: from the trigger to the durable end. */
export const row: Row = async () => {
  const thin = await thinOnSqlite({ body: 'fibo', capacity: CAPACITY });
  const product = await Product.start('parallel', { capacity: CAPACITY });
  const graph = thinFan(400);
  const samples = await inTurns(
    { rounds: 21, warmUp: 10 },
    () => product.run('parallel400'),
    () => thin.engine.run(graph),
  );
  await product.stop();
  await thin.stop();
  return [
    {
      name: 'parallel400_ms',
      value: median(samples.product),
      unit: 'ms',
      floor: median(samples.floor),
      goal: atMost(20),
      note: `400 tasks at once (there is room for ${CAPACITY}), fibo(10), SQLite; median of 21`,
    },
  ];
};
