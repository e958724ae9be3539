import type { ThinEngine } from './floor/thin-engine.ts';
import { thinFan } from './floor/thin-graph.ts';
import type { Product } from './product.ts';
import { median, timed } from './samples.ts';

/** Tasks of one round: as many runs of 400 as make 20,000. */
const RUNS = 50;
const TASKS = 400 * RUNS;

/** Tasks that do nothing, a second, sustained: rounds of the product and of the floor in turns. Nobody follows the runs. */
export async function throughput(
  { product, thin }: { readonly product: Product; readonly thin: ThinEngine },
  rounds: number,
): Promise<{ readonly product: number; readonly floor: number }> {
  const all = <T>(run: () => Promise<T>) => Promise.all(Array.from({ length: RUNS }, run));
  const work = async () => {
    for (const run of await all(() => product.trigger('nothing400'))) await product.ended(run);
  };
  const graph = thinFan(400);
  const perSecond = { product: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds + 1; round++) {
    const one = (TASKS / (await timed(work))) * 1000;
    const other = (TASKS / (await timed(() => all(() => thin.run(graph))))) * 1000;
    if (round === 0) continue;
    perSecond.product.push(one);
    perSecond.floor.push(other);
  }
  return { product: median(perSecond.product), floor: median(perSecond.floor) };
}
