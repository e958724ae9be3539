import { Product } from '../product.ts';
import { atLeast, type Row } from '../row.ts';
import { onPostgres } from '../thin.ts';
import { throughput } from '../throughput.ts';

const CAPACITY = 512;

export const row: Row = async () => {
  const thin = await onPostgres({ body: 'nothing', capacity: CAPACITY });
  const product = await Product.start('parallel', { capacity: CAPACITY, store: thin.uri, follows: false });
  const measured = await throughput({ product, thin: thin.engine }, 5);
  await product.stop();
  await thin.stop();
  return [
    {
      name: 'throughput_postgres_per_s',
      value: measured.product,
      unit: 'per s',
      floor: measured.floor,
      goal: atLeast(12_000),
      note: `no-op tasks, 50 runs of 400, ${CAPACITY} tasks at once, PostgreSQL; median of 5`,
    },
  ];
};
