import { afterEach, describe, expect, it } from 'vitest';
import type { RunRow } from '../store/rows.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { recount } from './clearing.ts';
import { WorkflowGraph } from './graph.ts';
import { type MarkedState, type Marking, markInstances, markRun } from './marking.ts';
import { cancelRun } from './operations.ts';
import { resume } from './resuming.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { fails, succeeds } from './testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from './testing/spec-builder.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}): Promise<RunRow> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks, dag));
  return world.trigger('d');
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  for (const run of await world.runs('d')) await expectCounted(run);
  const limits = (await store.queries.limits()).filter(({ used, parked }) => used !== 0 || parked !== 0);
  if ((await world.runs('d')).every(({ endedAt }) => endedAt !== null)) expect(limits).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

/** Counters of instances and runs are what a recount says. */
async function expectCounted(run: RunRow): Promise<void> {
  const graph = new WorkflowGraph((await store.queries.version(run.versionId))!.spec);
  const rows = await store.queries.instances(run.id);
  const byTask = Map.groupBy(rows, ({ task }) => task);
  // Of what has finished nobody asks any more.
  for (const row of rows.filter(({ state }) => state === 'none')) {
    expect([row.task, row.counters]).toEqual([row.task, recount(graph, byTask, row)]);
  }
  const finished = ['success', 'failed', 'skipped', 'upstream_failed', 'removed'];
  const { counters } = (await store.queries.run(run.id))!;
  expect(counters.unfinished).toBe(rows.filter(({ state }) => !finished.includes(state)).length);
  const bad = rows.filter(({ task, state }) => graph.decisive.has(task) && /failed/.test(state));
  expect(counters.bad).toBe(bad.length);
}

const mark = (run: RunRow, task: string, to: MarkedState, how: Pick<Marking, 'upstream' | 'downstream'> = {}) =>
  world.do((e) => markInstances(e, run, { to, select: (_, id) => id === task, ...how }));

async function finish(name: string, outcome = succeeds()): Promise<void> {
  world.executor.finish(name, outcome);
  await world.settle();
}

