import { expect, test } from 'vitest';
import type { RunState } from '../../model/states.ts';
import type { NewRun, RunRow } from '../rows.ts';
import type { Store } from '../store.ts';
import { type Open, withStore } from './open-store.ts';
import { NOON, newRun, oneRun, publish, someRuns } from './sample.ts';

export function runConformance(open: Open): void {
  test(
    'a run is queued, with what it was given',
    withStore(open, async (store) => {
      const { published, row, given } = await store.transaction(async (tx) => {
        const published = await publish(tx, 'etl');
        const given = newRun(published, {
          runId: 'scheduled__2026-01-01T00:00:00+00:00 \'ü\\"',
          type: 'scheduled',
          logicalDate: 1_767_225_600_000,
          intervalStart: 1_767_139_200_000,
          intervalEnd: 1_767_225_600_000,
          conf: '{"a":"\\u0000"}',
          params: '{"p":"1"}',
          note: 'für "später", {a,b}',
        });
        return { published, given, row: (await tx.runs.insert(given))! };
      });
      const whole: RunRow = {
        ...given,
        id: row.id,
        backfillId: null,
        state: 'queued',
        startedAt: null,
        endedAt: null,
        reason: null,
        counters: { unfinished: 0, active: 0, bad: 0 },
      };
      expect(row).toEqual(whole);
      await store.transaction(async (tx) => {
        expect(await tx.runs.byId(row.id)).toEqual(whole);
        expect(await tx.runs.byRunId(published.workflow.id, given.runId)).toEqual(whole);
        expect(await tx.runs.byLogicalDate(published.workflow.id, given.logicalDate!)).toEqual(whole);
        expect(await tx.runs.byId(row.id + 1)).toBeNull();
        expect(await tx.runs.byRunId(published.workflow.id, 'other')).toBeNull();
        expect(await tx.runs.byLogicalDate(published.workflow.id, 1)).toBeNull();
      });
    }),
  );

  test(
    'run id and logical date are unique in a workflow, and a date may be missing often',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const etl = await publish(tx, 'etl');
        const other = await publish(tx, 'other');
        const made = async (of: typeof etl, runId: string, logicalDate: number | null) =>
          (await tx.runs.insert(newRun(of, { runId, logicalDate }))) !== null;
        expect(await made(etl, 'a', 100)).toBe(true);
        expect(await made(etl, 'a', 200)).toBe(false);
        expect(await made(etl, 'b', 100)).toBe(false);
        expect(await made(other, 'a', 100)).toBe(true);
        expect(await made(etl, 'c', null)).toBe(true);
        expect(await made(etl, 'd', null)).toBe(true);
      });
      expect(await store.queries.runs({})).toHaveLength(4);
    }),
  );

  test(
    'of many that make the same run at the same time one does',
    withStore(open, async (store, { another }) => {
      const published = await store.transaction((tx) => publish(tx, 'etl'));
      const stores = another ? [store, await another()] : [store];
      const made = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          stores[n % stores.length]!.transaction((tx) =>
            tx.runs.insert(newRun(published, { runId: `r${n}`, logicalDate: NOON })),
          ),
        ),
      );
      expect(made.filter((run) => run !== null)).toHaveLength(1);
    }),
  );

  test(
    'locking gives the runs that exist, in id order, each once',
    withStore(open, async (store) => {
      const [a, b, c] = (await someRuns(store, 3)).map(({ id }) => id);
      const locked = await store.transaction((tx) => tx.runs.lock([c!, a!, 999_999, b!, a!]));
      expect(locked.map(({ id }) => id)).toEqual([a, b, c]);
      expect(locked[0]).toMatchObject({ runId: 'r0', state: 'queued' });
      expect(await store.transaction((tx) => tx.runs.lock([]))).toEqual([]);
    }),
  );

  test(
    'a run moves only from where it is, and has its times',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      const move = (from: RunState[], to: RunState, at: number, reason: string | null = null) =>
        store.transaction((tx) => tx.runs.move({ id, from, to, at, reason }));
      expect(await move(['running'], 'success', 1)).toBe(false);
      expect(await move(['queued'], 'running', 10)).toBe(true);
      expect(await move(['queued'], 'running', 11)).toBe(false);
      expect(await store.queries.run(id)).toMatchObject({ state: 'running', startedAt: 10, endedAt: null });
      expect(await move(['queued', 'running'], 'failed', 20, 'run_timeout')).toBe(true);
      expect(await store.queries.run(id)).toMatchObject({
        state: 'failed',
        startedAt: 10,
        endedAt: 20,
        reason: 'run_timeout',
      });
      expect(await move(['failed'], 'queued', 30)).toBe(true);
      expect(await store.queries.run(id)).toMatchObject({
        state: 'queued',
        queuedAt: 30,
        startedAt: null,
        endedAt: null,
        reason: null,
      });
    }),
  );

  test(
    'counters add up, also when one call has a run twice',
    withStore(open, async (store) => {
      const [a, b] = (await someRuns(store, 2)).map(({ id }) => id) as [number, number];
      const counted = await store.transaction((tx) =>
        tx.runs.count([
          { id: b, unfinished: 5, active: 4, bad: 0 },
          { id: a, unfinished: 2, active: 1, bad: 1 },
          { id: b, unfinished: -1, active: -2, bad: 3 },
          { id: 999_999, unfinished: 1, active: 1, bad: 1 },
        ]),
      );
      expect([...counted].sort((x, y) => x.id - y.id)).toEqual([
        { id: a, state: 'queued', unfinished: 2, active: 1, bad: 1 },
        { id: b, state: 'queued', unfinished: 4, active: 2, bad: 3 },
      ]);
      expect((await store.queries.run(b))?.counters).toEqual({ unfinished: 4, active: 2, bad: 3 });
      expect(await store.transaction((tx) => tx.runs.count([]))).toEqual([]);
    }),
  );

  test(
    'startable runs come oldest first; those of a backfill have their own list',
    withStore(open, async (store) => {
      const make = runMaker(store);
      await make('later', { runAfter: 200 });
      await make('backfill', { type: 'backfill', runAfter: 50, backfill: { id: 1, ordinal: 1 } });
      await make('now', { runAfter: 100 });
      await make('future', { runAfter: 1000 });
      const running = await make('running', { runAfter: 10 });
      await store.transaction(async (tx) => {
        await tx.runs.move({ id: running.id, from: ['queued'], to: 'running', at: 1, reason: null });
        const names = async (now: number, limit: number) => {
          const ids = await tx.runs.startable(running.workflowId, now, limit);
          return Promise.all(ids.map(async (id) => (await tx.runs.byId(id))?.runId));
        };
        expect(await names(500, 10)).toEqual(['now', 'later']);
        expect(await names(500, 1)).toEqual(['now']);
        expect(await names(100, 10)).toEqual(['now']);
        expect(await tx.runs.waiting(99)).toEqual([]);
        expect(await tx.runs.waiting(100)).toEqual([running.workflowId]);
        expect(await tx.runs.unfinished(running.workflowId)).toBe(4);
        expect(await tx.runs.unfinished(running.workflowId + 1)).toBe(0);
      });
    }),
  );

  test(
    'running runs are paged by id',
    withStore(open, async (store) => {
      const ids = (await someRuns(store, 5)).map(({ id }) => id);
      await store.transaction(async (tx) => {
        for (const id of ids.slice(1)) {
          await tx.runs.move({ id, from: ['queued'], to: 'running', at: 1, reason: null });
        }
        expect(await tx.runs.running(0, 2)).toEqual(ids.slice(1, 3));
        expect(await tx.runs.running(ids[2]!, 10)).toEqual(ids.slice(3));
        expect(await tx.runs.running(ids[4]!, 10)).toEqual([]);
      });
    }),
  );

  test(
    'the previous success is the one with the latest date before',
    withStore(open, async (store) => {
      const make = runMaker(store);
      const states: [string, number, RunState][] = [
        ['d1', 100, 'success'],
        ['d3', 300, 'failed'],
        ['d2', 200, 'success'],
        ['d4', 400, 'success'],
      ];
      let workflowId = 0;
      for (const [runId, logicalDate, to] of states) {
        const run = await make(runId, { logicalDate });
        workflowId = run.workflowId;
        await store.transaction((tx) => tx.runs.move({ id: run.id, from: ['queued'], to, at: 1, reason: null }));
      }
      await store.transaction(async (tx) => {
        expect((await tx.runs.previousSuccess(workflowId, 400))?.runId).toBe('d2');
        expect((await tx.runs.previousSuccess(workflowId, 401))?.runId).toBe('d4');
        expect(await tx.runs.previousSuccess(workflowId, 100)).toBeNull();
      });
    }),
  );

  test(
    'version and note of a run can be changed',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        const { version } = await publish(tx, 'etl', { bundle: 'b2' });
        await tx.runs.setVersion(run.id, version.id);
        await tx.runs.setNote(run.id, 'seen');
        expect(await tx.runs.byId(run.id)).toMatchObject({ versionId: version.id, note: 'seen' });
        await tx.runs.setNote(run.id, null);
        expect((await tx.runs.byId(run.id))?.note).toBeNull();
      });
    }),
  );
}

function runMaker(store: Store): (runId: string, change: Partial<NewRun>) => Promise<RunRow> {
  return (runId, change) =>
    store.transaction(async (tx) => (await tx.runs.insert(newRun(await publish(tx, 'etl'), { runId, ...change })))!);
}
