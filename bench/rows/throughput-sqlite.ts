import { Product } from '../product.ts';
import { atLeast, type Row } from '../row.ts';
import { thinOnSqlite } from '../thin.ts';
import { throughput } from '../throughput.ts';

export const row: Row = async () => {
  const thin = await thinOnSqlite({ body: 'nothing', capacity: 256 });
  const product = await Product.start('parallel', { follows: false });
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
      note: 'no-op tasks, 50 runs of 400 at once, SQLite; median of 5',
    },
  ];
};
