import { afterEach, describe, expect, it } from 'vitest';
import { TRIGGER_RULES } from '../model/trigger-rule.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { fails, skips, succeeds } from './testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from './testing/spec-builder.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  await world.publish(dagSpec('d', tasks, dag));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

/** Skips these tasks, as a branch does with what it does not follow. */
function passesOver(...tasks: number[]) {
  return succeeds(undefined, { scope: 'direct', tasks });
}

describe('the order of a graph', () => {
  it('runs a chain one after the other', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] }, c: { after: ['b'] } });
    const run = await world.trigger('d');
    expect(executor.started).toEqual(['a#1', 'b#1', 'c#1']);
    expect(await world.states(run)).toEqual({ a: 'success', b: 'success', c: 'success' });
    expect((await world.run(run)).state).toBe('success');
  });

  it('runs both sides of a diamond at once, and its end after both', async () => {
    const { executor } = await start({
      a: {},
      b: { after: ['a'] },
      c: { after: ['a'] },
      d: { after: ['b', 'c'] },
    });
    executor.answerOthers('hold');
    const run = await world.trigger('d');
    executor.finish('a');
    await world.settle();
    expect(executor.running).toEqual(['b', 'c']);
    executor.finish('c');
    await world.settle();
    expect(executor.running).toEqual(['b']);
    expect((await world.states(run)).d).toBe('none');
    executor.finish('b');
    await world.settle();
    executor.finish('d');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
  });

  it('passes a failure on, and fails the run', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] }, c: { after: ['b'] }, free: {} });
    executor.answer('a', fails());
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({
      a: 'failed',
      b: 'upstream_failed',
      c: 'upstream_failed',
      free: 'success',
    });
    expect((await world.run(run)).state).toBe('failed');
  });

  it('ends a run without tasks as a success', async () => {
    await start({});
    expect((await world.run(await world.trigger('d'))).state).toBe('success');
  });
});

/** Upstreams that end so, and what a task with the rule then ends as. */
const RULES: readonly (readonly [(typeof TRIGGER_RULES)[number], readonly string[], string])[] = [
  ['all_success', ['success', 'success'], 'success'],
  ['all_success', ['success', 'skipped'], 'skipped'],
  ['all_failed', ['failed', 'failed'], 'success'],
  ['all_failed', ['failed', 'success'], 'skipped'],
  ['all_done', ['failed', 'skipped'], 'success'],
  ['all_done_min_one_success', ['failed', 'success'], 'success'],
  ['all_done_min_one_success', ['failed', 'failed'], 'upstream_failed'],
  ['all_skipped', ['skipped', 'skipped'], 'success'],
  ['all_skipped', ['skipped', 'success'], 'skipped'],
  ['one_success', ['failed', 'success'], 'success'],
  ['one_success', ['failed', 'skipped'], 'upstream_failed'],
  ['one_failed', ['failed', 'success'], 'success'],
  ['one_failed', ['success', 'success'], 'skipped'],
  ['one_done', ['skipped', 'success'], 'success'],
  ['one_done', ['skipped', 'skipped'], 'skipped'],
  ['none_failed', ['skipped', 'success'], 'success'],
  ['none_failed', ['failed', 'success'], 'upstream_failed'],
  ['none_failed_min_one_success', ['skipped', 'success'], 'success'],
  ['none_failed_min_one_success', ['skipped', 'skipped'], 'skipped'],
  ['none_skipped', ['failed', 'success'], 'success'],
  ['none_skipped', ['failed', 'skipped'], 'skipped'],
  ['always', ['failed', 'skipped'], 'success'],
];

describe('trigger rules', () => {
  it.each(RULES)('%s after %j: %s', async (triggerRule, ends, expected) => {
    const { executor } = await start({ a: {}, b: {}, t: { after: ['a', 'b'], triggerRule } });
    const outcomes = { success: succeeds(), failed: fails(), skipped: skips };
    for (const [index, name] of ['a', 'b'].entries())
      executor.answer(name, outcomes[ends[index] as keyof typeof outcomes]);
    const run = await world.trigger('d');
    expect((await world.states(run)).t).toBe(expected);
  });

  it('has a case for each rule that a user may choose', () => {
    const chosen = new Set(RULES.map(([rule]) => rule));
    expect(TRIGGER_RULES.filter((rule) => !chosen.has(rule))).toEqual(['all_done_setup_success']);
  });

  it('does not wait for the others where one is enough', async () => {
    const { executor } = await start({ a: {}, b: {}, t: { after: ['a', 'b'], triggerRule: 'one_success' } });
    executor.answer('b', 'hold');
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({ a: 'success', b: 'running', t: 'success' });
    expect((await world.run(run)).state).toBe('running');
    executor.finish('b');
  });
});

