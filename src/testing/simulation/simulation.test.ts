import { expect, it } from 'vitest';
import { simulate } from './simulation.ts';

/** On a machine that has much else to do. */
const SLOW = { timeout: 180_000 };

it('reproduces a seed to the letter', SLOW, async () => {
  for (const seed of [3, 11, 42]) {
    const once = await simulate({ seed });
    const again = await simulate({ seed });
    expect(again.digest).toBe(once.digest);
    expect(again.history).toEqual(once.history);
    expect(again.totals).toEqual(once.totals);
  }
});

it('goes another way for another seed', async () => {
  const digests = new Set<string>();
  for (let seed = 1; seed <= 5; seed++) digests.add((await simulate({ seed })).digest);
  expect(digests.size).toBe(5);
});

it('finds nothing where nothing goes wrong', SLOW, async () => {
  for (let seed = 5001; seed <= 5015; seed++) {
    const { violation, totals } = await simulate({ seed, faults: 'without' });
    expect(violation, `seed ${seed}`).toBeNull();
    expect(totals.crashes + totals.failedCommits + totals.losses).toBe(0);
  }
});
