import { productHome, thinHome } from '../own-process.ts';
import { atMost, type Row } from '../row.ts';
import { median } from '../samples.ts';

const ROUNDS = 9;

/** From the start of the process on an existing home to the first answer: store open, files read, workers ready. */
export const row: Row = async () => {
  const product = await productHome();
  const thin = await thinHome();
  const samples = { product: [] as number[], floor: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, home] of [['product', product] as const, ['floor', thin] as const]) {
      const server = await home.start();
      if (round > 0) samples[name].push(server.readyMs);
      await server.stop();
    }
  }
  await product.remove();
  await thin.remove();
  return [
    {
      name: 'cold_start_ms',
      value: median(samples.product),
      unit: 'ms',
      floor: median(samples.floor),
      goal: atMost(500),
      note: `millrace start on an existing home to the first answer; median of ${ROUNDS}`,
    },
  ];
};