describe('branches', () => {
  it('skips what is not followed, and not the join behind both', async () => {
    const { executor } = await start({
      choose: { kind: 'branch' },
      left: { after: ['choose'] },
      right: { after: ['choose'] },
      join: { after: ['left', 'right'], triggerRule: 'none_failed_min_one_success' },
    });
    executor.answer('choose', passesOver(2));
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({ choose: 'success', left: 'success', right: 'skipped', join: 'success' });
    expect((await world.attempts(run)).right).toBe(0);
  });

  it('skips directly, whatever the rule of the skipped task', async () => {
    const { executor } = await start({ choose: { kind: 'branch' }, t: { after: ['choose'], triggerRule: 'all_done' } });
    executor.answer('choose', passesOver(1));
    expect((await world.states(await world.trigger('d'))).t).toBe('skipped');
  });

  it('skips what already waits in the queue, which keeps the attempt that it never made', async () => {
    const { executor } = await start({
      choose: { kind: 'branch', priority: 2 },
      t: { after: ['choose'], triggerRule: 'always' },
    });
    executor.capacity = 1;
    executor.answer('choose', passesOver(1));
    const run = await world.trigger('d');
    expect(executor.started).toEqual(['choose#1']);
    expect([(await world.states(run)).t, (await world.attempts(run)).t]).toEqual(['skipped', 1]);
    expect((await world.run(run)).state).toBe('success');
  });

  it('outdoes a failure upstream of what it does not follow, and takes it back downstream', async () => {
    const { executor } = await start({
      broken: {},
      choose: { kind: 'branch' },
      t: { after: ['broken', 'choose'] },
      below: { after: ['t', 'late'], triggerRule: 'none_failed' },
      late: {},
    });
    executor.answer('broken', fails()).answer('choose', 'hold').answer('late', 'hold');
    const run = await world.trigger('d');
    expect((await world.states(run)).t).toBe('upstream_failed');
    executor.finish('choose', passesOver(2));
    executor.finish('late');
    await world.settle();
    expect((await world.states(run)).t).toBe('skipped');
    // It was decided while its upstream had failed.
    expect((await world.states(run)).below).toBe('upstream_failed');
    const rows = await store.queries.instances(run.id);
    expect(rows[3]!.counters).toMatchObject({ upstreamFailed: 0, skipped: 1, success: 1, expected: 2 });
  });

  it('skips in a mapped group only at its own index', async () => {
    const { executor } = await start(
      {
        choose: { kind: 'branch', group: 'g' },
        left: { group: 'g', after: ['choose'] },
        right: { group: 'g', after: ['choose'] },
        outside: { after: ['choose', 'right'], triggerRule: 'none_failed_min_one_success' },
      },
      { groups: { g: () => ({ kind: 'over', over: listOf('x', 'y') }) } },
    );
    executor.answer('choose', ({ mapIndex }) => passesOver(mapIndex === 0 ? 1 : 2));
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({
      'choose[0]': 'success',
      'choose[1]': 'success',
      'left[0]': 'skipped',
      'left[1]': 'success',
      'right[0]': 'success',
      'right[1]': 'skipped',
      outside: 'success',
    });
  });
});

