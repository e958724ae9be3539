import { afterEach, describe, expect, it } from 'vitest';
import { commandsOf, WhyWorld } from '../../test/why-world.ts';
import { createBackfill, pauseBackfill } from '../engine/backfills.ts';
import { operate, pause, publish, trigger } from '../engine/operations.ts';
import { publication } from '../engine/testing/engine-world.ts';
import { dagSpec } from '../engine/testing/spec-builder.ts';

let world: WhyWorld;
afterEach(() => world.end());

describe('a run waits', () => {
  it('for its DAG to be made active, and so does what was queued', async () => {
    world = await WhyWorld.start({ a: {}, b: {} }, {}, 1);
    await world.run('r1');
    await world.engine.do((e) => pause(e, 'd'));
    await world.run('r2');
    const [paused, ...more] = await world.reasons('r2');
    expect([paused, more]).toMatchObject([
      { kind: 'paused', fact: 'd is paused.', needs: 'Nothing of it starts until it is active.' },
      [],
    ]);
    expect(commandsOf([paused!])).toEqual(['npx millrace dags unpause d']);
    world.engine.executor.finish('a');
    await world.engine.settle();
    expect(await world.engine.parked((await world.engine.runs('d'))[0]!)).toEqual({
      b: expect.stringContaining('paused'),
    });
    expect((await world.reasons('r1', { taskId: 'b' })).map(({ kind }) => kind)).toEqual(['paused']);
  });

  it('for a place among the active runs, behind those that come first', async () => {
    world = await WhyWorld.start({ a: {} }, { maxActiveRuns: 2 });
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      await world.run(id);
      await world.engine.advance(1000);
    }
    const [reason, ...more] = await world.reasons('r4');
    expect(more).toEqual([]);
    expect(reason).toMatchObject({
      kind: 'active_runs',
      fact: '2 of 2 active runs: the places are taken, 1 waits before it.',
      needs: 'It starts when one of them ends.',
      used: 2,
      limit: 2,
      ahead: 1,
      holders: [
        { dag_id: 'd', dag_run_id: 'r1', slots: 1 },
        { dag_id: 'd', dag_run_id: 'r2', slots: 1 },
      ],
    });
    expect(commandsOf([reason!])).toEqual(['npx millrace runs cancel d r4']);
    // Its tasks have no instance yet, and wait for the same.
    expect(await world.about('r4', { taskId: 'a' })).toMatchObject([
      { task_id: 'a', state: null, reasons: [{ kind: 'active_runs' }] },
    ]);
    expect((await world.about('r4'))[0]!.passing).toEqual([
      'a server runs',
      'its file is loaded',
      'it is active',
      'it is due',
    ]);
  });

  it('until it is due', async () => {
    world = await WhyWorld.start({ a: {} }, { maxActiveRuns: 1 });
    await world.run('r1');
    const { runAfter } = await world.run('r2');
    const kinds = (await world.reasons('r2', { at: runAfter - 60_000 })).map(({ kind, until }) => [kind, until]);
    expect(kinds[0]).toEqual(['not_due', new Date(runAfter).toISOString()]);
  });

  it('for its backfill: its limit, and that it goes on', async () => {
    const day = (n: number) => Date.UTC(2025, 0, n);
    world = await WhyWorld.start(
      { a: {} },
      {
        schedule: { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' },
        startDate: Date.UTC(2027, 0, 1),
      },
    );
    const { id } = await world.engine.do((e) =>
      createBackfill(e, {
        workflow: 'd',
        from: day(1),
        to: day(4),
        reverse: false,
        reprocess: 'none',
        triggeredBy: 'test',
        maxActiveRuns: 2,
      }),
    );
    const runs = (await world.engine.runs('d')).map(({ runId }) => runId);
    const [reason] = await world.reasons(runs[3]!);
    expect(reason).toMatchObject({
      kind: 'backfill_limit',
      fact: `2 of 2 runs of backfill ${id} run at once, 1 waits before it.`,
      used: 2,
      limit: 2,
      ahead: 1,
      holders: [{ dag_run_id: runs[0] }, { dag_run_id: runs[1] }],
    });
    await world.engine.do((e) => pauseBackfill(e, id));
    const paused = await world.reasons(runs[3]!);
    expect(paused).toMatchObject([{ kind: 'backfill_limit', fact: `Its backfill ${id} is paused.` }]);
    expect(commandsOf(paused)).toEqual([`npx millrace backfill unpause ${id}`]);
  });

  it('for a file to define its workflow, whose error is told', async () => {
    world = await WhyWorld.start({ a: {}, b: {} }, { maxActiveRuns: 1 }, 1);
    await world.run('r1');
    await world.run('r2');
    const nothing = publication([], 'd.ts');
    await world.engine.do((e) => publish(e, nothing));
    expect((await world.reasons('r2'))[0]).toMatchObject({
      kind: 'not_loaded',
      fact: 'No pipeline file defines d any more.',
      needs: 'It goes on when d.ts, or another file, defines it again.',
    });
    const error = { line: 7, column: 1, code: 'syntax_error', message: 'unexpected }', fix: null, frame: null };
    await world.engine.do((e) => publish(e, { ...nothing, errors: [error] }));
    expect((await world.reasons('r2'))[0]).toMatchObject({ needs: 'd.ts cannot be read (line 7): unexpected }' });
    world.engine.executor.finish('a');
    await world.engine.settle();
    expect((await world.reasons('r1', { taskId: 'b' })).map(({ kind }) => kind)).toEqual(['not_loaded']);
  });

  it('for a server', async () => {
    world = await WhyWorld.unserved();
    const { clock } = world.engine;
    await operate(world.store, clock, (e) => publish(e, publication([dagSpec('d', { a: {} })])));
    const ids = { random: () => 'x' };
    await operate(world.store, clock, (e) =>
      trigger(e, ids, { workflow: 'd', conf: {}, runId: 'r', triggeredBy: 'test' }),
    );
    const found = await world.reasons('r', { taskId: 'a' });
    expect(found).toMatchObject([
      { kind: 'no_worker', fact: 'No server runs on this store.', needs: 'Nothing starts until one does.' },
      { kind: 'queued', fact: 'It is the next in line.', ahead: 0 },
    ]);
    expect(commandsOf(found)).toContain('npx millrace start');
    expect((await world.about('r')).map(({ task_id, reasons: own }) => [task_id, own[0]?.kind])).toEqual([
      [null, 'no_worker'],
      ['a', 'queued'],
    ]);
    // One that was killed keeps its place until its lease ends.
    await world.store.transaction(({ servers }) =>
      servers.register({ name: 's', at: clock.now(), leaseUntil: clock.now() + 30 }),
    );
    expect((await world.reasons('r', { taskId: 'a' })).map(({ kind }) => kind)).toEqual(['queued']);
    expect((await world.reasons('r', { taskId: 'a', at: clock.now() + 31 })).map(({ kind }) => kind)).toContain(
      'no_worker',
    );
  });
});
