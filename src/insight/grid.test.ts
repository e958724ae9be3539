import { afterEach, describe, expect, it, vi } from 'vitest';
import { markInstances } from '../engine/marking.ts';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { fails, succeeds } from '../engine/testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { graph } from './graph.ts';
import { type GridFilter, grid } from './grid.ts';
import { VersionCache } from './version-cache.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks, dag));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

const ask = (filter: Partial<GridFilter> = {}) =>
  grid(world, new VersionCache(), { dagId: 'd', filter: { limit: 10, ...filter } });
const draw = (runId?: string) => graph(world, new VersionCache(), { dagId: 'd', runId });

/** Ends what runs of these tasks, each after so many seconds. */
async function finish(ends: Readonly<Record<string, number>>, outcome = succeeds()): Promise<void> {
  for (const [name, seconds] of Object.entries(ends)) {
    await world.advance(seconds * 1000);
    world.executor.finish(name, outcome);
    await world.settle();
  }
}

describe('a grid', () => {
  it('has a column each run, the oldest first, and a letter each task', async () => {
    await start({ a: { retries: 1 }, b: { after: ['a'] }, c: { after: ['b'] } });
    await world.trigger('d', { runId: 'r1' });
    await finish({ a: 2, b: 3, c: 5 });
    await world.trigger('d', { runId: 'r2' });
    await finish({ a: 1 }, fails());
    await finish({ a: 4 });
    await finish({ b: 1 }, fails());
    await world.trigger('d', { runId: 'r3' });
    await world.advance(7_000);
    const answer = await ask();
    expect(answer.runs.map((run) => [run.dag_run_id, run.state, run.duration, run.version])).toEqual([
      ['r1', 'success', 10, 1],
      ['r2', 'failed', 6, 1],
      ['r3', 'running', 7, 1],
    ]);
    expect(answer.columns).toEqual([
      { states: 'sss', durations: [2, 3, 5], mapped: {}, attempts: {} },
      { states: 'sfu', durations: [4, 1, null], mapped: {}, attempts: { 0: 2 } },
      { states: 'r..', durations: [7, null, null], mapped: {}, attempts: {} },
    ]);
    expect(answer.has_earlier).toBe(false);
    expect(answer.states).toMatchObject({ s: 'success', '.': 'none', u: 'upstream_failed' });
    const last = await ask({ limit: 2 });
    expect([last.runs.map(({ dag_run_id }) => dag_run_id), last.has_earlier]).toEqual([['r2', 'r3'], true]);
    expect((await ask({ types: ['scheduled'] })).runs).toEqual([]);
  });

  it('counts what has ended once, and again when something happens in it', async () => {
    await start({ a: {}, b: { after: ['a'] } });
    const run = await world.trigger('d', { runId: 'r1' });
    await finish({ a: 2 }, fails());
    const counted = vi.spyOn(store.readings, 'taskStates');
    const letters = async () => (await ask()).columns.map(({ states }) => states);
    expect([await letters(), await letters()]).toEqual([['fu'], ['fu']]);
    expect(counted.mock.calls.map(([runs]) => runs)).toEqual([[run.id], []]);
    await world.do((e) => markInstances(e, run, { to: 'success', select: (_, id) => id === 'b' }));
    expect(await letters()).toEqual(['fs']);
    await world.publish(dagSpec('d', { c: {}, a: {}, b: { after: ['a'] } }));
    expect((await ask()).columns.map(({ states }) => states)).toEqual([' fs']);
    await world.trigger('d', { runId: 'r2' });
    counted.mockClear();
    expect(await letters()).toEqual([' fs', 'rr.']);
    expect(counted.mock.calls.flatMap(([runs]) => runs)).not.toContain(run.id);
    counted.mockRestore();
  });

  it('counts instances of mapped tasks and sums up groups, whatever the ids of their tasks', async () => {
    const over: TaskSketch['mapping'] = () => ({ kind: 'expand', over: [['n', listOf(1, 2, 3)]] });
    await start(
      {
        each: { mapping: over, group: 'g', maxActivePerRun: 2 },
        'g.own': { group: 'g' },
        last: { after: ['each', 'g.own'] },
      },
      { groups: { g: () => null } },
    );
    await world.trigger('d', { runId: 'r1' });
    await finish({ 'each[1]': 1 }, fails());
    const { rows, columns } = await ask();
    expect(rows.map((row) => [row.id, row.label, row.kind, row.parent, row.is_mapped, row.tasks])).toEqual([
      ['g', 'g', 'group', null, false, 2],
      ['each', 'each', 'task', 'g', true, 1],
      ['g.own', 'own', 'task', 'g', false, 1],
      ['last', 'last', 'task', null, false, 1],
    ]);
    expect(columns[0]).toMatchObject({ states: 'ffru', mapped: { 1: { failed: 1, running: 2 } } });
    const { nodes } = await draw('r1');
    expect(nodes.map(({ id, state, instances, fact }) => [id, state, instances, fact])).toEqual([
      ['g', 'failed', null, null],
      ['each', 'failed', 3, '0 done · 1 failed · 2 running'],
      ['g.own', 'running', null, '1 s'],
      ['last', 'upstream_failed', null, 'will not run: 1 of 3 failed'],
    ]);
  });

  it('keeps the tasks of runs on older versions, by their names', async () => {
    await start({ old: {}, both: {} });
    await world.trigger('d', { runId: 'r1' });
    await finish({ old: 1, both: 1 });
    await world.publish(dagSpec('d', { both: {}, fresh: {} }));
    await world.trigger('d', { runId: 'r2' });
    await finish({ fresh: 1 });
    const { rows, columns, runs } = await ask();
    expect(rows.map(({ id }) => id)).toEqual(['both', 'fresh', 'old']);
    expect(columns.map(({ states }) => states)).toEqual(['s s', 'rs ']);
    expect(runs.map(({ version }) => version)).toEqual([1, 2]);
    expect((await draw('r1')).nodes.map(({ id }) => id)).toEqual(['old', 'both']);
  });

  it('says what is usual from five successes on', async () => {
    await start({ a: {}, b: { after: ['a'] } });
    for (let n = 1; n <= 5; n += 1) {
      expect((await ask()).usual).toBeNull();
      await world.trigger('d', { runId: `r${n}` });
      await finish({ a: n, b: 10 });
    }
    const { usual, rows } = await ask();
    expect(usual).toEqual({ median: 13, p10: 11, p90: 15, count: 5 });
    expect(rows.map((row) => row.usual?.median)).toEqual([3, 10]);
    await world.trigger('d', { runId: 'now' });
    expect((await draw('now')).nodes.map(({ fact }) => fact)).toEqual(['0 ms', 'usually 10 s']);
  });

  it('knows what is usual by the names of tasks, whatever number they had', async () => {
    await start({ a: {}, b: {} });
    for (let n = 0; n < 6; n += 1) {
      if (n === 3) await world.publish(dagSpec('d', { b: {}, a: {} }));
      await world.trigger('d', { runId: `r${n}` });
      await finish({ a: 1, b: 4 });
    }
    const { rows } = await ask();
    expect(rows.map(({ id, usual }) => [id, usual?.median, usual?.count])).toEqual([
      ['b', 5, 6],
      ['a', 1, 6],
    ]);
  });

  it('sums up groups within groups', async () => {
    await start({ first: {} });
    const spec = dagSpec('d', { deep: {}, plain: {} }, { groups: { outer: () => null, 'outer.inner': () => null } });
    const [outer, inner] = spec.groups;
    const [deep, plain] = spec.tasks;
    await world.publish({
      ...spec,
      groups: [outer!, { ...inner!, parent: 0 }],
      tasks: [{ ...deep!, group: 1 }, plain!],
    });
    await world.trigger('d', { runId: 'r' });
    await finish({ deep: 1 }, fails());
    const { rows, columns } = await ask();
    expect(rows.map(({ id, parent, depth }) => [id, parent, depth])).toEqual([
      ['outer', null, 0],
      ['outer.inner', 'outer', 1],
      ['deep', 'outer.inner', 2],
      ['plain', null, 0],
    ]);
    expect(columns[0]!.states).toBe('fffr');
  });

  it('is none of a flow, nor of what there is not', async () => {
    await start({ d: {} }, { kind: 'flow' });
    await expect(ask()).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(grid(world, new VersionCache(), { dagId: 'x', filter: { limit: 1 } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a graph', () => {
  it('has tasks and wires, those between setup and teardown apart, and rules that are not the ordinary one', async () => {
    await start({
      make: { setup: true },
      work: { after: ['make'], retries: 2 },
      any: { after: ['work'], triggerRule: 'one_failed' },
      clean: { after: ['make', 'work'], teardown: true },
    });
    const { nodes, edges, version, dag_run_id } = await draw();
    expect([version, dag_run_id]).toEqual([1, null]);
    expect(edges.map(({ source, target, is_setup_teardown }) => [source, target, is_setup_teardown])).toEqual([
      ['make', 'work', false],
      ['work', 'any', false],
      ['make', 'clean', true],
      ['work', 'clean', false],
    ]);
    expect(nodes.map(({ id, role, fact, max_tries, state }) => [id, role, fact, max_tries, state])).toEqual([
      ['make', 'setup', null, 1, null],
      ['work', null, null, 3, null],
      ['any', null, 'one_failed', 1, null],
      ['clean', 'teardown', 'all_done_setup_success', 1, null],
    ]);
    await expect(draw('nothing')).rejects.toMatchObject({ code: 'not_found' });
  });
});
