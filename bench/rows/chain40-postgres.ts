import { thinChain } from '../floor/thin-graph.ts';
import { Product } from '../product.ts';
import { atMost, type Row } from '../row.ts';
import { inTurns, median } from '../samples.ts';
import { onPostgres } from '../thin.ts';

/** 40 tasks in a chain, fibo(10) in each, on PostgreSQL: from the trigger to the durable end. */
export const row: Row = async () => {
  const thin = await onPostgres({ body: 'fibo', capacity: 128 });
  const product = await Product.start('chain', { store: thin.uri });
  const graph = thinChain(40);
  const samples = await inTurns(
    { rounds: 15, warmUp: 6 },
    () => product.run('chain40'),
    () => thin.engine.run(graph),
  );
  await product.stop();
  await thin.stop();
  return [
    {
      name: 'chain40_postgres_ms',
      value: median(samples.product),
      unit: 'ms',
      floor: median(samples.floor),
      goal: atMost(120),
      note: 'the same on PostgreSQL, synchronous_commit on; median of 15',
    },
  ];
};
