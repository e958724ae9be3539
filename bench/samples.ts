export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** By the nearest rank; the median of an even number of values is the mean of the two in the middle. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) throw new Error('no sample was taken');
  const middle = sorted.length / 2;
  if (percent === 50 && sorted.length % 2 === 0) return (sorted[middle - 1]! + sorted[middle]!) / 2;
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/**
 * Milliseconds of two kinds of work, in turns, so that what else the machine does meets both alike. The first `warmUp`
 * rounds are not counted.
 */
export async function inTurns(
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
  product: () => Promise<unknown>,
  floor: () => Promise<unknown>,
): Promise<{ readonly product: readonly number[]; readonly floor: readonly number[] }> {
  const samples = { product: [] as number[], floor: [] as number[] };
  for (let round = 0; round < warmUp + rounds; round++) {
    const one = await timed(product);
    const other = await timed(floor);
    if (round < warmUp) continue;
    samples.product.push(one);
    samples.floor.push(other);
  }
  return samples;
}
