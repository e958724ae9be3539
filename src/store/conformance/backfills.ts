import { expect, test } from 'vitest';
import type { NewBackfill, NewSlot, RunRow } from '../rows.ts';
import type { Store, Tx } from '../store.ts';
import { type Open, withStore } from './open-store.ts';
import { attemptRow, NOON, newEvent, newRun, oneRun, publish } from './sample.ts';

const DAY = 86_400_000;

const newBackfill = (workflowId: number, change: Partial<NewBackfill> = {}): NewBackfill => ({
  workflowId,
  from: NOON,
  to: NOON + 9 * DAY,
  reverse: false,
  reprocess: 'none',
  maxActiveRuns: 2,
  conf: null,
  createdAt: NOON,
  triggeredBy: 'test',
  ...change,
});

const slotsOf = (count: number): NewSlot[] =>
  Array.from({ length: count }, (_, n) => ({
    ordinal: n + 1,
    logicalDate: NOON + n * DAY,
    intervalStart: NOON + n * DAY,
    intervalEnd: NOON + (n + 1) * DAY,
    runAfter: NOON + (n + 1) * DAY,
  }));

async function backfillOf(store: Store, count: number, change: Partial<NewBackfill> = {}) {
  return store.transaction(async (tx) => {
    const published = await publish(tx, 'etl');
    const backfill = (await tx.backfills.insert(newBackfill(published.workflow.id, change), slotsOf(count)))!;
    return { published, backfill };
  });
}

/** Runs of a backfill, in the order of their slots. */
async function runsOf(
  tx: Tx,
  { published, backfill }: Awaited<ReturnType<typeof backfillOf>>,
  ordinals: readonly number[],
): Promise<RunRow[]> {
  const made: RunRow[] = [];
  for (const ordinal of ordinals) {
    const its = { type: 'backfill', backfill: { id: backfill.id, ordinal } } as const;
    made.push((await tx.runs.insert(newRun(published, { runId: `slot ${ordinal}`, ...its })))!);
  }
  return made;
}

