import { afterEach, describe, expect, it } from 'vitest';
import { commandFault } from '../../test/command-fault.ts';
import { createBackfill, pauseBackfill } from '../engine/backfills.ts';
import { cancelRun, operate, pause, publish, putPool, trigger } from '../engine/operations.ts';
import { EngineWorld, publication } from '../engine/testing/engine-world.ts';
import { fails, skips } from '../engine/testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import type { RunRow } from '../store/rows.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { VersionCache } from './version-cache.ts';
import { why } from './why.ts';

let store: SqliteStore;
let world: EngineWorld;

async function open(): Promise<void> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
}

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}, capacity = 64): Promise<EngineWorld> {
  await open();
  world = await EngineWorld.start(store, { capacity });
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks, dag));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

const run = (runId: string, workflow = 'd') => world.trigger(workflow, { runId });

const pool = (name: string, slots: number) =>
  world.do((e) => putPool(e, { name, slots, description: '', includeDeferred: false }));

/** The one entry about an instance, or about the run. Every command in it can be given as it stands. */
async function about(runId: string, taskId?: string, mapIndex?: number, now = world.clock.now()) {
  const sources = { store, clock: { now: () => now } };
  const { waiting } = await why(sources, new VersionCache(), { dagId: 'd', runId, taskId, mapIndex });
  for (const { reasons } of waiting)
    for (const { remedies } of reasons)
      for (const { command } of remedies) if (command !== null) expect(await commandFault(command)).toBeNull();
  return waiting;
}

async function reasons(runId: string, taskId?: string, mapIndex?: number, now?: number) {
  const [first, ...more] = await about(runId, taskId, mapIndex, now);
  expect(more).toEqual([]);
  return first?.reasons ?? [];
}

const commands = (found: Awaited<ReturnType<typeof reasons>>) =>
  found.flatMap(({ remedies }) => remedies.map(({ command }) => command)).filter((command) => command !== null);

