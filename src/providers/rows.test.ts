import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rows } from './rows.ts';

test('batches hold the same rows in the same order, all full but the last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer())), fc.integer({ min: 1, max: 7 }), async (chunks, size) => {
      const rows = new Rows<number>(async function* () {
        yield* chunks;
      });
      const batches: number[][] = [];
      for await (const batch of rows.batches(size)) batches.push(batch);
      expect(batches.flat()).toEqual(chunks.flat());
      expect(batches.slice(0, -1).every((batch) => batch.length === size)).toBe(true);
      expect(batches.every((batch) => batch.length > 0)).toBe(true);
      expect(await rows.toArray()).toEqual(chunks.flat());
    }),
  );
});

test('leaving early ends the source, and columns are known from the first row on', async () => {
  let ended = 0;
  const rows = new Rows<number>(async function* (declare) {
    try {
      declare({ n: 'integer' });
      yield [1, 2];
      yield [3];
    } finally {
      ended += 1;
    }
  });
  expect(rows.columns).toBeUndefined();
  for await (const row of rows) {
    expect([row, rows.columns]).toEqual([1, { n: 'integer' }]);
    break;
  }
  for await (const batch of rows.batches(1)) {
    expect(batch).toEqual([1]);
    break;
  }
  expect(ended).toBe(2);
});