export function backfillConformance(open: Open): void {
  test(
    'a backfill is kept as it was made, with its slots in order',
    withStore(open, async (store) => {
      const { backfill } = await backfillOf(store, 1200, { reverse: true, reprocess: 'failed', conf: '{"a":1}' });
      expect(backfill).toEqual({
        ...newBackfill(backfill.workflowId, { reverse: true, reprocess: 'failed', conf: '{"a":1}' }),
        id: backfill.id,
        paused: false,
        cancelledAt: null,
        completedAt: null,
      });
      expect(await store.queries.backfill(backfill.id)).toEqual(backfill);
      expect(await store.queries.backfill(backfill.id + 1)).toBeNull();
      expect(await store.queries.backfills({})).toEqual([backfill]);
      expect(await store.queries.backfills({ workflowId: backfill.workflowId + 1 })).toEqual([]);
      const slots = await store.queries.slots(backfill.id);
      expect(slots.map(({ ordinal }) => ordinal)).toEqual(slotsOf(1200).map(({ ordinal }) => ordinal));
      expect(slots[0]).toEqual({
        ...slotsOf(1)[0],
        backfill: backfill.id,
        outcome: 'pending',
        run: null,
        runId: null,
        state: null,
      });
    }),
  );

  test(
    'a workflow has one at a time',
    withStore(open, async (store) => {
      const { published, backfill } = await backfillOf(store, 1);
      await store.transaction(async (tx) => {
        const again = newBackfill(published.workflow.id);
        expect(await tx.backfills.insert(again, slotsOf(1))).toBeNull();
        const other = await publish(tx, 'other');
        expect(await tx.backfills.insert(newBackfill(other.workflow.id), slotsOf(1))).not.toBeNull();
        expect(await tx.backfills.open(published.workflow.id)).toEqual([backfill]);
        expect(await tx.backfills.open()).toHaveLength(2);
        await tx.backfills.complete(backfill.id, NOON + 5);
        expect(await tx.backfills.lock(backfill.id)).toMatchObject({ completedAt: NOON + 5, cancelledAt: null });
        expect(await tx.backfills.open(published.workflow.id)).toEqual([]);
        expect(await tx.backfills.insert(again, slotsOf(1))).not.toBeNull();
        expect(await tx.backfills.lock(999_999)).toBeNull();
      });
    }),
  );

  test(
    'of many that make one at the same time one does',
    withStore(open, async (store, { another }) => {
      const { workflow } = await store.transaction((tx) => publish(tx, 'etl'));
      const stores = another ? [store, await another()] : [store];
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          stores[n % stores.length]!.transaction((tx) => tx.backfills.insert(newBackfill(workflow.id), slotsOf(3))),
        ),
      );
      expect(made.filter((backfill) => backfill !== null)).toHaveLength(1);
    }),
  );

  test(
    'slots are settled one by one, and say what became of them',
    withStore(open, async (store) => {
      const made = await backfillOf(store, 4);
      const { id } = made.backfill;
      const [run] = await store.transaction(async (tx) => {
        expect((await tx.backfills.pending(id, 2)).map(({ ordinal }) => ordinal)).toEqual([1, 2]);
        const runs = await runsOf(tx, made, [2]);
        await tx.backfills.settle(id, [
          { ordinal: 1, outcome: 'exists', run: null },
          { ordinal: 2, outcome: 'created', run: runs[0]!.id },
        ]);
        expect((await tx.backfills.pending(id, 10)).map(({ ordinal }) => ordinal)).toEqual([3, 4]);
        return runs;
      });
      const told = async () =>
        (await store.queries.slots(id)).map(({ outcome, runId, state }) => [outcome, runId, state]);
      expect(await told()).toEqual([
        ['exists', null, null],
        ['created', 'slot 2', 'queued'],
        ['pending', null, null],
        ['pending', null, null],
      ]);
      await store.transaction(async (tx) => {
        await tx.runs.move({ id: run!.id, from: ['queued'], to: 'failed', at: NOON, reason: null });
        await tx.backfills.cancel(id, NOON + 7);
        expect(await tx.backfills.pending(id, 10)).toEqual([]);
      });
      expect((await told()).map(([outcome, , state]) => [outcome, state])).toEqual([
        ['exists', null],
        ['created', 'failed'],
        ['cancelled', null],
        ['cancelled', null],
      ]);
      expect(await store.queries.backfill(id)).toMatchObject({ cancelledAt: NOON + 7, completedAt: null });
    }),
  );

  test(
    "its queued runs come in the order of their slots, and are the workflow's own once they are released",
    withStore(open, async (store) => {
      const made = await backfillOf(store, 3);
      const { id, workflowId } = made.backfill;
      await store.transaction(async (tx) => {
        expect(await tx.backfills.isRunning(made.backfill)).toBe(false);
        const [third, first, second] = (await runsOf(tx, made, [3, 1, 2])) as [RunRow, RunRow, RunRow];
        expect(first).toMatchObject({ backfillId: id, type: 'backfill' });
        expect(await tx.backfills.startable(id, 10)).toEqual([first.id, second.id, third.id]);
        expect(await tx.backfills.startable(id, 2)).toEqual([first.id, second.id]);
        await tx.runs.move({ id: first.id, from: ['queued'], to: 'running', at: NOON, reason: null });
        expect(await tx.backfills.startable(id, 10)).toEqual([second.id, third.id]);
        await tx.runs.release(second.id);
        expect(await tx.backfills.startable(id, 10)).toEqual([third.id]);
        expect(await tx.runs.startable(workflowId, NOON, 10)).toEqual([second.id]);
        await tx.runs.release(third.id);
        expect(await tx.backfills.isRunning(made.backfill)).toBe(true);
        await tx.runs.move({ id: first.id, from: ['running'], to: 'success', at: NOON, reason: null });
        expect(await tx.backfills.isRunning(made.backfill)).toBe(false);
      });
    }),
  );

  test(
    'a run that is adopted is one of the backfill, by its own id',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      const { backfill } = await backfillOf(store, 2);
      await store.transaction(async (tx) => {
        const as = { backfill: { id: backfill.id, ordinal: 2 }, conf: '{"x":1}', params: '{"x":"1"}' };
        await tx.runs.adopt(run.id, as);
        expect(await tx.runs.byId(run.id)).toMatchObject({
          runId: run.runId,
          type: 'backfill',
          backfillId: backfill.id,
          conf: '{"x":1}',
          params: '{"x":"1"}',
        });
        expect(await tx.backfills.startable(backfill.id, 10)).toEqual([run.id]);
      });
    }),
  );

  test(
    'a backfill is paused and unpaused until it is completed',
    withStore(open, async (store) => {
      const { backfill } = await backfillOf(store, 1);
      await store.transaction(async (tx) => {
        expect(await tx.backfills.setPaused(backfill.id, false)).toBe(false);
        expect(await tx.backfills.setPaused(backfill.id, true)).toBe(true);
        expect(await tx.backfills.setPaused(backfill.id, true)).toBe(false);
        expect(await tx.backfills.lock(backfill.id)).toMatchObject({ paused: true });
        expect(await tx.backfills.setPaused(backfill.id, false)).toBe(true);
        await tx.backfills.complete(backfill.id, NOON);
        expect(await tx.backfills.setPaused(backfill.id, true)).toBe(false);
      });
    }),
  );

  test(
    'runs are found by a window of logical dates',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const published = await publish(tx, 'etl');
        for (const n of [3, 1, 2]) await tx.runs.insert(newRun(published, { runId: `r${n}`, logicalDate: n * 100 }));
        await tx.runs.insert(newRun(published, { runId: 'none' }));
        const names = async (from: number, to: number) =>
          (await tx.runs.between(published.workflow.id, from, to)).map(({ runId }) => runId);
        expect(await names(100, 200)).toEqual(['r1', 'r2']);
        expect(await names(101, 1000)).toEqual(['r2', 'r3']);
        expect(await names(301, 1000)).toEqual([]);
      });
    }),
  );

  test(
    'what is kept of a run follows its tasks to their new numbers',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.transaction(async (tx) => {
        const at = (task: number) => ({ run: run.id, task, index: -1 });
        await tx.attempts.insert([attemptRow(at(0)), attemptRow(at(1), { attempt: 2 }), attemptRow(at(2))]);
        await tx.logs.append([0, 1, 2].map((task) => ({ ...at(task), attempt: 1, at: NOON, lines: `task ${task}` })));
        await tx.events.append([0, 1, 2].map((task) => newEvent('instance.success', at(task))));
      });
      await store.transaction(async (tx) => {
        // Two change places, one is gone.
        await tx.runs.renumberTasks(run.id, [
          { from: 0, to: 1 },
          { from: 1, to: 0 },
          { from: 2, to: null },
        ]);
      });
      const attempts = await store.queries.attempts(run.id);
      expect(attempts.map(({ task, attempt }) => [task, attempt])).toEqual([
        [0, 2],
        [1, 1],
      ]);
      const logs = await store.queries.logs({ run: run.id });
      expect(logs.map(({ task, lines }) => [task, lines])).toEqual([
        [1, 'task 0'],
        [0, 'task 1'],
      ]);
      const events = await store.queries.events({ after: 0, run: run.id });
      expect(events.map(({ task }) => task)).toEqual([1, 0, null]);
    }),
  );

  test(
    'a workflow counts how often its runs began anew',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const { workflow } = await publish(tx, 'etl');
        expect(workflow.reruns).toBe(0);
        await tx.workflows.countRerun(workflow.id);
        await tx.workflows.countRerun(workflow.id);
        expect((await tx.workflows.byId(workflow.id))?.reruns).toBe(2);
      });
    }),
  );
}
