import { expect, test } from 'vitest';
import { type Open, withStore } from './open-store.ts';
import { newInstance, newRun, publish, someRuns, specOf } from './sample.ts';

export function queryConformance(open: Open): void {
  test(
    'workflows with their specs, by name, filtered',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        await publish(tx, 'b', { spec: { description: 'B' } });
        const { workflow } = await publish(tx, 'Z');
        await tx.workflows.setPaused(workflow.id, true);
        await publish(tx, 'a', { file: 'gone.ts' });
        await tx.workflows.retire('gone.ts', []);
      });
      const names = async (filter?: Parameters<typeof store.queries.workflows>[0]) =>
        (await store.queries.workflows(filter)).map(({ name }) => name);
      expect(await names()).toEqual(['Z', 'a', 'b']);
      expect(await names({ present: true })).toEqual(['Z', 'b']);
      expect(await names({ paused: true })).toEqual(['Z']);
      expect(await names({ present: true, paused: false })).toEqual(['b']);
      expect(await store.queries.workflow('b')).toMatchObject({
        versionNumber: 1,
        spec: specOf('b', { description: 'B' }),
      });
      expect(await store.queries.workflow('nothing')).toBeNull();
    }),
  );

  test(
    'runs, newest first, filtered and in pages',
    withStore(open, async (store) => {
      const runs = await someRuns(store, 5);
      await store.transaction(async (tx) => {
        await tx.runs.insert(newRun(await publish(tx, 'other'), { runId: 'x' }));
        await tx.runs.move({ id: runs[1]!.id, from: ['queued'], to: 'running', at: 1, reason: null });
        await tx.runs.move({ id: runs[3]!.id, from: ['queued'], to: 'failed', at: 1, reason: null });
      });
      const names = async (filter: Parameters<typeof store.queries.runs>[0]) =>
        (await store.queries.runs(filter)).map(({ runId }) => runId);
      const { workflowId } = runs[0]!;
      expect(await names({})).toEqual(['x', 'r4', 'r3', 'r2', 'r1', 'r0']);
      expect(await names({ workflowId })).toEqual(['r4', 'r3', 'r2', 'r1', 'r0']);
      expect(await names({ workflowId, limit: 2, offset: 1 })).toEqual(['r3', 'r2']);
      expect(await names({ states: ['running', 'failed'] })).toEqual(['r3', 'r1']);
      expect(await store.queries.run(runs[2]!.id)).toEqual(runs[2]);
      expect(await store.queries.run(999_999)).toBeNull();
      expect(await store.queries.runByRunId(workflowId, 'r4')).toEqual(runs[4]);
      expect(await store.queries.runByRunId(workflowId, 'x')).toBeNull();
    }),
  );

  test(
    'a run without states asked for is none',
    withStore(open, async (store) => {
      await someRuns(store, 1);
      expect(await store.queries.runs({ states: [] })).toEqual([]);
    }),
  );

  test(
    'instances of a run, in order',
    withStore(open, async (store) => {
      const [a, b] = (await someRuns(store, 2)).map(({ id }) => id) as [number, number];
      await store.transaction((tx) =>
        tx.instances.insert([
          newInstance(a, { task: 1, index: 1 }),
          newInstance(a, { task: 1, index: 0 }),
          newInstance(a),
          newInstance(b),
        ]),
      );
      expect((await store.queries.instances(a)).map(({ task, index }) => [task, index])).toEqual([
        [0, -1],
        [1, 0],
        [1, 1],
      ]);
    }),
  );

  test(
    'what a transaction has committed is seen at once, and what it has not is not',
    withStore(open, async (store, { another }) => {
      const reader = another ? await another() : store;
      const inside = await store.transaction(async (tx) => {
        await publish(tx, 'etl');
        return another ? reader.queries.workflow('etl') : null;
      });
      expect(inside).toBeNull();
      expect(await reader.queries.workflow('etl')).not.toBeNull();
    }),
  );
}
