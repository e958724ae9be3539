import { expect, test } from 'vitest';
import type { RunsFilter } from '../readings.ts';
import type { Store } from '../store.ts';
import { type Open, withStore } from './open-store.ts';
import { NOON, newEvent, newRun, publish, specOf } from './sample.ts';

/** Two workflows, the first one with three runs of two versions, one of them failed. */
async function world(store: Store): Promise<{ readonly a: number; readonly b: number }> {
  return store.transaction(async (tx) => {
    const a = await publish(tx, 'a');
    const one = await tx.runs.insert(newRun(a, { runId: 'x_1', logicalDate: 1, conf: '{"colour":"red"}' }));
    await tx.runs.move({ id: one!.id, from: ['queued'], to: 'running', at: NOON, reason: null });
    await tx.runs.move({ id: one!.id, from: ['running'], to: 'failed', at: NOON + 5_000, reason: null });
    await tx.runs.insert(newRun(a, { runId: 'x%2' }));
    const again = await publish(tx, 'a', { bundle: 'b2' });
    await tx.runs.insert(newRun(again, { runId: 'y', logicalDate: 3 }));
    const b = await publish(tx, 'b');
    return { a: a.workflow.id, b: b.workflow.id };
  });
}

export function listConformance(open: Open): void {
  test(
    'runs are found by what their id begins with, their conf, their version, and how long they ran',
    withStore(open, async (store) => {
      await world(store);
      const found = async (filter: Partial<RunsFilter>) => {
        const order = [{ by: 'run_id', descending: false }] as const;
        const { runs } = await store.readings.runs({ order, limit: 10, offset: 0, ...filter });
        return runs.map(({ runId }) => runId).sort();
      };
      expect(await found({ begins: 'x' })).toEqual(['x%2', 'x_1']);
      expect(await found({ begins: 'x_' })).toEqual(['x_1']);
      expect(await found({ begins: 'x%' })).toEqual(['x%2']);
      expect(await found({ confHas: 'red' })).toEqual(['x_1']);
      expect(await found({ confHas: '%' })).toEqual([]);
      expect(await found({ versionNumbers: [2] })).toEqual(['y']);
      expect(await found({ ranAtLeastMs: 5_000 })).toEqual(['x_1']);
      expect(await found({ ranAtLeastMs: 5_001 })).toEqual([]);
    }),
  );

  test(
    'a run without a logical date comes after all that have one',
    withStore(open, async (store) => {
      await world(store);
      const ordered = async (descending: boolean) => {
        const order = [{ by: 'logical_date', descending }] as const;
        const { runs } = await store.readings.runs({ order, limit: 10, offset: 0 });
        return runs.map(({ runId }) => runId);
      };
      expect((await ordered(false)).at(-1)).toBe('x%2');
      expect((await ordered(true))[0]).toBe('x%2');
    }),
  );

  test(
    'workflows are found by their runs, which are counted, and versions are listed',
    withStore(open, async (store) => {
      const { a, b } = await world(store);
      const { readings } = store;
      expect(await readings.workflowsWithRuns({ states: ['failed'] })).toEqual(new Set([a]));
      expect(await readings.workflowsWithRuns({ states: ['success'] })).toEqual(new Set());
      expect(await readings.workflowsWithRuns({ ended: { from: NOON + 5_001 } })).toEqual(new Set());
      const counts = await readings.runsByState([a, b]);
      expect([...counts].sort((x, y) => (x.state < y.state ? -1 : 1))).toEqual([
        { workflowId: a, state: 'failed', runs: 1 },
        { workflowId: a, state: 'queued', runs: 2 },
      ]);
      expect(await readings.runsByState([])).toEqual([]);
      const versions = await readings.versionsOf([a, b]);
      expect(versions.map(({ workflowId, number }) => [workflowId, number])).toEqual([
        [a, 1],
        [a, 2],
        [b, 1],
      ]);
      expect(await readings.versionsOf([])).toEqual([]);
    }),
  );

  test(
    'workflows are listed without their graphs, with what their versions say of the whole',
    withStore(open, async (store) => {
      const { a, b } = await world(store);
      const listed = await store.readings.workflows({ present: true });
      expect(listed.map(({ id, name, versionNumber, bundleHash }) => [id, name, versionNumber, bundleHash])).toEqual([
        [a, 'a', 2, 'b2'],
        [b, 'b', 1, 'b1'],
      ]);
      expect(listed.some((row) => 'spec' in row)).toBe(false);
      expect((await store.readings.workflows({ name: 'b' })).map(({ id }) => id)).toEqual([b]);
      expect(await store.readings.workflows({ present: false })).toEqual([]);
      const { versionId } = listed[1]!;
      const heads = await store.readings.specHeads([versionId]);
      const { docs: _, params: __, tasks: ___, groups: ____, ...head } = specOf('b');
      expect([...heads]).toEqual([[versionId, head]]);
      expect([...(await store.readings.specHeads([]))]).toEqual([]);
    }),
  );

  test(
    'a workflow fails whose latest run that ended has failed, by when it was due',
    withStore(open, async (store) => {
      const { a, b } = await world(store);
      expect([...(await store.readings.failingWorkflows())]).toEqual([a]);
      expect([...(await store.readings.failingWorkflows([b]))]).toEqual([]);
      await store.transaction(async (tx) => {
        const again = await publish(tx, 'a', { bundle: 'b2' });
        for (const [runId, runAfter, to] of [
          ['earlier', NOON - 1, 'success'],
          ['later', NOON + 1, 'cancelled'],
        ] as const) {
          const run = await tx.runs.insert(newRun(again, { runId, runAfter }));
          await tx.runs.move({ id: run!.id, from: ['queued'], to: 'running', at: NOON, reason: null });
          await tx.runs.move({ id: run!.id, from: ['running'], to, at: NOON + 9_000, reason: null });
        }
      });
      expect([...(await store.readings.failingWorkflows([a, b]))]).toEqual([a]);
    }),
  );

  test(
    'workflows with running runs come by the oldest of them, and the last event of a run tells whether it changed',
    withStore(open, async (store) => {
      const runs = await store.transaction(async (tx) => {
        const made = [];
        for (const [name, at] of [
          ['a', 30],
          ['b', 10],
          ['c', 20],
        ] as const) {
          const run = (await tx.runs.insert(newRun(await publish(tx, name), { runId: 'r' })))!;
          await tx.runs.move({ id: run.id, from: ['queued'], to: 'running', at, reason: null });
          made.push(run);
        }
        const [first, second] = made;
        await tx.events.append([
          newEvent('run.queued', { run: first!.id }),
          newEvent('run.queued', { run: second!.id }),
          newEvent('run.running', { run: first!.id }),
        ]);
        return made;
      });
      const [a, b, c] = runs.map(({ workflowId }) => workflowId);
      expect(await store.readings.runningWorkflows(10)).toEqual([b, c, a]);
      expect(await store.readings.runningWorkflows(1)).toEqual([b]);
      const last = await store.readings.lastEvents(runs.map(({ id }) => id));
      const end = await store.queries.lastEvent();
      expect(runs.map(({ id }) => last.get(id))).toEqual([end, end - 1, 0]);
      expect([...(await store.readings.lastEvents([]))]).toEqual([]);
    }),
  );
}
