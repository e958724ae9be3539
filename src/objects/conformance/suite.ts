import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOf, type ObjectStore, type StoredObject } from '../objects.ts';

export interface ObjectStoreUnderTest {
  readonly store: ObjectStore;
  /** Replaces what is kept under the hash by other bytes, behind the store's back. */
  corrupt?(hash: string, bytes: Uint8Array): Promise<void>;
}

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ABSENT = 'a'.repeat(64);

/** The tests that every object store has to pass. `create` gives a new, empty store. */
export function objectStoreConformance(name: string, create: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name} keeps objects`, () => {
    test('bytes come back under their hash', async () => {
      const { store } = await create();
      expect(await store.put(new Uint8Array())).toBe(EMPTY);
      expect([...(await store.get(EMPTY))]).toEqual([]);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
          const hash = await store.put(bytes);
          expect(hash).toBe(hashOf(bytes));
          expect([...(await store.get(hash))]).toEqual([...bytes]);
          expect(await store.has(hash)).toBe(true);
        }),
        { numRuns: 20 },
      );
    });

    test('a big object comes back', async () => {
      const { store } = await create();
      const bytes = new Uint8Array(12_000_000).map((_, index) => (index * 31) % 251);
      expect(Buffer.compare(Buffer.from(await store.get(await store.put(bytes))), Buffer.from(bytes))).toBe(0);
    });

    test('a view of a larger buffer is kept as the view', async () => {
      const { store } = await create();
      const hash = await store.put(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
      expect([...(await store.get(hash))]).toEqual([2, 3]);
    });

    test('what is kept cannot be changed from outside', async () => {
      const { store } = await create();
      const bytes = new Uint8Array([1, 2, 3]);
      const hash = await store.put(bytes);
      bytes[0] = 9;
      (await store.get(hash))[1] = 9;
      expect([...(await store.get(hash))]).toEqual([1, 2, 3]);
    });

    test('the same bytes are kept once, also when many put them at the same time', async () => {
      const { store } = await create();
      const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(new Uint8Array([7]))));
      expect(new Set(hashes).size).toBe(1);
      expect(await all(store)).toHaveLength(1);
    });

    test('the list has every object with its size', async () => {
      const { store } = await create();
      expect(await all(store)).toEqual([]);
      const bytes = Array.from({ length: 30 }, (_, index) => new Uint8Array(index).fill(index));
      const hashes = await Promise.all(bytes.map((item) => store.put(item)));
      const listed = await all(store);
      expect(listed.map(({ hash }) => hash).sort()).toEqual([...hashes].sort());
      expect(listed.map(({ size }) => size).sort((a, b) => a - b)).toEqual(bytes.map(({ length }) => length));
      expect(listed.every(({ modifiedAt }) => modifiedAt instanceof Date && !Number.isNaN(modifiedAt.getTime()))).toBe(
        true,
      );
    });

    test('removed is removed, once or twice', async () => {
      const { store } = await create();
      const [a, b] = [await store.put(new Uint8Array([1])), await store.put(new Uint8Array([2]))];
      await store.delete(a);
      await store.delete(a);
      expect([await store.has(a), await store.has(b)]).toEqual([false, true]);
      await expect(store.get(a)).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining(a) });
      expect((await all(store)).map(({ hash }) => hash)).toEqual([b]);
      await store.put(new Uint8Array([1]));
      expect(await store.has(a)).toBe(true);
    });

    test('an object that is not there', async () => {
      const { store } = await create();
      expect(await store.has(ABSENT)).toBe(false);
      await expect(store.get(ABSENT)).rejects.toMatchObject({
        code: 'not_found',
        fix: expect.stringContaining('clear the task'),
      });
      await store.delete(ABSENT);
    });

    test.each(['', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`, 'a'.repeat(65)])(
      '%s is no hash',
      async (hash) => {
        const { store } = await create();
        await expect(store.get(hash)).rejects.toMatchObject({ code: 'invalid_argument' });
        await expect(store.has(hash)).rejects.toMatchObject({ code: 'invalid_argument' });
        await expect(store.delete(hash)).rejects.toMatchObject({ code: 'invalid_argument' });
      },
    );

    test('a damaged object is an error, never other bytes, and putting it again heals it', async () => {
      const { store, corrupt } = await create();
      if (!corrupt) return;
      const bytes = new Uint8Array([1, 2, 3, 4]);
      const hash = await store.put(bytes);
      for (const damage of [new Uint8Array([1, 2, 3, 5]), new Uint8Array([1, 2]), new Uint8Array()]) {
        await corrupt(hash, damage);
        await expect(store.get(hash)).rejects.toMatchObject({
          code: 'object_corrupt',
          message: expect.stringContaining(hash),
        });
      }
      await store.put(bytes);
      expect([...(await store.get(hash))]).toEqual([1, 2, 3, 4]);
    });
  });
}

async function all(store: ObjectStore): Promise<StoredObject[]> {
  return Array.fromAsync(store.list());
}