describe('short circuits', () => {
  const graph: Record<string, TaskSketch> = {
    check: { kind: 'short_circuit' },
    near: { after: ['check'] },
    far: { after: ['near'], triggerRule: 'all_done' },
    open: { setup: true },
    work: { after: ['open', 'far'] },
    close: { after: ['open', 'work'], teardown: true },
  };

  it('skips all that is downstream whatever the rules, but no teardown', async () => {
    const { executor } = await start(graph);
    executor.answer('check', succeeds(false, { scope: 'all', tasks: [1, 2, 4] }));
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({
      check: 'success',
      near: 'skipped',
      far: 'skipped',
      open: 'success',
      work: 'skipped',
      close: 'success',
    });
  });

  it('skips only what is directly downstream, and leaves the rest to its rule', async () => {
    const { executor } = await start(graph);
    executor.answer('check', succeeds(false, { scope: 'direct', tasks: [1] }));
    const run = await world.trigger('d');
    expect(await world.states(run)).toMatchObject({
      near: 'skipped',
      far: 'success',
      work: 'success',
      close: 'success',
    });
  });

  it('of one index leaves what is outside of its mapped group alone', async () => {
    const { executor } = await start(
      {
        check: { kind: 'short_circuit', group: 'g' },
        in: { group: 'g', after: ['check'] },
        out: { after: ['in'], triggerRule: 'all_done' },
      },
      { groups: { g: () => ({ kind: 'over', over: listOf(1, 2) }) } },
    );
    executor.answer('check', ({ mapIndex }) =>
      mapIndex === 0 ? succeeds(false, { scope: 'all', tasks: [1, 2] }) : succeeds(true),
    );
    const run = await world.trigger('d');
    expect(await world.states(run)).toMatchObject({ 'in[0]': 'skipped', 'in[1]': 'success', out: 'success' });
  });
});

describe('setup and teardown', () => {
  const graph: Record<string, TaskSketch> = {
    open: { setup: true },
    work: { after: ['open'] },
    more: { after: ['work'] },
    close: { after: ['open', 'more'], teardown: true },
  };

  it('closes after failed work, which still fails the run', async () => {
    const { executor } = await start(graph);
    executor.answer('work', fails());
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({
      open: 'success',
      work: 'failed',
      more: 'upstream_failed',
      close: 'success',
    });
    expect((await world.run(run)).state).toBe('failed');
  });

  it('does not close what was never opened', async () => {
    const { executor } = await start(graph);
    executor.answer('open', fails());
    const run = await world.trigger('d');
    expect(await world.states(run)).toMatchObject({ work: 'upstream_failed', close: 'upstream_failed' });
  });

  it('does not fail the run by a failed teardown, unless that is asked for', async () => {
    const { executor } = await start(graph);
    executor.answer('close', fails());
    expect((await world.run(await world.trigger('d'))).state).toBe('success');
    await world.publish(dagSpec('strict', { ...graph, close: { ...graph.close!, onFailureFailRun: true } }));
    expect((await world.run(await world.trigger('strict'))).state).toBe('failed');
  });

  it('does not hold the teardown up by work that does not lead to it', async () => {
    const { executor } = await start({ ...graph, side: { after: ['open'] }, end: { after: ['side', 'close'] } });
    executor.answer('side', 'hold');
    const run = await world.trigger('d');
    // `side` leads nowhere near the teardown: only what lies between the two is in scope.
    expect((await world.states(run)).close).toBe('success');
    executor.finish('side');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
  });
});

describe('fail fast', () => {
  it('skips what has not started, stops what runs, and still closes what was opened', async () => {
    const { executor } = await start(
      {
        open: { setup: true },
        bad: { after: ['open'] },
        slow: { after: ['open'] },
        later: { after: ['bad', 'slow'] },
        close: { after: ['open', 'later'], teardown: true },
      },
      { failFast: true },
    );
    executor.answer('bad', 'hold').answer('slow', 'hold');
    const run = await world.trigger('d');
    executor.finish('bad', fails());
    await world.settle();
    expect(await world.states(run)).toEqual({
      open: 'success',
      bad: 'failed',
      slow: 'skipped',
      later: 'skipped',
      close: 'success',
    });
    expect(executor.cancelled).toEqual([{ name: 'slow', reason: 'fail_fast' }]);
    expect(await world.logOf(run, 'slow')).toEqual(['attempt 1 was stopped (fail_fast)']);
    expect(await world.eventsOf('run.failed_fast')).toMatchObject([{ run: run.id, task: 1 }]);
    // The late word of the stopped attempt changes nothing.
    executor.finish('slow');
    await world.settle();
    expect((await world.states(run)).slow).toBe('skipped');
  });
});
