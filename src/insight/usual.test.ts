import fc from 'fast-check';
import { expect, it } from 'vitest';
import { about, isLate, usualOf } from './usual.ts';

it('is known from five on, and after the last twenty', () => {
  expect(usualOf([1000, 2000, 3000, 4000])).toBeNull();
  expect(usualOf([5000, 1000, 4000, 2000, 3000])).toEqual({ median: 3, p10: 1, p90: 5, count: 5 });
  const old = Array(50).fill(1_000_000);
  expect(usualOf([...Array(20).fill(7), ...old])).toEqual({ median: 0.007, p10: 0.007, p90: 0.007, count: 20 });
});

it('lies among what was seen, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e9), { minLength: 5, maxLength: 60 }), (durations) => {
      const { median, p10, p90, count } = usualOf(durations)!;
      expect(count).toBe(Math.min(20, durations.length));
      expect(p10 <= median && median <= p90).toBe(true);
      const seen = durations.slice(0, 20).map((ms) => ms / 1000);
      for (const value of [p10, median, p90]) expect(seen).toContain(value);
    }),
  );
});

it('is late above the ninetieth percentile, and by a half more than the median', () => {
  const usual = { median: 10, p10: 9, p90: 14, count: 20 };
  expect([14, 15, 15.1].map((seconds) => isLate(seconds, usual))).toEqual([false, false, true]);
  expect(isLate(1e9, null)).toBe(false);
});

it.each([
  [0, '0 ms'],
  [0.0421, '42 ms'],
  [0.9999, '1 s'],
  [1, '1 s'],
  [89, '89 s'],
  [90, '2 min'],
  [5399, '90 min'],
  [5400, '1.5 h'],
  [7200, '2 h'],
  [129_600, '2 d'],
])('%d s are %s', (seconds, words) => {
  expect(about(seconds)).toBe(words);
});