describe('a run waits', () => {
  it('for its DAG to be made active, and so does what was queued', async () => {
    await start({ a: {}, b: {} }, {}, 1);
    await run('r1');
    await world.do((e) => pause(e, 'd'));
    await run('r2');
    const [paused, ...more] = await reasons('r2');
    expect([paused, more]).toMatchObject([
      { kind: 'paused', fact: 'd is paused.', needs: 'Nothing of it starts until it is active.' },
      [],
    ]);
    expect(commands([paused!])).toEqual(['npx millrace dags unpause d']);
    world.executor.finish('a');
    await world.settle();
    expect(await world.parked(await found('r1'))).toEqual({ b: expect.stringContaining('paused') });
    expect((await reasons('r1', 'b')).map(({ kind }) => kind)).toEqual(['paused']);
  });

  it('for a place among the active runs, behind those that come first', async () => {
    await start({ a: {} }, { maxActiveRuns: 2 });
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      await run(id);
      await world.advance(1000);
    }
    const [reason, ...more] = await reasons('r4');
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
    expect(commands([reason!])).toEqual(['npx millrace runs cancel d r4']);
    // Its tasks have no instance yet, and wait for the same.
    expect(await about('r4', 'a')).toMatchObject([{ task_id: 'a', state: null, reasons: [{ kind: 'active_runs' }] }]);
    expect((await about('r4'))[0]!.passing).toEqual([
      'a server runs',
      'its file is loaded',
      'it is active',
      'it is due',
    ]);
  });

  it('until it is due', async () => {
    await start({ a: {} }, { maxActiveRuns: 1 });
    await run('r1');
    const { runAfter } = await run('r2');
    const kinds = (await reasons('r2', undefined, undefined, runAfter - 60_000)).map(({ kind, until }) => [
      kind,
      until,
    ]);
    expect(kinds[0]).toEqual(['not_due', new Date(runAfter).toISOString()]);
  });

  it('for its backfill: its limit, and that it goes on', async () => {
    const day = (n: number) => Date.UTC(2025, 0, n);
    await start(
      { a: {} },
      {
        schedule: { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' },
        startDate: Date.UTC(2027, 0, 1),
      },
    );
    const { id } = await world.do((e) =>
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
    const runs = (await world.runs('d')).map(({ runId }) => runId);
    const [reason] = await reasons(runs[3]!);
    expect(reason).toMatchObject({
      kind: 'backfill_limit',
      fact: `2 of 2 runs of backfill ${id} run at once, 1 waits before it.`,
      used: 2,
      limit: 2,
      ahead: 1,
      holders: [{ dag_run_id: runs[0] }, { dag_run_id: runs[1] }],
    });
    await world.do((e) => pauseBackfill(e, id));
    const paused = await reasons(runs[3]!);
    expect(paused).toMatchObject([{ kind: 'backfill_limit', fact: `Its backfill ${id} is paused.` }]);
    expect(commands(paused)).toEqual([`npx millrace backfill unpause ${id}`]);
  });

  it('for a file to define its workflow, whose error is told', async () => {
    await start({ a: {}, b: {} }, { maxActiveRuns: 1 }, 1);
    await run('r1');
    await run('r2');
    const nothing = publication([], 'd.ts');
    await world.do((e) => publish(e, nothing));
    expect((await reasons('r2'))[0]).toMatchObject({
      kind: 'not_loaded',
      fact: 'No pipeline file defines d any more.',
      needs: 'It goes on when d.ts, or another file, defines it again.',
    });
    const error = { line: 7, column: 1, code: 'syntax_error', message: 'unexpected }', fix: null, frame: null };
    await world.do((e) => publish(e, { ...nothing, errors: [error] }));
    expect((await reasons('r2'))[0]).toMatchObject({ needs: 'd.ts cannot be read (line 7): unexpected }' });
    world.executor.finish('a');
    await world.settle();
    expect((await reasons('r1', 'b')).map(({ kind }) => kind)).toEqual(['not_loaded']);
  });

  it('for a server', async () => {
    await open();
    world = EngineWorld.on(store);
    const { clock } = world;
    await operate(store, clock, (e) => publish(e, publication([dagSpec('d', { a: {} })])));
    const ids = { random: () => 'x' };
    await operate(store, clock, (e) => trigger(e, ids, { workflow: 'd', conf: {}, runId: 'r', triggeredBy: 'test' }));
    const found = await reasons('r', 'a');
    expect(found).toMatchObject([
      { kind: 'no_worker', fact: 'No server runs on this store.', needs: 'Nothing starts until one does.' },
      { kind: 'queued', fact: 'It is the next in line.', ahead: 0 },
    ]);
    expect(commands(found)).toContain('npx millrace start');
    expect((await about('r')).map(({ task_id, reasons: own }) => [task_id, own[0]?.kind])).toEqual([
      [null, 'no_worker'],
      ['a', 'queued'],
    ]);
    // One that was killed keeps its place until its lease ends.
    await store.transaction(({ servers }) =>
      servers.register({ name: 's', at: clock.now(), leaseUntil: clock.now() + 30 }),
    );
    expect((await reasons('r', 'a')).map(({ kind }) => kind)).toEqual(['queued']);
    expect((await reasons('r', 'a', undefined, clock.now() + 31)).map(({ kind }) => kind)).toContain('no_worker');
  });
});

async function found(runId: string): Promise<RunRow> {
  const workflow = (await store.queries.workflow('d'))!;
  return (await store.queries.runByRunId(workflow.id, runId))!;
}

describe('an instance waits', () => {
  it('for each of the tasks upstream of it, by name', async () => {
    await start({
      a: { retries: 1, retryDelay: 60_000 },
      b: { after: ['a'] },
      c: {},
      d: {},
      e: {},
      join: { after: ['a', 'b', 'c', 'd', 'e'] },
    });
    await run('r');
    world.executor.finish('c');
    await world.settle();
    const own = await reasons('r', 'join');
    expect(own.map(({ kind, fact, needs }) => [kind, fact, needs])).toEqual([
      ['upstream', 'Upstream a is running.', 'all_success needs 5 of 5 done, has 1.'],
      ['upstream', 'Upstream b has no state yet.', 'all_success needs 5 of 5 done, has 1.'],
      ['upstream', 'Upstream d is running.', 'all_success needs 5 of 5 done, has 1.'],
      ['upstream', '1 more of its upstream tasks have not ended.', 'all_success needs 5 of 5 done, has 1.'],
    ]);
    expect(own[0]!.remedies).toMatchObject([
      { kind: 'show_instance', label: 'Show a', task_id: 'a', dag_run_id: 'r' },
      { kind: 'mark_success', command: 'npx millrace runs mark d r success --task a' },
    ]);
    world.executor.finish('a', fails());
    await world.settle();
    expect((await reasons('r', 'b'))[0]!.fact).toBe('Upstream a is up for retry.');
  });

  it('for the rest of a mapped task, and as an index of one that is not expanded', async () => {
    await start({
      list: {},
      each: { after: ['list'], mapping: ({ output }) => ({ kind: 'expand', over: [['n', output('list')]] }) },
      sum: { after: ['each'] },
    });
    await run('r');
    expect(await about('r', 'each', 5)).toMatchObject([
      { state: null, reasons: [{ fact: 'Upstream list is running.' }] },
    ]);
  });

  it('as a teardown for what it cleans up after', async () => {
    await start({
      make: { setup: true },
      quick: { after: ['make'] },
      slow: { after: ['make'] },
      use: { after: ['quick', 'slow'], triggerRule: 'one_success' },
      clean: { after: ['make', 'use'], teardown: true },
    });
    await run('r');
    for (const task of ['make', 'quick', 'use']) {
      world.executor.finish(task);
      await world.settle();
    }
    expect(await reasons('r', 'clean')).toMatchObject([
      {
        kind: 'trigger_rule',
        fact: 'What it cleans up after has not ended.',
        needs: '1 of 2 have.',
        used: 1,
        limit: 2,
      },
    ]);
  });

  it('for slots of its pool: who has them, and who comes first', async () => {
    await start({
      wide: { pool: 'p', poolSlots: 2, priority: 9 },
      x: { pool: 'p', priority: 5 },
      y: { pool: 'p', poolSlots: 2 },
    });
    await pool('p', 2);
    await run('r');
    const [reason] = await reasons('r', 'y');
    expect(reason).toMatchObject({
      kind: 'pool',
      fact: 'Pool p has 0 of 2 slots free, 1 waits before it.',
      needs: 'It needs 2 slots.',
      used: 2,
      limit: 2,
      ahead: 1,
      holders: [{ dag_id: 'd', dag_run_id: 'r', task_id: 'wide', slots: 2 }],
    });
    expect(commands([reason!])).toEqual(['npx millrace pools set p 3']);
    expect((await about('r', 'y'))[0]!.state).toBe('scheduled');
    await pool('p', -1);
    expect(await reasons('r', 'y')).toEqual([]);
  });

  it('for a pool that is too narrow or is not there', async () => {
    await start({ wide: { pool: 'p', poolSlots: 5 }, lost: { pool: 'nowhere', poolSlots: 2 } });
    await pool('p', 2);
    await run('r');
    const [wide] = await reasons('r', 'wide');
    expect(wide).toMatchObject({
      fact: 'Pool p has 2 of 2 slots free, it is the next.',
      needs: 'It needs 5 slots, more than the pool has.',
      holders: [],
    });
    expect(commands([wide!])).toEqual(['npx millrace pools set p 5']);
    const [lost] = await reasons('r', 'lost');
    expect(lost).toMatchObject({
      kind: 'pool',
      fact: 'There is no pool nowhere.',
      needs: 'It starts when somebody makes it.',
    });
    expect(commands([lost!])).toEqual(['npx millrace pools set nowhere 2']);
  });

  it('for its run, which may do so many tasks at once', async () => {
    await start({ a: {}, b: {}, c: {} }, { maxActiveTasks: 1 });
    await run('r');
    expect(await reasons('r', 'c')).toMatchObject([
      {
        kind: 'limit',
        fact: '1 of 1 task instances of this run run, 1 waits before it.',
        needs: 'It starts when that one ends.',
        used: 1,
        limit: 1,
        ahead: 1,
        holders: [{ task_id: 'a', slots: 1 }],
      },
    ]);
  });

  it('for others of its task, in its run and in all of them', async () => {
    const over: TaskSketch['mapping'] = () => ({ kind: 'expand', over: [['n', listOf(1, 2, 3)]] });
    await start({ one: { maxActivePerDag: 1 }, other: {}, each: { maxActivePerRun: 2, mapping: over } });
    await run('r1');
    await run('r2');
    expect(await reasons('r2', 'one')).toMatchObject([
      {
        kind: 'limit',
        fact: '1 of 1 instances of one run, it is the next.',
        limit: 1,
        holders: [{ dag_run_id: 'r1', task_id: 'one', slots: 1 }],
      },
    ]);
    expect(await reasons('r1', 'each', 2)).toMatchObject([
      {
        kind: 'limit',
        fact: '2 of 2 instances of each in this run run, it is the next.',
        used: 2,
        limit: 2,
        holders: [{ task_id: 'each', slots: 2 }],
      },
    ]);
  });

  it('for a worker, behind what has priority', async () => {
    await start({ first: { priority: 9 }, second: { priority: 5 }, third: { priority: 5 }, last: {} }, {}, 1);
    await run('r');
    expect(await reasons('r', 'last')).toMatchObject([
      {
        kind: 'queued',
        fact: '2 task instances are before it.',
        ahead: 2,
        needs: 'It starts when a worker is free for it.',
        holders: [{ task_id: 'first' }],
      },
    ]);
    expect(await reasons('r', 'third')).toMatchObject([{ fact: '1 task instance is before it.', ahead: 1 }]);
    expect(await reasons('r', 'second')).toMatchObject([{ fact: 'It is the next in line.', ahead: 0 }]);
    expect((await about('r', 'last'))[0]!.passing).toEqual(
      expect.arrayContaining(['it is active', 'nothing is upstream', 'no limit holds it back']),
    );
    expect(await about('r', 'first')).toMatchObject(
      [{ state: 'running', reasons: [], passing: ['it runs'] }].map((entry) => ({
        ...entry,
        passing: expect.arrayContaining(entry.passing),
      })),
    );
  });

  it('until it is tried again', async () => {
    await start({ a: { retries: 2, retryDelay: 90_000 } });
    await run('r');
    world.executor.finish('a', fails());
    await world.settle();
    const [reason] = await reasons('r', 'a');
    expect(reason).toMatchObject({
      kind: 'retry_wait',
      fact: 'Attempt 1 of 3 failed; it is tried again.',
      until: new Date(world.clock.now() + 90_000).toISOString(),
    });
    expect(commands([reason!])).toEqual(['npx millrace runs clear d r --task a']);
  });
});

describe('what has ended', () => {
  it('says how, and of what never ran which of its upstream is to blame', async () => {
    await start({ a: {}, b: { after: ['a'] }, c: { after: ['b'] }, s: {}, t: { after: ['s'] } });
    await run('r');
    world.executor.finish('s', skips);
    world.executor.finish('a', fails('never'));
    await world.settle();
    const fact = async (task: string) => (await reasons('r', task)).map((reason) => [reason.kind, reason.fact]);
    expect(await fact('a')).toEqual([['finished', 'It has ended: failed (no retry).']]);
    expect(await fact('b')).toEqual([
      ['finished', 'It has ended: upstream failed (all_success cannot hold after a failed).'],
    ]);
    expect(await fact('c')).toEqual([
      ['finished', 'It has ended: upstream failed (all_success cannot hold after b ended as upstream_failed).'],
    ]);
    expect(await fact('t')).toEqual([
      ['finished', 'It has ended: skipped (all_success cannot hold after s was skipped).'],
    ]);
    expect(commands(await reasons('r', 'b'))).toEqual(['npx millrace runs clear d r --task b']);
    expect(await about('r')).toEqual([]);
  });

  it('says that its run was cancelled, before it began or after', async () => {
    await start({ a: {}, b: { after: ['a'] } }, { maxActiveRuns: 1 });
    const first = await run('r1');
    const second = await run('r2');
    await world.do((e) => cancelRun(e, second));
    await world.do((e) => cancelRun(e, first));
    expect(await reasons('r1', 'b')).toMatchObject([
      { kind: 'run_ended', fact: 'The run has ended: cancelled.' },
      { kind: 'finished', fact: 'It has ended: failed (cancelled).' },
    ]);
    expect(await reasons('r2', 'b')).toMatchObject([{ kind: 'run_ended', fact: 'The run has ended: cancelled.' }]);
  });
});

it('knows the body of a flow, and its calls by their names', async () => {
  await start({ d: {} }, { kind: 'flow' }, 0);
  const { id } = await run('r');
  expect(await about('r')).toMatchObject([{ task_id: 'd', state: 'queued', reasons: [{ kind: 'queued', ahead: 0 }] }]);
  const call = {
    run: id,
    index: 0,
    attempt: 1,
    maxAttempts: 2,
    startedAt: 1,
    endedAt: null,
    reason: null,
    worker: 'w',
  };
  await store.transaction(({ steps }) =>
    steps.record([
      { ...call, task: 1, name: 'load', state: 'up_for_retry', inputHash: null },
      { ...call, task: 2, name: 'send', state: 'running', inputHash: null },
    ]),
  );
  expect(await reasons('r', 'load')).toMatchObject([
    { kind: 'retry_wait', fact: 'Attempt 1 of 2 failed; it is tried again.' },
  ]);
  expect(await about('r', 'send')).toMatchObject([{ task_id: 'send', state: 'running', reasons: [] }]);
  expect((await about('r')).map(({ task_id }) => task_id)).toEqual(['d', 'load']);
});

it('says what there is not', async () => {
  await start({ a: {} });
  await run('r');
  const ask = (request: { dagId?: string; runId?: string; taskId?: string; mapIndex?: number }) =>
    why({ store, clock: world.clock }, new VersionCache(), { dagId: 'd', runId: 'r', ...request });
  await expect(ask({ dagId: 'x' })).rejects.toThrow('there is no workflow x');
  await expect(ask({ runId: 'x' })).rejects.toThrow('d has no run x');
  await expect(ask({ taskId: 'x' })).rejects.toThrow('d has no task x');
  await expect(ask({ taskId: 'a', mapIndex: 3 })).rejects.toThrow('a has no instance 3');
});

it('puts instances that wait for the same together, and counts those that it does not look at', async () => {
  const over: TaskSketch['mapping'] = () => ({
    kind: 'expand',
    over: [['n', listOf(...Array(400).keys())]],
  });
  await start({ each: { mapping: over, pool: 'p' } });
  await pool('p', 10);
  await run('r');
  const answer = await why({ store, clock: new VirtualClock() }, new VersionCache(), { dagId: 'd', runId: 'r' });
  expect(answer).toMatchObject({
    total: 390,
    waiting: [{ task_id: 'each', instances: 300, reasons: [{ kind: 'pool' }] }],
  });
});
