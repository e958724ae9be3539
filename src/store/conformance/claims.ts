import { expect, test } from 'vitest';
import type { NewInstance } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';
import { claimBest, keyOf, NOON, newInstance, oneRun, short, someRuns, tokenOf } from './sample.ts';

export function claimConformance(open: Open): void {
  test(
    'claimable are the queued ones that are not parked: by priority, then order, run, task, index',
    withStore(open, async (store) => {
      const [a, b] = (await someRuns(store, 2)).map(({ id }) => id) as [number, number];
      const inOrder: NewInstance[] = [
        newInstance(b, { task: 5, priority: 10, orderAt: 9 }),
        newInstance(a, { task: 7, priority: 2, orderAt: 3 }),
        newInstance(a, { task: 1, index: 0, priority: 2, orderAt: 4 }),
        newInstance(a, { task: 1, index: 1, priority: 2, orderAt: 4 }),
        newInstance(a, { task: 2, index: -1, priority: 2, orderAt: 4 }),
        newInstance(b, { task: 0, priority: 2, orderAt: 4, pool: 'p', slots: 3, attempt: 2, maxAttempts: 4 }),
        newInstance(a, { task: 0, priority: -1, orderAt: 1 }),
      ];
      await store.transaction(async (tx) => {
        await tx.instances.insert([...inOrder].reverse());
        await tx.instances.insert([
          newInstance(a, { task: 20, state: 'none', priority: 99 }),
          newInstance(a, { task: 21, state: 'up_for_retry', priority: 99 }),
          newInstance(a, { task: 22, priority: 99 }),
        ]);
        await tx.instances.park([{ run: a, task: 22, index: -1 }], 'pool:x');
        const expected = inOrder.map(({ state, counters, queuedAt, endedAt, ...candidate }) => candidate);
        expect(await tx.instances.claimable(100)).toEqual(expected);
        expect(await tx.instances.claimable(2)).toEqual(expected.slice(0, 2));
      });
    }),
  );

  test(
    'a claim gives the instance its token, server and start; it works once, and on queued ones only',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.instances.insert([
          newInstance(run.id, { task: 0 }),
          newInstance(run.id, { task: 1 }),
          newInstance(run.id, { task: 2, state: 'none' }),
        ]);
        const moves = [2, 1, 0].map((task) => ({ run: run.id, task, index: -1, token: `t${task}`, server: 4, at: 99 }));
        expect((await tx.instances.claim(moves)).map(short)).toEqual(['1.-1', '0.-1']);
        expect(await tx.instances.claim(moves.map((move) => ({ ...move, token: 'again' })))).toEqual([]);
        expect(await tx.instances.claim([])).toEqual([]);
        expect(await tx.instances.ofRun(run.id)).toMatchObject([
          { state: 'running', token: 't0', server: 4, startedAt: 99, attempt: 1 },
          { state: 'running', token: 't1', server: 4, startedAt: 99 },
          { state: 'none', token: null },
        ]);
        expect(await tx.instances.claimable(10)).toEqual([]);
      });
    }),
  );

  test(
    'no instance is claimed twice by several that claim at the same time, and none is left',
    withStore(open, async (store, { another }) => {
      const run = await oneRun(store);
      await store.transaction((tx) =>
        tx.instances.insert(Array.from({ length: 300 }, (_, index) => newInstance(run.id, { index }))),
      );
      const stores = another ? [store, await another()] : [store];
      const claimed: string[] = [];
      await Promise.all(
        Array.from({ length: 6 }, async (_, n) => {
          for (;;) {
            const batch = await stores[n % stores.length]!.transaction(async (tx) => {
              await tx.limits.lock();
              return claimBest(tx, 20);
            });
            if (batch.length === 0) return;
            claimed.push(...batch.map(short));
          }
        }),
      );
      expect(claimed).toHaveLength(300);
      expect(new Set(claimed).size).toBe(300);
    }),
  );

  test(
    'parked ones leave and come back in claim order, as far as their slots fit',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const limit = 'pool:small';
      await store.transaction(async (tx) => {
        const rows = [
          newInstance(run.id, { task: 0, priority: 1, slots: 1 }),
          newInstance(run.id, { task: 1, priority: 9, slots: 2 }),
          newInstance(run.id, { task: 2, priority: 5, slots: 4 }),
          newInstance(run.id, { task: 3, priority: 5, slots: 1, orderAt: NOON + 1 }),
          newInstance(run.id, { task: 4, priority: 7, slots: 1 }),
          newInstance(run.id, { task: 5, priority: 99 }),
        ];
        await tx.instances.insert(rows);
        await tx.instances.park(rows.slice(0, 5).map(keyOf), limit);
        await tx.instances.park([keyOf(rows[5]!)], 'pool:another');
        await tx.instances.park([], limit);
        const free = async () => (await tx.instances.claimable(10)).map(({ task }) => task);
        expect(await free()).toEqual([]);
        expect(await tx.instances.parkedHead(limit)).toMatchObject({ task: 1, slots: 2, priority: 9 });
        expect(await tx.instances.parkedHead('nothing')).toBeNull();

        expect(await tx.instances.unpark(limit, 0)).toBe(0);
        expect(await tx.instances.unpark(limit, 1), 'the head is too wide').toBe(0);
        expect(await tx.instances.unpark(limit, 5), 'the next wide one is not passed by a narrow one').toBe(2);
        expect(await free()).toEqual([1, 4]);
        expect(await tx.instances.parkedHead(limit)).toMatchObject({ task: 2 });
        expect(await tx.instances.unpark(limit, 5)).toBe(2);
        expect(await free()).toEqual([1, 4, 2, 3]);
        expect(await tx.instances.unpark(limit, Number.MAX_SAFE_INTEGER)).toBe(1);
        expect(await tx.instances.unpark(limit, 100)).toBe(0);
        expect(await free()).toEqual([1, 4, 2, 3, 0]);
        expect((await tx.instances.ofTask(run.id, 0))[0]?.parked).toBeNull();
        expect((await tx.instances.ofTask(run.id, 5))[0]?.parked).toBe('pool:another');
      });
    }),
  );

  test(
    'where a limit counts instances, a wide one takes the room of one',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        const rows = [0, 1, 2].map((task) => newInstance(run.id, { task, slots: 4 }));
        await tx.instances.insert(rows);
        await tx.instances.park(rows.map(keyOf), 'run:1');
        expect(await tx.instances.unpark('run:1', 2)).toBe(0);
        expect(await tx.instances.unpark('run:1', 2, 'instances')).toBe(2);
        expect((await tx.instances.claimable(10)).map(({ task }) => task)).toEqual([0, 1]);
        expect(await tx.instances.unpark('run:1', 8, 'slots')).toBe(1);
      });
    }),
  );

  test(
    'only queued ones are parked',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.instances.insert([newInstance(run.id), newInstance(run.id, { task: 1, state: 'none' })]);
        await claimBest(tx, 1);
        await tx.instances.park(
          [0, 1].map((task) => ({ run: run.id, task, index: -1 })),
          'pool:p',
        );
        expect((await tx.instances.ofRun(run.id)).map(({ parked }) => parked)).toEqual([null, null]);
        expect(await tx.instances.unpark('pool:p', 10)).toBe(0);
      });
    }),
  );

  test(
    '50,000 instances are inserted, then claimed in batches in the right order',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const count = 50_000;
      await store.transaction((tx) =>
        tx.instances.insert(
          Array.from({ length: count }, (_, index) => newInstance(run.id, { task: 1, index, priority: index % 3 })),
        ),
      );
      const batch = 5000;
      let last = { priority: Number.POSITIVE_INFINITY, index: -1 };
      for (let claimed = 0; claimed < count; claimed += batch) {
        const rows = await store.transaction(async (tx) => {
          const candidates = await tx.instances.claimable(batch);
          const won = await tx.instances.claim(
            candidates.map((row) => ({ ...keyOf(row), token: tokenOf(row), server: 1, at: NOON })),
          );
          expect(won).toHaveLength(batch);
          return candidates;
        });
        for (const row of rows) {
          const after = row.priority < last.priority || (row.priority === last.priority && row.index > last.index);
          if (!after) expect.fail(`${row.index} came after ${last.index}`);
          last = row;
        }
      }
      expect(await store.transaction((tx) => tx.instances.claimable(1))).toEqual([]);
    }),
    120_000,
  );
}
