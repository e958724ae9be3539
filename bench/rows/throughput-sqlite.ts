import { Product } from '../product.ts';
import { atLeast, type Row } from '../row.ts';
import { thinOnSqlite } from '../thin.ts';
import { throughput } from '../throughput.ts';

const CAPACITY = 512;

export const row: Row = async () => {
  const thin = await thinOnSqlite({ body: 'nothing', capacity: CAPACITY });
  const product = await Product.start('parallel', { capacity: CAPACITY, follows: false });
  const measured = await throughput({ product, thin: thin.engine }, 5);
  await product.stop();
  await thin.stop();
  return [
    {
      name: 'throughput_sqlite_per_s',
      value: measured.product,
      unit: 'per s',
      floor: measured.floor,
      goal: atLeast(25_000),
      note: `no-op tasks, 50 runs of 400, ${CAPACITY} tasks at once, SQLite; median of 5`,
    },
  ];
};