describe('marking an instance', () => {
  it('of a running attempt stops it, and the run goes on', async () => {
    const run = await start({ a: {}, b: { after: ['a'] } });
    const changed = await mark(run, 'a', 'success');
    expect(changed.map(({ task }) => task)).toEqual([0]);
    expect(world.executor.cancelled).toEqual([{ name: 'a', reason: 'marked' }]);
    expect(await world.states(run)).toEqual({ a: 'success', b: 'running' });
    expect((await store.queries.attempts(run.id)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['cancelled', 'marked'],
    ]);
    await finish('a', fails('never'));
    expect(await world.states(run)).toEqual({ a: 'success', b: 'running' });
    expect(await world.eventsOf('report.ignored')).toHaveLength(1);
    await finish('b');
    expect((await world.run(run)).state).toBe('success');
  });

  it('as a failure is a failure for what is downstream', async () => {
    const run = await start({ a: {}, b: { after: ['a'] }, c: { after: ['b'], triggerRule: 'all_done' } });
    await mark(run, 'a', 'failed');
    expect(await world.states(run)).toEqual({ a: 'failed', b: 'upstream_failed', c: 'running' });
    await finish('c');
    expect((await world.run(run)).state).toBe('success');
  });

  it('as skipped skips what is downstream by its rule', async () => {
    const run = await start({ a: {}, b: { after: ['a'] }, c: { after: ['a'], triggerRule: 'none_failed' } });
    await mark(run, 'a', 'skipped');
    expect(await world.states(run)).toEqual({ a: 'skipped', b: 'skipped', c: 'running' });
    await finish('c');
  });

  it('that failed as a success lets what was not run for its sake run, in a run that had ended', async () => {
    const run = await start({ a: {}, b: { after: ['a'] }, c: { after: ['b'] }, other: {} });
    await finish('other');
    await finish('a', fails('never'));
    expect(await world.run(run)).toMatchObject({ state: 'failed' });
    await mark(run, 'a', 'success');
    expect(await world.states(run)).toEqual({ a: 'success', b: 'running', c: 'none', other: 'success' });
    expect((await world.run(run)).state).toBe('running');
    await finish('b');
    await finish('c');
    expect((await world.run(run)).state).toBe('success');
    expect(world.executor.started).toEqual(['a#1', 'other#1', 'b#1', 'c#1']);
  });

  it('clears what failed downstream, and leaves what succeeded or was skipped there', async () => {
    const run = await start({
      a: {},
      done: { after: ['a'], triggerRule: 'all_done' },
      broken: { after: ['a'], triggerRule: 'all_done' },
      skipped: { after: ['a'], triggerRule: 'all_success' },
    });
    await finish('a', { kind: 'skipped', message: null });
    await finish('done');
    await finish('broken', fails('never'));
    expect(await world.states(run)).toEqual({ a: 'skipped', done: 'success', broken: 'failed', skipped: 'skipped' });
    await mark(run, 'a', 'success');
    expect(await world.states(run)).toEqual({ a: 'success', done: 'success', broken: 'running', skipped: 'skipped' });
    await finish('broken');
    expect(await world.attempts(run)).toMatchObject({ broken: 2, done: 1 });
    expect((await world.run(run)).state).toBe('success');
  });

  it('changes the end of a run of which nothing is left to do', async () => {
    const run = await start({ a: {} });
    await finish('a', fails('never'));
    await mark(run, 'a', 'success');
    expect(await world.run(run)).toMatchObject({ state: 'success', reason: 'marked' });
    await mark(run, 'a', 'failed');
    expect(await world.run(run)).toMatchObject({ state: 'failed' });
    expect(world.executor.started).toEqual(['a#1']);
    expect(await mark(run, 'a', 'failed')).toEqual([]);
    expect((await store.queries.instances(run.id))[0]).toMatchObject({ state: 'failed', reason: 'marked' });
  });

  it('of a cancelled run does not make it a failure', async () => {
    const run = await start({ a: {}, b: { after: ['a'] } });
    await world.do((e) => cancelRun(e, run));
    await mark(run, 'a', 'skipped', { downstream: true });
    expect(await world.run(run)).toMatchObject({ state: 'success' });
    const other = await world.trigger('d');
    await world.do((e) => cancelRun(e, other));
    await world.do((e) => markInstances(e, other, { to: 'failed', select: () => true }));
    expect(await world.run(other)).toMatchObject({ state: 'cancelled' });
  });

  it('takes upstream or downstream with it', async () => {
    const sketch = { a: {}, b: { after: ['a'] }, c: { after: ['b'] }, d: { after: ['c'] } };
    const run = await start(sketch);
    await mark(run, 'c', 'success', { upstream: true });
    expect(await world.states(run)).toEqual({ a: 'success', b: 'success', c: 'success', d: 'running' });
    await finish('d');
    const second = await world.trigger('d');
    await mark(second, 'b', 'failed', { downstream: true });
    expect(await world.states(second)).toEqual({ a: 'running', b: 'failed', c: 'failed', d: 'failed' });
    // The attempt that was stopped, then that of the second run.
    await finish('a');
    await finish('a');
    expect((await world.run(second)).state).toBe('failed');
  });

  it('that waits for a limit, or for its next try, leaves the line', async () => {
    const run = await start({ a: { maxActivePerDag: 1 }, b: { retries: 2, retryDelay: 1000 } });
    const second = await world.trigger('d');
    await finishOne('b', fails());
    await finishOne('b', fails());
    expect(await world.states(second)).toEqual({ a: 'queued', b: 'up_for_retry' });
    expect(Object.keys(await world.parked(second))).toEqual(['a']);
    await world.do((e) => markInstances(e, second, { to: 'success', select: () => true }));
    expect((await world.run(second)).state).toBe('success');
    await world.do((e) => markInstances(e, run, { to: 'success', select: () => true }));
    await world.advance(10_000);
    expect(world.executor.started).toEqual(['a#1', 'b#1', 'b#1']);
    expect((await world.run(run)).state).toBe('success');
  });

  it('of one element of a mapped task counts as that element', async () => {
    const run = await start({
      m: { mapping: () => ({ kind: 'expand', over: [['x', listOf(1, 2, 3)]] }) },
      all: { after: ['m'] },
    });
    await finish('m[0]');
    await finish('m[1]', fails('never'));
    await finish('m[2]');
    expect(await world.states(run)).toMatchObject({ all: 'upstream_failed' });
    await world.do((e) => markInstances(e, run, { to: 'success', select: (row, id) => id === 'm' && row.index === 1 }));
    expect(await world.states(run)).toMatchObject({ 'm[1]': 'success', all: 'running' });
    await finish('all');
    expect((await world.run(run)).state).toBe('success');
  });

  it('of a task that has not been expanded stands for all of it', async () => {
    const run = await start({
      list: {},
      m: { after: ['list'], mapping: ({ output }) => ({ kind: 'expand', over: [['x', output('list')]] }) },
      all: { after: ['m'], triggerRule: 'none_failed' },
    });
    await mark(run, 'm', 'skipped');
    expect(await world.states(run)).toEqual({ list: 'running', m: 'skipped', all: 'running' });
    await finish('all');
    await finish('list');
    expect((await world.run(run)).state).toBe('success');
  });
});

async function finishOne(task: string, outcome = succeeds()): Promise<void> {
  const [facts] = world.executor.heldFacts(task);
  world.executor.finishWhere((held) => held.order.taskId === task && held.facts.key === facts!.key, outcome);
  await world.settle();
}

