import { expect, test } from 'vitest';
import type { RunsFilter } from '../readings.ts';
import type { NewInstance } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';
import { attemptRow, keyOf, NOON, newInstance, newRun, publish, someRuns } from './sample.ts';

const NEWEST: Pick<RunsFilter, 'order' | 'limit' | 'offset'> = {
  order: [{ by: 'run_after', descending: true }],
  limit: 10,
  offset: 0,
};

export function readingConformance(open: Open): void {
  test(
    'runs: filters, order, pages and how many match',
    withStore(open, async (store) => {
      const runs = await someRuns(store, 5);
      await store.transaction(async (tx) => {
        await tx.runs.insert(
          newRun(await publish(tx, 'other'), { runId: 'x_1%', type: 'backfill', runAfter: NOON + 50 }),
        );
        await tx.runs.move({ id: runs[1]!.id, from: ['queued'], to: 'running', at: 10, reason: null });
        await tx.runs.move({ id: runs[1]!.id, from: ['running'], to: 'failed', at: 30, reason: null });
        await tx.runs.move({ id: runs[2]!.id, from: ['queued'], to: 'running', at: 10, reason: null });
        await tx.runs.move({ id: runs[2]!.id, from: ['running'], to: 'success', at: 15, reason: null });
      });
      const { workflowId } = runs[0]!;
      const ask = async (filter: Partial<RunsFilter>) => {
        const { runs: found, total } = await store.readings.runs({ ...NEWEST, ...filter });
        return [found.map(({ runId }) => runId), total];
      };
      const byId = { order: [{ by: 'id', descending: false }] } as const;
      expect(await ask(byId)).toEqual([['r0', 'r1', 'r2', 'r3', 'r4', 'x_1%'], 6]);
      expect(await ask({ ...byId, limit: 2, offset: 1 })).toEqual([['r1', 'r2'], 6]);
      expect(await ask({ ...byId, workflowIds: [workflowId], states: ['failed', 'success'] })).toEqual([
        ['r1', 'r2'],
        2,
      ]);
      expect(await ask({ workflowIds: [] })).toEqual([[], 0]);
      expect(await ask({ types: ['backfill'] })).toEqual([['x_1%'], 1]);
      expect(await ask({ named: '_1%' })).toEqual([['x_1%'], 1]);
      expect(await ask({ ...byId, ended: { from: 20, to: 31 } })).toEqual([['r1'], 1]);
      const longest = { order: [{ by: 'duration', descending: true }] } as const;
      expect((await ask({ ...longest, limit: 2 }))[0]).toEqual(['r1', 'r2']);
      expect((await store.readings.runsNamed('r', 2)).map(({ runId }) => runId)).toEqual(['r4', 'r3']);
    }),
  );

  test(
    'the latest runs of each of several workflows',
    withStore(open, async (store) => {
      const ids = await store.transaction(async (tx) => {
        const made = [await publish(tx, 'a'), await publish(tx, 'b')];
        for (const each of made) {
          for (let n = 0; n < 5; n += 1)
            await tx.runs.insert(newRun(each, { runId: `${n}`, logicalDate: n, runAfter: n }));
        }
        return made.map(({ workflow }) => workflow.id);
      });
      const latest = async (limit: number, rest = {}) =>
        (await store.readings.recentRuns({ workflowIds: ids, limit, ...rest })).map(({ workflowId, runId }) => [
          ids.indexOf(workflowId),
          runId,
        ]);
      expect(new Set((await latest(2)).map(String))).toEqual(new Set(['0,4', '0,3', '1,4', '1,3']));
      expect((await latest(1, { dueUntil: 2 })).map(([, run]) => run)).toEqual(['2', '2']);
      expect(await latest(2, { types: ['scheduled'] })).toEqual([]);
      expect(await store.readings.recentRuns({ workflowIds: [], limit: 3 })).toEqual([]);
    }),
  );

  test(
    'how many runs ended, run and wait, by slices of time',
    withStore(open, async (store) => {
      const runs = await someRuns(store, 4);
      await store.transaction(async (tx) => {
        for (const [n, at, to] of [
          [0, 5, 'success'],
          [1, 25, 'failed'],
          [2, 29, 'success'],
        ] as const) {
          await tx.runs.move({ id: runs[n]!.id, from: ['queued'], to: 'running', at: 1, reason: null });
          await tx.runs.move({ id: runs[n]!.id, from: ['running'], to, at, reason: null });
        }
        await tx.runs.move({ id: runs[3]!.id, from: ['queued'], to: 'running', at: 31, reason: null });
      });
      expect(await store.readings.runCounts({ endedSince: 10 })).toEqual({
        failed: 1,
        success: 1,
        running: 1,
        queued: 0,
      });
      const slices = await store.readings.endedBySlice({ from: 0, to: 30, sliceMs: 10 });
      expect([...slices].sort((a, b) => a.slice - b.slice || a.state.localeCompare(b.state))).toEqual([
        { slice: 0, state: 'success', runs: 1 },
        { slice: 2, state: 'failed', runs: 1 },
        { slice: 2, state: 'success', runs: 1 },
      ]);
      expect(await store.readings.runningBySlice({ from: 0, sliceMs: 10 })).toEqual([{ slice: 3, runs: 1 }]);
      expect(await store.readings.unfinishedRuns()).toEqual([
        { workflowId: runs[0]!.workflowId, state: 'running', runs: 1 },
      ]);
    }),
  );

  test(
    'instances: by task and state, those not done first, and their attempts',
    withStore(open, async (store) => {
      const [run] = await someRuns(store, 1);
      const id = run!.id;
      await store.transaction(async (tx) => {
        await tx.instances.insert([
          newInstance(id, { task: 0 }),
          ...[0, 1, 2, 3].map((index) =>
            newInstance(id, { task: 1, index, state: index === 2 ? 'failed' : 'success', attempt: 1 }),
          ),
        ]);
        await tx.attempts.insert(
          [0, 1, 2].map((index) =>
            attemptRow({ run: id, task: 1, index }, { attempt: 1, outcome: index === 2 ? 'failed' : 'success' }),
          ),
        );
      });
      const states = await store.readings.taskStates([id]);
      expect(states.map(({ task, state, instances, mapped }) => [task, state, instances, mapped]).sort()).toEqual([
        [0, 'queued', 1, false],
        [1, 'failed', 1, true],
        [1, 'success', 3, true],
      ]);
      expect(await store.readings.taskStates([])).toEqual([]);
      expect((await store.readings.plainInstances(id)).map(({ task }) => task)).toEqual([0]);
      const { instances, total } = await store.readings.instancesOf({ run: id, task: 1, limit: 2, offset: 0 });
      expect([instances.map(({ index }) => index), total]).toEqual([[2, 0], 4]);
      expect(
        (await store.readings.attemptsOf({ run: id, task: 1, indexes: [1, 2] })).map(({ index }) => index),
      ).toEqual([1, 2]);
      expect((await store.readings.failures([id])).map(({ index }) => index)).toEqual([2]);
    }),
  );

  test(
    'logs: lines and levels of their chunks',
    withStore(open, async (store) => {
      const [run] = await someRuns(store, 1);
      const at = { run: run!.id, task: 0, index: -1 };
      const lines = (...levels: string[]) =>
        levels
          .map((level) => JSON.stringify({ at: 1, level, source: 'task', message: 'says "level":"error"\nand more' }))
          .join('\n');
      await store.transaction(async (tx) => {
        await tx.logs.append([
          { ...at, attempt: 1, at: 1, lines: lines('info', 'error') },
          { ...at, attempt: 2, at: 2, lines: lines('warn', 'debug', 'warn') },
          { ...at, index: 3, attempt: 1, at: 2, lines: lines('info') },
        ]);
      });
      const chunks = await store.readings.logChunks({ run: at.run, task: 0, index: -1 });
      expect(chunks.map(({ attempt, lines: n, debug, warn, error }) => [attempt, n, debug, warn, error])).toEqual([
        [1, 2, 0, 0, 1],
        [2, 3, 1, 2, 0],
      ]);
      expect((await store.readings.logChunks({ run: at.run, attempt: 1 })).length).toBe(2);
      const [chunk] = await store.readings.logChunk([chunks[1]!.id]);
      expect(chunk).toMatchObject({ ...at, attempt: 2 });
    }),
  );

  test(
    'what waits: for whom, behind how many, since when, and who has what it waits for',
    withStore(open, async (store) => {
      const [one, two] = await someRuns(store, 2);
      const at = (change: Partial<NewInstance>) => newInstance(one!.id, { pool: 'p', ...change });
      await store.transaction(async (tx) => {
        await tx.runs.move({ id: one!.id, from: ['queued'], to: 'running', at: 10, reason: null });
        const rows = [
          at({ task: 0, slots: 3 }),
          at({ task: 1, index: 0 }),
          at({ task: 1, index: 1 }),
          at({ task: 2, priority: 9, queuedAt: NOON + 5 }),
          at({ task: 3, priority: 5, queuedAt: NOON + 2 }),
          at({ task: 4, priority: 7, pool: 'other' }),
          at({ task: 5, orderAt: NOON - 1, pool: 'other' }),
          at({ task: 6, state: 'none', queuedAt: null }),
          at({ task: 7, state: 'up_for_retry' }),
          at({ task: 8, state: 'success' }),
          at({ task: 9, index: 3, queuedAt: NOON + 9 }),
          at({ task: 9, index: 4, state: 'up_for_retry' }),
          at({ task: 9, index: 5, queuedAt: NOON + 9 }),
          at({ task: 10, pool: 'other' }),
        ];
        await tx.instances.insert(rows);
        const server = await tx.servers.register({ name: 's', at: 1, leaseUntil: 9 });
        await tx.instances.claim(rows.slice(0, 3).map((row, n) => ({ ...keyOf(row), token: `${n}`, server, at: 20 })));
        await tx.instances.park([...rows.slice(3, 5), rows[10]!, rows[12]!].map(keyOf), 'pool:p');
        const timer = { run: one!.id, task: 7, index: -1, attempt: 1 };
        await tx.timers.add([
          { ...timer, due: 70, kind: 'retry' },
          { ...timer, due: 80, kind: 'mail_retry' },
        ]);
      });
      const { readings } = store;
      const waiting = await readings.waiting(one!.id, 10);
      expect(waiting.map(({ first, instances }) => [first.task, first.index, instances])).toEqual([
        [2, -1, 1],
        [3, -1, 1],
        [4, -1, 1],
        [5, -1, 1],
        [7, -1, 1],
        [9, 3, 2],
        [9, 4, 1],
        [10, -1, 1],
        [6, -1, 1],
      ]);
      expect((await readings.waiting(one!.id, 2)).map(({ first }) => first.task)).toEqual([2, 3]);
      expect(await readings.waiting(two!.id, 2)).toEqual([]);
      expect(await readings.instance({ run: one!.id, task: 9, index: 5 })).toMatchObject({ parked: 'pool:p' });
      expect(await readings.instance({ run: one!.id, task: 9, index: 6 })).toBeNull();
      const of = (task: number) => waiting.find(({ first }) => first.task === task)!.first;
      const before = await Promise.all([4, 5, 10].map((task) => readings.queuedBefore(of(task), 10)));
      expect(before).toEqual([0, 1, 2]);
      expect([await readings.parkedBefore(of(2), 10), await readings.parkedBefore(of(3), 10)]).toEqual([0, 1]);
      expect(await readings.parkedBefore(of(3), 0)).toBe(0);
      expect(await readings.parkedLongest('pool:p')).toEqual({ run: one!.id, since: NOON + 2 });
      expect(await readings.parkedLongest('pool:other')).toBeNull();
      expect(await readings.poolHolders('p', 10)).toEqual([
        { run: one!.id, task: 0, slots: 3 },
        { run: one!.id, task: 1, slots: 2 },
      ]);
      expect(await readings.poolHolders('p', 1)).toHaveLength(1);
      const running = [...(await readings.runningTasks(one!.id))].sort((a, b) => a.task - b.task);
      expect(running).toEqual([
        { task: 0, instances: 1 },
        { task: 1, instances: 2 },
      ]);
      expect(await readings.timersOf(one!.id)).toEqual(new Map([['7.-1', 70]]));
      expect((await readings.runsOf([two!.id])).map(({ runId }) => runId)).toEqual(['r1']);
      expect(await readings.runsOf([])).toEqual([]);
    }),
  );

  test(
    'servers with their leases',
    withStore(open, async (store) => {
      expect(await store.readings.servers()).toEqual([]);
      await store.transaction(({ servers }) => servers.register({ name: 'one', at: 1, leaseUntil: 30 }));
      expect(await store.readings.servers()).toMatchObject([{ name: 'one', startedAt: 1, leaseUntil: 30 }]);
    }),
  );
}
