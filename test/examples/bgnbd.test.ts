import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CDNOW, churnProbability } from '../../examples/customer-pipeline/bgnbd.ts';
import { churnProbabilities, purchaseHistories } from '../../examples/customer-pipeline/purchases.ts';
import { readPurchases } from '../../examples/parts/purchases.ts';

test("the data's worked value", () => {
  expect(1 - churnProbability({ repeats: 2, recency: 30.43, age: 38.86 })).toBeCloseTo(0.726579, 6);
});

test('who bought on one day only is alive, however long ago', () => {
  expect(churnProbability({ repeats: 0, recency: 0, age: 0 })).toBe(0);
  expect(churnProbability({ repeats: 0, recency: 0, age: 1e9 })).toBe(0);
});

test('it equals the formula as written, where that does not overflow', () => {
  const { r, alpha, a, b } = CDNOW;
  const times = fc.tuple(fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, max: 200, noNaN: true }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), times, (repeats, [recency, rest]) => {
      const age = recency + rest;
      const odds = (a / (b + repeats - 1)) * ((alpha + age) / (alpha + recency)) ** (r + repeats);
      expect(churnProbability({ repeats, recency, age })).toBeCloseTo(1 - 1 / (1 + odds), 9);
    }),
  );
});

test('it is a probability for any history, and grows with the silence', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 5000 }), (repeats, silence) => {
      const now = churnProbability({ repeats, recency: 100, age: 100 + silence });
      const later = churnProbability({ repeats, recency: 100, age: 101 + silence });
      expect(now).toBeGreaterThanOrEqual(0);
      expect(later).toBeLessThanOrEqual(1);
      expect(later).toBeGreaterThanOrEqual(now);
    }),
  );
});

test('the data are those of the citation', async () => {
  let rows = 0;
  let discs = 0;
  let cents = 0;
  for await (const { quantity, amount } of readPurchases()) {
    rows += 1;
    discs += quantity;
    cents += Math.round(amount * 100);
  }
  expect({ rows, discs, cents }).toEqual({ rows: 69_659, discs: 167_881, cents: 250_031_563 });
});

test('a history counts days, not purchases, and stops at the date', async () => {
  const rows = ['1997-01-01', '1997-01-01', '1997-01-15', '1997-02-26', '1997-03-01'];
  const purchases = (async function* () {
    for (const date of rows) yield { customerId: 7, date, quantity: 1, amount: 1 };
  })();
  const histories = await purchaseHistories(purchases, '1997-03-01');
  expect(histories).toEqual(new Map([[7, { repeats: 2, recency: 8, age: 59 / 7 }]]));
});

test('every customer has a score', async () => {
  const scores = await churnProbabilities('1998-07-01');
  expect(scores.size).toBe(23_570);
  expect([...scores.values()].every((score) => score >= 0 && score <= 1)).toBe(true);
});
