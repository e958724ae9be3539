import { expect, test } from 'vitest';
import { type Open, withStore } from './open-store.ts';
import { NOON, newRun, publish, specOf } from './sample.ts';

export function workflowConformance(open: Open): void {
  test(
    'the first time, a workflow and its version 1 are made',
    withStore(open, async (store) => {
      const { workflow, version, ...said } = await store.transaction((tx) => publish(tx, 'etl', { at: 7 }));
      expect(said).toEqual({ changed: true, created: true });
      expect(workflow).toEqual({
        id: workflow.id,
        name: 'etl',
        kind: 'dag',
        paused: false,
        present: true,
        file: 'etl.ts',
        versionId: version.id,
        versionNumber: 1,
        next: null,
        lastAutomated: null,
        reruns: 0,
        createdAt: 7,
      });
      expect(version).toEqual({
        id: version.id,
        workflowId: workflow.id,
        number: 1,
        bundleHash: 'b1',
        bundlePath: '/bundles/b1',
        spec: specOf('etl'),
        createdAt: 7,
      });
      await store.transaction(async (tx) => {
        expect(await tx.workflows.byName('etl')).toEqual(workflow);
        expect(await tx.workflows.byId(workflow.id)).toEqual(workflow);
        expect(await tx.workflows.version(version.id)).toEqual(version);
        expect(await tx.workflows.byName('nothing')).toBeNull();
        expect(await tx.workflows.byId(workflow.id + 1)).toBeNull();
        expect(await tx.workflows.version(version.id + 1)).toBeNull();
      });
    }),
  );

  test(
    'a flow, and a workflow that begins paused',
    withStore(open, async (store) => {
      const { workflow } = await store.transaction((tx) =>
        publish(tx, 'flow', { spec: { kind: 'flow', pausedUponCreation: true } }),
      );
      expect(workflow).toMatchObject({ kind: 'flow', paused: true });
    }),
  );

  test(
    'the same again changes nothing',
    withStore(open, async (store) => {
      const first = await store.transaction((tx) => publish(tx, 'etl', { at: 7 }));
      const again = await store.transaction((tx) => publish(tx, 'etl', { at: 8 }));
      expect(again).toEqual({ ...first, changed: false, created: false });
    }),
  );

  test(
    'a change replaces a version that no run has used, under an id of its own',
    withStore(open, async (store) => {
      const first = await store.transaction((tx) => publish(tx, 'etl'));
      const second = await store.transaction((tx) => publish(tx, 'etl', { bundle: 'b2', at: NOON + 1 }));
      expect(second).toMatchObject({ changed: true, created: false });
      expect(second.version).toMatchObject({ number: 1, bundleHash: 'b2', bundlePath: '/bundles/b2' });
      expect(second.workflow.versionId).toBe(second.version.id);
      expect(second.version.id).not.toBe(first.version.id);
      expect(await store.queries.version(first.version.id)).toBeNull();
    }),
  );

  test(
    'a change adds a version when a run has used the latest one',
    withStore(open, async (store) => {
      const first = await store.transaction((tx) => publish(tx, 'etl'));
      await store.transaction((tx) => tx.runs.insert(newRun(first, { runId: 'r' })));
      const second = await store.transaction((tx) => publish(tx, 'etl', { spec: { description: 'new' } }));
      expect(second).toMatchObject({ changed: true, created: false });
      expect(second.version).toMatchObject({
        number: 2,
        bundleHash: 'b1',
        spec: specOf('etl', { description: 'new' }),
      });
      expect(second.workflow).toMatchObject({ versionId: second.version.id, versionNumber: 2 });
      expect(await store.queries.version(first.version.id)).toEqual(first.version);
      const third = await store.transaction((tx) => publish(tx, 'etl', { bundle: 'b3' }));
      expect(third.version.number).toBe(2);
    }),
  );

  test(
    'a run cannot be made with a version that was replaced meanwhile',
    withStore(open, async (store) => {
      const first = await store.transaction((tx) => publish(tx, 'etl'));
      await store.transaction((tx) => publish(tx, 'etl', { bundle: 'b2' }));
      await expect(store.transaction((tx) => tx.runs.insert(newRun(first, { runId: 'r' })))).rejects.toMatchObject({
        code: 'conflict',
      });
    }),
  );

  test(
    'several that publish the same at the same time make it once',
    withStore(open, async (store) => {
      const published = await Promise.all(
        Array.from({ length: 8 }, () => store.transaction((tx) => publish(tx, 'etl'))),
      );
      expect(published.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(published.map(({ version }) => version.id)).size).toBe(1);
      const changed = await Promise.all(
        Array.from({ length: 8 }, () => store.transaction((tx) => publish(tx, 'etl', { bundle: 'b2' }))),
      );
      expect(changed.filter((each) => each.changed)).toHaveLength(1);
    }),
  );

  test(
    'a bundle that has moved is not a change',
    withStore(open, async (store) => {
      const spec = specOf('etl');
      const common = { name: 'etl', file: 'etl.ts', spec, canonical: JSON.stringify(spec), bundleHash: 'b', at: NOON };
      await store.transaction((tx) => tx.workflows.publish({ ...common, bundlePath: '/one' }));
      const moved = await store.transaction((tx) => tx.workflows.publish({ ...common, bundlePath: '/two' }));
      expect(moved).toMatchObject({ changed: false, version: { bundlePath: '/two', number: 1 } });
    }),
  );

  test(
    'what a file no longer defines is retired, and is present again when it is published',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        for (const name of ['a', 'b', 'c']) await publish(tx, name, { file: 'one.ts' });
        await publish(tx, 'other', { file: 'two.ts' });
        expect([...(await tx.workflows.retire('one.ts', ['b']))].sort()).toEqual(['a', 'c']);
        expect(await tx.workflows.retire('one.ts', ['b'])).toEqual([]);
        expect((await tx.workflows.byName('a'))?.present).toBe(false);
        expect((await tx.workflows.byName('other'))?.present).toBe(true);
        expect(await publish(tx, 'a', { file: 'new.ts' })).toMatchObject({
          changed: true,
          created: false,
          workflow: { present: true, file: 'new.ts', versionNumber: 1 },
        });
        expect(await tx.workflows.retire('one.ts', [])).toEqual(['b']);
      });
    }),
  );

  test(
    'pausing says whether it changed something',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const { workflow } = await publish(tx, 'etl');
        expect(await tx.workflows.setPaused(workflow.id, true)).toBe(true);
        expect(await tx.workflows.setPaused(workflow.id, true)).toBe(false);
        expect((await tx.workflows.byId(workflow.id))?.paused).toBe(true);
        expect(await tx.workflows.setPaused(workflow.id, false)).toBe(true);
      });
    }),
  );

  test(
    'due are the present, unpaused ones whose time has come, soonest first',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        expect(await tx.workflows.nextDue()).toBeNull();
        const ids: Record<string, number> = {};
        for (const [name, runAfter] of [
          ['late', 300],
          ['soon', 100],
          ['paused', 50],
          ['gone', 60],
          ['mid', 200],
        ] as const) {
          const { workflow } = await publish(tx, name, { file: `${name}.ts` });
          ids[name] = workflow.id;
          await tx.workflows.setNext(workflow.id, { logicalDate: 1, intervalStart: 2, intervalEnd: 3, runAfter });
        }
        await publish(tx, 'manual');
        await tx.workflows.setPaused(ids.paused!, true);
        await tx.workflows.retire('gone.ts', []);
        const names = async (now: number, limit = 10) => (await tx.workflows.due(now, limit)).map(({ name }) => name);
        expect(await names(99)).toEqual([]);
        expect(await names(200)).toEqual(['soon', 'mid']);
        expect(await names(1000)).toEqual(['soon', 'mid', 'late']);
        expect(await names(1000, 1)).toEqual(['soon']);
        expect(await tx.workflows.nextDue()).toBe(100);
        expect((await tx.workflows.due(100, 1))[0]?.next).toEqual({
          logicalDate: 1,
          intervalStart: 2,
          intervalEnd: 3,
          runAfter: 100,
        });
        await tx.workflows.setNext(ids.soon!, null);
        expect(await tx.workflows.nextDue()).toBe(200);
        expect((await tx.workflows.byName('soon'))?.next).toBeNull();
        expect((await tx.workflows.scheduled()).map(({ name }) => name).sort()).toEqual([
          'late',
          'manual',
          'mid',
          'soon',
        ]);
      });
    }),
  );

  test(
    'the interval of the latest automated run is kept',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const { workflow } = await publish(tx, 'etl');
        await tx.workflows.setLastAutomated(workflow.id, { start: 10, end: 20 });
        expect((await tx.workflows.byId(workflow.id))?.lastAutomated).toEqual({ start: 10, end: 20 });
      });
    }),
  );
}
