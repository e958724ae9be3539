import { expect, test } from 'vitest';
import { type Open, withStore } from './open-store.ts';
import { attemptRow, delta, newEvent, newInstance, newRun, oneRun, publish, someRuns } from './sample.ts';

/** What makes a transaction fail in the middle. */
class Broken extends Error {}

export function transactionConformance(open: Open): void {
  test(
    'the result of the body is the result of the transaction',
    withStore(open, async (store) => {
      expect(await store.transaction(async () => 42)).toBe(42);
    }),
  );

  test(
    'what a failed transaction did in every table is not there',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const key = { run: run.id, task: 0, index: -1 };
      const before = {
        workflows: await store.queries.workflows(),
        runs: await store.queries.runs({}),
        pools: await store.transaction((tx) => tx.pools.list()),
      };
      const failing = store.transaction(async (tx) => {
        const published = await publish(tx, 'other');
        await tx.runs.insert(newRun(published, { runId: 'lost' }));
        await tx.runs.count([{ id: run.id, unfinished: 3, active: 2, bad: 1 }]);
        await tx.runs.move({ id: run.id, from: ['queued'], to: 'running', at: 1, reason: null });
        await tx.instances.insert([newInstance(run.id)]);
        await tx.attempts.insert([attemptRow(key)]);
        await tx.outputs.put([{ ...key, key: 'return_value', value: { kind: 'inline', data: '1' }, length: null }]);
        await tx.timers.add([{ due: 1, kind: 'retry', run: run.id, task: 0, index: -1, attempt: 1 }]);
        await tx.limits.lock();
        await tx.limits.adjust([{ key: 'pool:default_pool', used: 1, parked: 0 }]);
        await tx.pools.put({ name: 'extra', slots: 1, description: '', includeDeferred: false });
        await tx.servers.register({ name: 's', at: 1, leaseUntil: 2 });
        await tx.variables.put({ name: 'v', sealed: 's', summary: '', updatedAt: 1 });
        await tx.events.append([newEvent('lost')]);
        await tx.logs.append([{ ...key, attempt: 1, at: 1, lines: '{}\n' }]);
        throw new Broken();
      });
      await expect(failing).rejects.toBeInstanceOf(Broken);
      expect({
        workflows: await store.queries.workflows(),
        runs: await store.queries.runs({}),
        pools: await store.transaction((tx) => tx.pools.list()),
      }).toEqual(before);
      expect(await store.queries.instances(run.id)).toEqual([]);
      expect(await store.queries.attempts(run.id)).toEqual([]);
      expect(await store.queries.outputs(run.id)).toEqual([]);
      expect(await store.queries.events({ after: 0 })).toEqual([]);
      expect(await store.queries.logs({ run: run.id })).toEqual([]);
      expect(await store.queries.limits()).toEqual([]);
      await store.transaction(async (tx) => {
        expect(await tx.timers.next()).toBeNull();
        expect(await tx.servers.list()).toEqual([]);
        expect(await tx.variables.list()).toEqual([]);
      });
    }),
  );

  test(
    'a statement that fails, also one without an answer, fails the transaction with what came before it',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const twice = store.transaction(async (tx) => {
        await tx.instances.insert([newInstance(run.id, { task: 1 })]);
        await tx.attempts.insert([attemptRow({ run: run.id, task: 1, index: -1 })]);
        await tx.attempts.insert([attemptRow({ run: run.id, task: 1, index: -1 })]);
      });
      await expect(twice).rejects.toThrow(/unique|duplicate/i);
      expect(await store.queries.instances(run.id)).toEqual([]);
      expect(await store.queries.attempts(run.id)).toEqual([]);
    }),
  );

  test(
    'after a failure the next transaction works',
    withStore(open, async (store) => {
      await expect(store.transaction(() => Promise.reject(new Broken()))).rejects.toBeInstanceOf(Broken);
      expect((await oneRun(store)).runId).toBe('r0');
    }),
  );

  test(
    'two transactions that lock the same run go one after the other',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const order: string[] = [];
      const locked = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const first = store.transaction(async (tx) => {
        await tx.runs.lock([run.id]);
        locked.resolve();
        await go.promise;
        await tx.runs.count([{ id: run.id, unfinished: 1, active: 0, bad: 0 }]);
        order.push('first is done');
      });
      await locked.promise;
      const second = store.transaction(async (tx) => {
        const [row] = await tx.runs.lock([run.id]);
        order.push(`second finds ${row?.counters.unfinished}`);
      });
      go.resolve();
      await Promise.all([first, second]);
      expect(order).toEqual(['first is done', 'second finds 1']);
    }),
  );

  test(
    'reads under the lock of a run are never stale: forty that read, add and write lose nothing',
    withStore(open, async (store, { another }) => {
      const run = await oneRun(store);
      const stores = another ? [store, await another()] : [store];
      const seen: number[] = [];
      await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          stores[n % stores.length]!.transaction(async (tx) => {
            const [row] = await tx.runs.lock([run.id]);
            const [counted] = await tx.runs.count([{ id: run.id, unfinished: 1, active: 0, bad: 0 }]);
            expect(counted!.unfinished).toBe(row!.counters.unfinished + 1);
            seen.push(row!.counters.unfinished);
          }),
        ),
      );
      expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    }),
  );

  test(
    'transactions that lock several runs in any order do not deadlock',
    withStore(open, async (store) => {
      const ids = (await someRuns(store, 4)).map(({ id }) => id);
      await store.transaction(async (tx) => {
        await tx.instances.insert(ids.map((id) => newInstance(id, { state: 'none' })));
      });
      await Promise.all(
        Array.from({ length: 24 }, (_, n) =>
          store.transaction(async (tx) => {
            const wanted = n % 2 === 0 ? ids : [...ids].reverse();
            expect((await tx.runs.lock(wanted)).map(({ id }) => id)).toEqual(ids);
            await tx.instances.count(wanted.map((run) => delta({ run, task: 0 }, -1, { success: 1 })));
          }),
        ),
      );
      for (const id of ids) {
        expect((await store.queries.instances(id))[0]?.counters.success).toBe(24);
      }
    }),
  );
}
