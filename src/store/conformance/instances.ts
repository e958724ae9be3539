import { expect, test } from 'vitest';
import type { TaskState } from '../../model/states.ts';
import type { InstanceKey } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';
import {
  claimBest,
  counters,
  delta,
  finishMove,
  keyOf,
  NOON,
  newInstance,
  oneRun,
  runningInstances,
  short,
  someRuns,
  tokenOf,
} from './sample.ts';

export function instanceConformance(open: Open): void {
  test(
    'an instance is inserted in any state, with all that it was given',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const full = counters({
        expected: 9,
        success: 1,
        failed: 2,
        skipped: 3,
        upstreamFailed: 4,
        removed: 5,
        successSetup: 6,
        skippedSetup: 7,
        scope: { expected: 10, success: 11, failed: 12, skipped: 13, removed: 14 },
      });
      const given = [
        newInstance(run.id, { task: 2, state: 'none', attempt: 0, maxAttempts: 4, counters: full, queuedAt: null }),
        newInstance(run.id, { task: 1, index: 7, priority: -3, pool: 'a "b", {c}\\', slots: 5 }),
        newInstance(run.id, { task: 1, index: 6, state: 'skipped', queuedAt: null, endedAt: NOON }),
      ];
      await store.transaction((tx) => tx.instances.insert(given));
      const rest = { token: null, server: null, worker: null, parked: null, lost: 0, startedAt: null, reason: null };
      await store.transaction(async (tx) => {
        expect(await tx.instances.ofRun(run.id)).toEqual(
          [given[2], given[1], given[0]].map((row) => ({ ...row, ...rest })),
        );
        expect(await tx.instances.ofTask(run.id, 1)).toEqual([given[2], given[1]].map((row) => ({ ...row, ...rest })));
        expect(await tx.instances.ofTask(run.id, 9)).toEqual([]);
        const wanted = [keyOf(given[0]!), { run: run.id, task: 8, index: -1 }, keyOf(given[2]!)];
        expect((await tx.instances.get(wanted)).map(short)).toEqual(['2.-1', '1.6']);
        expect(await tx.instances.get([])).toEqual([]);
        await tx.instances.insert([]);
      });
    }),
  );

  test(
    'removed instances are gone',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.instances.insert([0, 1, 2].map((task) => newInstance(run.id, { task })));
        await tx.instances.remove([{ run: run.id, task: 1, index: -1 }]);
        await tx.instances.remove([]);
        expect((await tx.instances.ofRun(run.id)).map(short)).toEqual(['0.-1', '2.-1']);
      });
    }),
  );

  test(
    'finishing needs the token, and works once',
    withStore(open, async (store) => {
      const run = await runningInstances(store, [0, 1, 2]);
      const [a, b, c] = [0, 1, 2].map((task) => ({ run: run.id, task, index: -1 }));
      const first = await store.transaction((tx) =>
        tx.instances.finish([
          finishMove(c!, { to: 'failed', reason: 'timeout', at: 77 }),
          finishMove(a!, { token: 'of an attempt before' }),
          finishMove(b!, { to: 'up_for_retry', reason: 'error' }),
          finishMove({ run: run.id, task: 9, index: -1 }),
        ]),
      );
      const ended = { from: 'running', attempt: 1, maxAttempts: 1, lost: 0, pool: 'default_pool', slots: 1 };
      expect(first).toEqual([
        { ...c, ...ended },
        { ...b, ...ended },
      ]);
      await store.transaction(async (tx) => {
        expect(await tx.instances.get([a!, b!, c!])).toMatchObject([
          { state: 'running', token: tokenOf(a!) },
          { state: 'up_for_retry', token: null, reason: 'error', endedAt: NOON },
          { state: 'failed', token: null, reason: 'timeout', endedAt: 77, startedAt: NOON },
        ]);
        expect(await tx.instances.finish([finishMove(b!), finishMove(c!)])).toEqual([]);
        expect(await tx.instances.finish([])).toEqual([]);
      });
    }),
  );

  test(
    'a report that comes twice in one call counts once, the first one',
    withStore(open, async (store) => {
      const run = await runningInstances(store, [0]);
      const key = { run: run.id, task: 0, index: -1 };
      await store.transaction(async (tx) => {
        const won = await tx.instances.finish([
          finishMove(key, { token: 'wrong', to: 'skipped' }),
          finishMove(key, { to: 'failed' }),
          finishMove(key, { to: 'success' }),
        ]);
        expect(won).toHaveLength(1);
        expect((await tx.instances.get([key]))[0]?.state).toBe('failed');
      });
    }),
  );

  test(
    'of two that finish the same attempt at the same time one wins',
    withStore(open, async (store, { another }) => {
      const run = await runningInstances(store, [0]);
      const stores = another ? [store, await another()] : [store];
      const won = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          stores[n % stores.length]!.transaction((tx) =>
            tx.instances.finish([finishMove({ run: run.id, task: 0, index: -1 })]),
          ),
        ),
      );
      expect(won.flat()).toHaveLength(1);
    }),
  );

  test(
    'after a loss the attempt and the allowance both go up',
    withStore(open, async (store) => {
      const run = await runningInstances(store, [0, 1]);
      const keys = [0, 1].map((task) => ({ run: run.id, task, index: -1 }));
      await store.transaction(async (tx) => {
        const won = await tx.instances.finish([
          finishMove(keys[0]!, { to: 'queued', reason: 'killed', lost: 'counted', at: 55 }),
          finishMove(keys[1]!, { to: 'queued', reason: 'server_lost', lost: 'uncounted', at: 56 }),
        ]);
        expect(won).toMatchObject([
          { task: 0, attempt: 1, maxAttempts: 1, lost: 1, from: 'running' },
          { task: 1, attempt: 1, maxAttempts: 1, lost: 0, from: 'running' },
        ]);
        const common = { state: 'queued', attempt: 2, maxAttempts: 2, token: null, server: null, startedAt: null };
        expect(await tx.instances.get(keys)).toMatchObject([
          { ...common, lost: 1, queuedAt: 55, reason: 'killed' },
          { ...common, lost: 0, queuedAt: 56, reason: 'server_lost' },
        ]);
        expect(await claimBest(tx, 10)).toHaveLength(2);
      });
    }),
  );

  test(
    'a loss that ends the instance does not count up',
    withStore(open, async (store) => {
      const run = await runningInstances(store, [0]);
      const key = { run: run.id, task: 0, index: -1 };
      await store.transaction(async (tx) => {
        await tx.instances.finish([finishMove(key, { to: 'failed', reason: 'killed', lost: 'counted' })]);
        expect(await tx.instances.get([key])).toMatchObject([{ state: 'failed', attempt: 1, maxAttempts: 1, lost: 0 }]);
      });
    }),
  );

  test(
    'a restarting attempt that ends is to be decided anew, however it ended',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const [cleared, ordinary] = [0, 1].map((task) => ({ run: run.id, task, index: -1 })) as [
        InstanceKey,
        InstanceKey,
      ];
      await store.transaction(async (tx) => {
        await tx.instances.insert([newInstance(run.id, { maxAttempts: 3 }), newInstance(run.id, { task: 1 })]);
        await claimBest(tx, 2);
        await tx.instances.reset([
          { ...cleared, to: 'restarting', maxAttempts: 5, counters: counters({ success: 2 }) },
        ]);
        expect(await tx.instances.get([cleared])).toMatchObject([
          { state: 'restarting', maxAttempts: 5, token: tokenOf(cleared), server: 1, counters: { success: 2 } },
        ]);
        expect((await tx.instances.runningOn(run.id, 1)).map(short)).toEqual(['0.-1', '1.-1']);
        expect(await tx.instances.finish([finishMove(cleared, { token: 'stale' })])).toEqual([]);
        expect(
          await tx.instances.finish([
            finishMove(cleared, { to: 'failed', reason: 'error', at: 66 }),
            finishMove(ordinary),
          ]),
        ).toMatchObject([
          { ...cleared, from: 'restarting', attempt: 1, maxAttempts: 5 },
          { ...ordinary, from: 'running' },
        ]);
        expect(await tx.instances.get([cleared])).toMatchObject([
          { state: 'none', attempt: 1, maxAttempts: 5, token: null, server: null, reason: null, startedAt: null },
        ]);
      });
    }),
  );

  test(
    'clearing gives an instance new counters, and where it is told to a new state and allowance',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const key = (task: number) => ({ run: run.id, task, index: -1 });
      await store.transaction(async (tx) => {
        await tx.instances.insert([
          newInstance(run.id, { task: 0, state: 'failed', endedAt: NOON, counters: counters({ failed: 9 }) }),
          newInstance(run.id, { task: 1, state: 'success', endedAt: NOON, counters: counters({ failed: 9 }) }),
          newInstance(run.id, { task: 2 }),
        ]);
        await tx.instances.park([key(2)], 'pool:p');
        await tx.instances.reset([
          { ...key(0), to: 'none', maxAttempts: 4, counters: counters({ success: 1, scope: { removed: 2 } }) },
          { ...key(1), to: null, maxAttempts: 4, counters: counters({ success: 3 }) },
          { ...key(2), to: 'none', maxAttempts: 2, counters: counters() },
        ]);
        await tx.instances.reset([]);
        expect(await tx.instances.ofRun(run.id)).toMatchObject([
          {
            state: 'none',
            maxAttempts: 4,
            queuedAt: null,
            endedAt: null,
            counters: counters({ success: 1, scope: { removed: 2 } }),
          },
          { state: 'success', maxAttempts: 1, queuedAt: NOON, endedAt: NOON, counters: counters({ success: 3 }) },
          { state: 'none', maxAttempts: 2, queuedAt: null, parked: null },
        ]);
        expect(await tx.instances.parkedHead('pool:p')).toBeNull();
      });
    }),
  );

  test(
    'to be called again is no retry: the allowance grows with the attempt',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const key = { run: run.id, task: 0, index: -1 };
      await store.transaction(async (tx) => {
        await tx.instances.insert([newInstance(run.id, { state: 'up_for_reschedule', attempt: 2, maxAttempts: 3 })]);
        await tx.instances.decide([{ ...key, from: 'up_for_reschedule', to: 'queued', at: 9, reason: null }]);
        expect(await tx.instances.get([key])).toMatchObject([{ state: 'queued', attempt: 3, maxAttempts: 4 }]);
      });
    }),
  );

  test(
    'counters of one index and of all; what waits comes back once, as it is in the end',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.instances.insert([
          ...[0, 1, 2].map((index) =>
            newInstance(run.id, { task: 1, index, state: 'none', counters: counters({ expected: 3 }) }),
          ),
          newInstance(run.id, { task: 2, state: 'none' }),
          newInstance(run.id, { task: 3, state: 'success' }),
        ]);
        const of = (task: number) => ({ run: run.id, task });
        const counted = await tx.instances.count([
          delta(of(1), 1, { success: 1 }),
          delta(of(1), 'all', { failed: 1, scope: { skipped: 2 } }),
          delta(of(1), 1, { success: 1 }),
          delta(of(1), 'all', { failed: 1 }),
          delta(of(2), -1, { expected: -1, removed: 1, scope: { success: 1, expected: 2, failed: 3, removed: 4 } }),
          delta(of(3), -1, { success: 1 }),
          delta(of(9), -1, { success: 1 }),
        ]);
        const all = { expected: 3, failed: 2, scope: { skipped: 2 } };
        expect([...counted].sort((x, y) => x.task - y.task || x.index - y.index)).toEqual([
          { ...of(1), index: 0, state: 'none', counters: counters(all) },
          { ...of(1), index: 1, state: 'none', counters: counters({ ...all, success: 2 }) },
          { ...of(1), index: 2, state: 'none', counters: counters(all) },
          {
            ...of(2),
            index: -1,
            state: 'none',
            counters: counters({ expected: -1, removed: 1, scope: { success: 1, expected: 2, failed: 3, removed: 4 } }),
          },
        ]);
        expect((await tx.instances.ofTask(run.id, 3))[0]?.counters).toEqual(counters({ success: 1 }));
        expect(await tx.instances.count([])).toEqual([]);
      });
    }),
  );

  test(
    'every counter is a counter of its own',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const one = counters({
        expected: 1,
        success: 2,
        failed: 3,
        skipped: 4,
        upstreamFailed: 5,
        removed: 6,
        successSetup: 7,
        skippedSetup: 8,
        scope: { expected: 9, success: 10, failed: 11, skipped: 12, removed: 13 },
      });
      await store.transaction(async (tx) => {
        await tx.instances.insert([newInstance(run.id, { state: 'none' })]);
        const move = { run: run.id, task: 0, index: -1, counters: one };
        expect((await tx.instances.count([move]))[0]?.counters).toEqual(one);
      });
    }),
  );

  test(
    'decisions are guarded by the state that they were made from',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const key = (task: number) => ({ run: run.id, task, index: -1 });
      await store.transaction(async (tx) => {
        await tx.instances.insert([
          newInstance(run.id, { task: 0, state: 'none', attempt: 0, queuedAt: null }),
          newInstance(run.id, { task: 1, state: 'none', attempt: 0, queuedAt: null }),
          newInstance(run.id, { task: 2, state: 'success', endedAt: 1 }),
          newInstance(run.id, { task: 3, state: 'up_for_retry', attempt: 1, endedAt: 1 }),
          newInstance(run.id, { task: 4, state: 'none', attempt: 0 }),
        ]);
        const moves = [
          { ...key(3), from: 'up_for_retry' as TaskState, to: 'queued' as const, at: 20, reason: null },
          { ...key(0), from: 'none' as TaskState, to: 'queued' as const, at: 20, reason: null },
          { ...key(2), from: 'none' as TaskState, to: 'upstream_failed' as const, at: 20, reason: null },
          { ...key(1), from: 'none' as TaskState, to: 'upstream_failed' as const, at: 21, reason: null },
          { ...key(4), from: 'none' as TaskState, to: 'failed' as const, at: 22, reason: 'run_timeout' as const },
        ];
        expect((await tx.instances.decide(moves)).map(short)).toEqual(['3.-1', '0.-1', '1.-1', '4.-1']);
        expect(await tx.instances.decide(moves)).toEqual([]);
        expect(await tx.instances.decide([])).toEqual([]);
        expect(await tx.instances.get([0, 1, 2, 3, 4].map(key))).toMatchObject([
          { state: 'queued', attempt: 1, queuedAt: 20, endedAt: null },
          { state: 'upstream_failed', attempt: 0, endedAt: 21, reason: null },
          { state: 'success', endedAt: 1 },
          { state: 'queued', attempt: 2, queuedAt: 20, endedAt: null },
          { state: 'failed', endedAt: 22, reason: 'run_timeout' },
        ]);
      });
    }),
  );

  test(
    'an instance that is decided while it is parked, or runs, leaves the limit and loses its token',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const key = (task: number) => ({ run: run.id, task, index: -1 });
      await store.transaction(async (tx) => {
        await tx.instances.insert([newInstance(run.id, { priority: 9 }), newInstance(run.id, { task: 1 })]);
        await claimBest(tx, 1);
        await tx.instances.park([key(1)], 'pool:p');
        await tx.instances.decide([
          { ...key(0), from: 'running', to: 'failed', at: 5, reason: 'cancelled' },
          { ...key(1), from: 'queued', to: 'skipped', at: 5, reason: null },
        ]);
        expect(await tx.instances.get([key(0), key(1)])).toMatchObject([
          { state: 'failed', token: null },
          { state: 'skipped', parked: null },
        ]);
        expect(await tx.instances.parkedHead('pool:p')).toBeNull();
        expect(await tx.instances.finish([finishMove(key(0))])).toEqual([]);
      });
    }),
  );

  test(
    'running ones of a server and a run',
    withStore(open, async (store) => {
      const runs = await someRuns(store, 2);
      const [a, b] = runs.map(({ id }) => id) as [number, number];
      await store.transaction(async (tx) => {
        await tx.instances.insert([
          ...[0, 1, 2, 3].map((task) => newInstance(a, { task })),
          newInstance(b, { task: 0 }),
          newInstance(a, { task: 4, state: 'none' }),
        ]);
        const claim = (run: number, task: number, server: number) =>
          tx.instances.claim([{ run, task, index: -1, token: tokenOf({ run, task, index: -1 }), server, at: NOON }]);
        await claim(a, 3, 1);
        await claim(a, 0, 1);
        await claim(a, 1, 2);
        await claim(b, 0, 1);
        expect((await tx.instances.runningOn(a, 1)).map(short)).toEqual(['0.-1', '3.-1']);
        expect((await tx.instances.runningOn(a, 2)).map(short)).toEqual(['1.-1']);
        expect(await tx.instances.runningOn(b, 2)).toEqual([]);
      });
    }),
  );
}