describe('marking a run', () => {
  const sketch: Record<string, TaskSketch> = {
    done: {},
    runs: {},
    waits: { after: ['runs'] },
    again: { retries: 1, retryDelay: 1000 },
  };

  it('as a success ends all its instances as successes', async () => {
    const run = await start(sketch);
    await finish('done');
    await finish('again', fails());
    expect(await world.do((e) => markRun(e, run, 'success'))).toBe(true);
    expect(await world.states(run)).toEqual({ done: 'success', runs: 'success', waits: 'success', again: 'success' });
    expect(await world.run(run)).toMatchObject({ state: 'success', reason: 'marked' });
    expect(world.executor.cancelled).toEqual([{ name: 'runs', reason: 'marked' }]);
    expect(await world.do((e) => markRun(e, run, 'success'))).toBe(false);
  });

  it('as failed fails what runs and skips what waits', async () => {
    const run = await start(sketch);
    await finish('done');
    await finish('again', fails());
    await world.do((e) => markRun(e, run, 'failed'));
    expect(await world.states(run)).toEqual({ done: 'success', runs: 'failed', waits: 'skipped', again: 'skipped' });
    expect(await world.run(run)).toMatchObject({ state: 'failed', reason: 'marked' });
    expect(await world.eventsOf('run.failed')).toHaveLength(1);
    await world.advance(10_000);
    expect(world.executor.started).toHaveLength(3);
  });

  it('that has ended changes its end: a failure leaves its instances, a success does not', async () => {
    const run = await start({ a: {}, b: { after: ['a'] } });
    await finish('a');
    await finish('b', fails('never'));
    await world.do((e) => markRun(e, run, 'success'));
    expect(await world.states(run)).toEqual({ a: 'success', b: 'success' });
    expect((await world.run(run)).state).toBe('success');
    await world.do((e) => markRun(e, run, 'failed'));
    expect(await world.states(run)).toEqual({ a: 'success', b: 'success' });
    expect((await world.run(run)).state).toBe('failed');
  });

  it('that waits for its turn never starts, and lets the next one start', async () => {
    const first = await start({ a: {} }, { maxActiveRuns: 1 });
    const second = await world.trigger('d');
    const third = await world.trigger('d');
    await world.do((e) => markRun(e, second, 'failed'));
    await world.do((e) => markRun(e, first, 'success'));
    expect((await world.run(second)).state).toBe('failed');
    expect((await world.run(third)).state).toBe('running');
    await finish('a');
    await finish('a');
  });

  it('lets teardowns do their work before it ends', async () => {
    const run = await start({
      up: { setup: true },
      work: { after: ['up'] },
      down: { after: ['up', 'work'], teardown: true },
    });
    await finish('up');
    await world.do((e) => markRun(e, run, 'failed'));
    expect(await world.states(run)).toEqual({ up: 'success', work: 'failed', down: 'running' });
    expect((await world.run(run)).state).toBe('running');
    await finish('down');
    expect((await world.run(run)).state).toBe('failed');
  });
});

describe('resuming a run', () => {
  it('runs again what failed and what was not run for its sake, and nothing else', async () => {
    const run = await start({ a: {}, b: {}, c: { after: ['b'] }, d: { after: ['a', 'c'] } });
    await finish('a');
    await finish('b', fails('never'));
    expect(await world.states(run)).toEqual({ a: 'success', b: 'failed', c: 'upstream_failed', d: 'upstream_failed' });
    const again = await world.do((e) => resume(e, run));
    expect(again.map(({ task }) => task)).toEqual([1, 2, 3]);
    for (const name of ['b', 'c', 'd']) await finish(name);
    expect(world.executor.started).toEqual(['a#1', 'b#1', 'b#2', 'c#1', 'd#1']);
    expect((await world.run(run)).state).toBe('success');
    await expect(world.do((e) => resume(e, run))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('goes on with what a cancel, a time-out or a failure elsewhere cut short', async () => {
    const sketch = { a: {}, b: { after: ['a'] } };
    const run = await start(sketch, { runTimeout: 60_000 });
    await expect(world.do((e) => resume(e, run))).rejects.toMatchObject({ code: 'conflict' });
    await finish('a');
    await world.advance(60_000);
    expect(await world.states(run)).toEqual({ a: 'success', b: 'skipped' });
    await world.do((e) => resume(e, run));
    expect(await world.states(run)).toEqual({ a: 'success', b: 'running' });
    await world.do((e) => cancelRun(e, run));
    await world.do((e) => resume(e, run));
    world.executor.finishWhere(({ order }) => order.taskId === 'b' && order.attempt === 3);
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
    expect(await world.attempts(run)).toEqual({ a: 1, b: 3 });
  });
});
