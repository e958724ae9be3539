import { expect, test } from 'vitest';
import { type Open, withStore } from './open-store.ts';

export function limitConformance(open: Open): void {
  test(
    'limits are made where needed, and add up',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        await tx.limits.lock();
        expect(await tx.limits.read(['pool:a'])).toEqual([]);
        await tx.limits.adjust([
          { key: 'pool:b', used: 2, parked: 0 },
          { key: 'pool:a "x", {y}', used: 1, parked: 3 },
        ]);
        expect(await tx.limits.read(['pool:b', 'pool:a "x", {y}'])).toEqual([
          { key: 'pool:b', used: 2, parked: 0 },
          { key: 'pool:a "x", {y}', used: 1, parked: 3 },
        ]);
        await tx.limits.adjust([{ key: 'pool:b', used: -1, parked: 1 }]);
        await tx.limits.adjust([]);
      });
      expect(await store.queries.limits()).toEqual([
        { key: 'pool:a "x", {y}', used: 1, parked: 3 },
        { key: 'pool:b', used: 1, parked: 1 },
      ]);
    }),
  );

  test(
    'one that comes twice in a call is changed by both',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        await tx.limits.adjust([
          { key: 'k', used: 2, parked: 0 },
          { key: 'other', used: 1, parked: 0 },
          { key: 'k', used: 3, parked: 4 },
        ]);
        expect(await tx.limits.read(['k', 'other'])).toEqual([
          { key: 'k', used: 5, parked: 4 },
          { key: 'other', used: 1, parked: 0 },
        ]);
      });
    }),
  );

  test(
    'reading gives those that exist, in the order of the keys',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        await tx.limits.adjust(['c', 'a', 'b'].map((key) => ({ key, used: 1, parked: 0 })));
        const keys = async (wanted: string[]) => (await tx.limits.read(wanted)).map(({ key }) => key);
        expect(await keys(['b', 'nothing', 'a', 'b'])).toEqual(['b', 'a']);
        expect(await keys([])).toEqual([]);
      });
    }),
  );

  test(
    'forgotten are only those that nobody uses or waits for',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        await tx.limits.adjust([
          { key: 'unused', used: 0, parked: 0 },
          { key: 'used', used: 1, parked: 0 },
          { key: 'awaited', used: 0, parked: 1 },
          { key: 'kept', used: 0, parked: 0 },
        ]);
        await tx.limits.forget(['unused', 'used', 'awaited', 'nothing']);
        await tx.limits.forget([]);
      });
      expect((await store.queries.limits()).map(({ key }) => key)).toEqual(['awaited', 'kept', 'used']);
    }),
  );

  test(
    'a limit is never overrun by several that look and take at the same time',
    withStore(open, async (store, { another }) => {
      const size = 7;
      const stores = another ? [store, await another()] : [store];
      const took = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          stores[n % stores.length]!.transaction(async (tx) => {
            await tx.limits.lock();
            const [row] = await tx.limits.read(['pool:p']);
            if ((row?.used ?? 0) >= size) return false;
            await tx.limits.adjust([{ key: 'pool:p', used: 1, parked: 0 }]);
            const [now] = await tx.limits.read(['pool:p']);
            expect(now!.used).toBe((row?.used ?? 0) + 1);
            return true;
          }),
        ),
      );
      expect(took.filter(Boolean)).toHaveLength(size);
      expect(await store.queries.limits()).toEqual([{ key: 'pool:p', used: size, parked: 0 }]);
    }),
  );
}
