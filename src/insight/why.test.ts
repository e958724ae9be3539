import { afterEach, describe, expect, it } from 'vitest';
import { commandsOf, WhyWorld } from '../../test/why-world.ts';
import { cancelRun } from '../engine/operations.ts';
import { fails, skips } from '../engine/testing/scripted-executor.ts';
import { listOf, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import { VersionCache } from './version-cache.ts';
import { why } from './why.ts';

let world: WhyWorld;
afterEach(() => world.end());

describe('an instance waits', () => {
  it('for each of the tasks upstream of it, by name', async () => {
    world = await WhyWorld.start({
      a: { retries: 1, retryDelay: 60_000 },
      b: { after: ['a'] },
      c: {},
      d: {},
      e: {},
      join: { after: ['a', 'b', 'c', 'd', 'e'] },
    });
    await world.run('r');
    world.engine.executor.finish('c');
    await world.engine.settle();
    const own = await world.reasons('r', { taskId: 'join' });
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
    world.engine.executor.finish('a', fails());
    await world.engine.settle();
    expect((await world.reasons('r', { taskId: 'b' }))[0]!.fact).toBe('Upstream a is up for retry.');
  });

  it('for the rest of a mapped task, and as an index of one that is not expanded', async () => {
    world = await WhyWorld.start({
      list: {},
      each: { after: ['list'], mapping: ({ output }) => ({ kind: 'expand', over: [['n', output('list')]] }) },
      sum: { after: ['each'] },
    });
    await world.run('r');
    expect(await world.about('r', { taskId: 'each', mapIndex: 5 })).toMatchObject([
      { state: null, reasons: [{ fact: 'Upstream list is running.' }] },
    ]);
  });

  it('as a teardown for what it cleans up after', async () => {
    world = await WhyWorld.start({
      make: { setup: true },
      quick: { after: ['make'] },
      slow: { after: ['make'] },
      use: { after: ['quick', 'slow'], triggerRule: 'one_success' },
      clean: { after: ['make', 'use'], teardown: true },
    });
    await world.run('r');
    for (const task of ['make', 'quick', 'use']) {
      world.engine.executor.finish(task);
      await world.engine.settle();
    }
    expect(await world.reasons('r', { taskId: 'clean' })).toMatchObject([
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
    world = await WhyWorld.start({
      wide: { pool: 'p', poolSlots: 2, priority: 9 },
      x: { pool: 'p', priority: 5 },
      y: { pool: 'p', poolSlots: 2 },
    });
    await world.pool('p', 2);
    await world.run('r');
    const [reason] = await world.reasons('r', { taskId: 'y' });
    expect(reason).toMatchObject({
      kind: 'pool',
      fact: 'Pool p has 0 of 2 slots free, 1 waits before it.',
      needs: 'It needs 2 slots.',
      used: 2,
      limit: 2,
      ahead: 1,
      holders: [{ dag_id: 'd', dag_run_id: 'r', task_id: 'wide', slots: 2 }],
    });
    expect(commandsOf([reason!])).toEqual(['npx millrace pools set p 3']);
    expect((await world.about('r', { taskId: 'y' }))[0]!.state).toBe('scheduled');
    await world.pool('p', -1);
    expect(await world.reasons('r', { taskId: 'y' })).toEqual([]);
  });

  it('for a pool that is too narrow or is not there', async () => {
    world = await WhyWorld.start({ wide: { pool: 'p', poolSlots: 5 }, lost: { pool: 'nowhere', poolSlots: 2 } });
    await world.pool('p', 2);
    await world.run('r');
    const [wide] = await world.reasons('r', { taskId: 'wide' });
    expect(wide).toMatchObject({
      fact: 'Pool p has 2 of 2 slots free, it is the next.',
      needs: 'It needs 5 slots, more than the pool has.',
      holders: [],
    });
    expect(commandsOf([wide!])).toEqual(['npx millrace pools set p 5']);
    const [lost] = await world.reasons('r', { taskId: 'lost' });
    expect(lost).toMatchObject({
      kind: 'pool',
      fact: 'There is no pool nowhere.',
      needs: 'It starts when somebody makes it.',
    });
    expect(commandsOf([lost!])).toEqual(['npx millrace pools set nowhere 2']);
  });

  it('for its run, which may do so many tasks at once', async () => {
    world = await WhyWorld.start({ a: {}, b: {}, c: {} }, { maxActiveTasks: 1 });
    await world.run('r');
    expect(await world.reasons('r', { taskId: 'c' })).toMatchObject([
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
    world = await WhyWorld.start({
      one: { maxActivePerDag: 1 },
      other: {},
      each: { maxActivePerRun: 2, mapping: over },
    });
    await world.run('r1');
    await world.run('r2');
    expect(await world.reasons('r2', { taskId: 'one' })).toMatchObject([
      {
        kind: 'limit',
        fact: '1 of 1 instances of one run, it is the next.',
        limit: 1,
        holders: [{ dag_run_id: 'r1', task_id: 'one', slots: 1 }],
      },
    ]);
    expect(await world.reasons('r1', { taskId: 'each', mapIndex: 2 })).toMatchObject([
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
    world = await WhyWorld.start(
      { first: { priority: 9 }, second: { priority: 5 }, third: { priority: 5 }, last: {} },
      {},
      1,
    );
    await world.run('r');
    expect(await world.reasons('r', { taskId: 'last' })).toMatchObject([
      {
        kind: 'queued',
        fact: '2 task instances are before it.',
        ahead: 2,
        needs: 'It starts when a worker is free for it.',
        holders: [{ task_id: 'first' }],
      },
    ]);
    expect(await world.reasons('r', { taskId: 'third' })).toMatchObject([
      { fact: '1 task instance is before it.', ahead: 1 },
    ]);
    expect(await world.reasons('r', { taskId: 'second' })).toMatchObject([
      { fact: 'It is the next in line.', ahead: 0 },
    ]);
    expect((await world.about('r', { taskId: 'last' }))[0]!.passing).toEqual(
      expect.arrayContaining(['it is active', 'nothing is upstream', 'no limit holds it back']),
    );
    expect(await world.about('r', { taskId: 'first' })).toMatchObject(
      [{ state: 'running', reasons: [], passing: ['it runs'] }].map((entry) => ({
        ...entry,
        passing: expect.arrayContaining(entry.passing),
      })),
    );
  });

  it('until it is tried again', async () => {
    world = await WhyWorld.start({ a: { retries: 2, retryDelay: 90_000 } });
    await world.run('r');
    world.engine.executor.finish('a', fails());
    await world.engine.settle();
    const [reason] = await world.reasons('r', { taskId: 'a' });
    expect(reason).toMatchObject({
      kind: 'retry_wait',
      fact: 'Attempt 1 of 3 failed; it is tried again.',
      until: new Date(world.engine.clock.now() + 90_000).toISOString(),
    });
    expect(commandsOf([reason!])).toEqual(['npx millrace runs clear d r --task a']);
  });
});

describe('what has ended', () => {
  it('says how, and of what never ran which of its upstream is to blame', async () => {
    world = await WhyWorld.start({ a: {}, b: { after: ['a'] }, c: { after: ['b'] }, s: {}, t: { after: ['s'] } });
    await world.run('r');
    world.engine.executor.finish('s', skips);
    world.engine.executor.finish('a', fails('never'));
    await world.engine.settle();
    const fact = async (task: string) =>
      (await world.reasons('r', { taskId: task })).map((reason) => [reason.kind, reason.fact]);
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
    expect(commandsOf(await world.reasons('r', { taskId: 'b' }))).toEqual(['npx millrace runs clear d r --task b']);
    expect(await world.about('r')).toEqual([]);
  });

  it('says that its run was cancelled, before it began or after', async () => {
    world = await WhyWorld.start({ a: {}, b: { after: ['a'] } }, { maxActiveRuns: 1 });
    const first = await world.run('r1');
    const second = await world.run('r2');
    await world.engine.do((e) => cancelRun(e, second));
    await world.engine.do((e) => cancelRun(e, first));
    expect(await world.reasons('r1', { taskId: 'b' })).toMatchObject([
      { kind: 'run_ended', fact: 'The run has ended: cancelled.' },
      { kind: 'finished', fact: 'It has ended: failed (cancelled).' },
    ]);
    expect(await world.reasons('r2', { taskId: 'b' })).toMatchObject([
      { kind: 'run_ended', fact: 'The run has ended: cancelled.' },
    ]);
  });
});

it('knows the body of a flow, and its calls by their names', async () => {
  world = await WhyWorld.start({ d: {} }, { kind: 'flow' }, 0);
  const { id } = await world.run('r');
  expect(await world.about('r')).toMatchObject([
    { task_id: 'd', state: 'queued', reasons: [{ kind: 'queued', ahead: 0 }] },
  ]);
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
  await world.store.transaction(({ steps }) =>
    steps.record([
      { ...call, task: 1, name: 'load', state: 'up_for_retry', inputHash: null },
      { ...call, task: 2, name: 'send', state: 'running', inputHash: null },
    ]),
  );
  expect(await world.reasons('r', { taskId: 'load' })).toMatchObject([
    { kind: 'retry_wait', fact: 'Attempt 1 of 2 failed; it is tried again.' },
  ]);
  expect(await world.about('r', { taskId: 'send' })).toMatchObject([
    { task_id: 'send', state: 'running', reasons: [] },
  ]);
  expect((await world.about('r')).map(({ task_id }) => task_id)).toEqual(['d', 'load']);
});

it('says what there is not', async () => {
  world = await WhyWorld.start({ a: {} });
  await world.run('r');
  const ask = (request: { dagId?: string; runId?: string; taskId?: string; mapIndex?: number }) =>
    why({ store: world.store, clock: world.engine.clock }, new VersionCache(), { dagId: 'd', runId: 'r', ...request });
  await expect(ask({ dagId: 'x' })).rejects.toThrow("there is no workflow 'x'");
  await expect(ask({ runId: 'x' })).rejects.toThrow("d has no run 'x'");
  await expect(ask({ taskId: 'x' })).rejects.toThrow("d has no task 'x'");
  await expect(ask({ taskId: 'a', mapIndex: 3 })).rejects.toThrow('a has no instance 3');
});

it('puts instances that wait for the same together, and counts those that it does not look at', async () => {
  const over: TaskSketch['mapping'] = () => ({ kind: 'expand', over: [['n', listOf(...Array(400).keys())]] });
  const others = Array.from({ length: 120 }, (_, n) => [`t${n}`, { pool: 'p' }] as const);
  world = await WhyWorld.start({ each: { mapping: over, pool: 'p', priority: 9 }, ...Object.fromEntries(others) });
  await world.pool('p', 10);
  await world.run('r');
  const sources = { store: world.store, clock: new VirtualClock() };
  const { waiting, total } = await why(sources, new VersionCache(), { dagId: 'd', runId: 'r' });
  expect([waiting.length, total]).toEqual([100, 390 + 120]);
  expect(waiting[0]).toMatchObject({
    task_id: 'each',
    map_index: 10,
    instances: 390,
    reasons: [{ kind: 'pool', ahead: 0 }],
  });
  expect(waiting[1]).toMatchObject({ task_id: 't0', instances: 1, reasons: [{ kind: 'pool', ahead: 390 }] });
  // Without an index the first that waits is meant, not one that runs.
  expect(await world.about('r', { taskId: 'each' })).toMatchObject([{ map_index: 10, state: 'scheduled' }]);
});
