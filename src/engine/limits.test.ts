import { afterEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../store/sqlite/store.ts';
import { pause, putPool, unpause } from './operations.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from './testing/spec-builder.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}, capacity = 64): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store, { capacity });
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks, dag));
  return world;
}

const pool = (name: string, slots: number) =>
  world.do((e) => putPool(e, { name, slots, description: '', includeDeferred: false }));

async function used(key: string) {
  const row = (await store.queries.limits()).find((limit) => limit.key === key);
  return row && [row.used, row.parked];
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

describe('pools', () => {
  it('lets no more run than there are slots, and parks the rest under the pool', async () => {
    const { executor } = await start({ a: { pool: 'p' }, b: { pool: 'p' }, c: { pool: 'p' }, other: {} });
    await pool('p', 2);
    const run = await world.trigger('d');
    expect(executor.running).toEqual(['a', 'b', 'other']);
    expect(await world.parked(run)).toEqual({ c: 'pool:p' });
    expect(await used('pool:p')).toEqual([2, 1]);
    executor.finish('b');
    await world.settle();
    expect(executor.running).toEqual(['a', 'other', 'c']);
    executor.finish('a');
    executor.finish('c');
    executor.finish('other');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
    expect(await used('pool:p')).toEqual([0, 0]);
  });

  it('does not starve a wide task by a stream of narrow ones', async () => {
    const { executor } = await start({
      n1: { pool: 'p', priority: 9 },
      n2: { pool: 'p', priority: 9 },
      wide: { pool: 'p', poolSlots: 2, priority: 5 },
      n3: { pool: 'p' },
      n4: { pool: 'p' },
    });
    await pool('p', 2);
    await world.trigger('d');
    expect(executor.running).toEqual(['n1', 'n2']);
    executor.finish('n1');
    await world.settle();
    expect(executor.running).toEqual(['n2']);
    executor.finish('n2');
    await world.settle();
    expect(executor.running).toEqual(['wide']);
    executor.finish('wide');
    await world.settle();
    expect(executor.running).toEqual(['n3', 'n4']);
  });

  it('lets a better one that comes later go before what is parked', async () => {
    const { executor } = await start({
      holder: { pool: 'p', priority: 9 },
      low: { pool: 'p', priority: 1 },
      gate: { priority: 9 },
      high: { pool: 'p', priority: 5, after: ['gate'] },
    });
    await pool('p', 1);
    await world.trigger('d');
    executor.finish('gate');
    await world.settle();
    executor.finish('holder');
    await world.settle();
    expect(executor.running).toEqual(['high']);
  });

  it('lets go what fits when it is made larger', async () => {
    const { executor } = await start({ a: { pool: 'p' }, b: { pool: 'p' }, c: { pool: 'p' } });
    await pool('p', 1);
    await world.trigger('d');
    expect(executor.running).toEqual(['a']);
    await pool('p', 2);
    expect(executor.running).toEqual(['a', 'b']);
    await pool('p', -1);
    expect(executor.running).toEqual(['a', 'b', 'c']);
  });

  it('keeps what needs a pool that does not exist, until somebody makes it', async () => {
    const { executor } = await start({ a: { pool: 'nowhere' }, b: {} });
    const run = await world.trigger('d');
    expect(executor.running).toEqual(['b']);
    expect(await world.parked(run)).toEqual({ a: 'pool:nowhere' });
    await pool('nowhere', 1);
    expect(executor.running).toEqual(['b', 'a']);
  });

  it('gives the slots of a cancelled run back', async () => {
    const { executor } = await start({ a: { pool: 'p' }, b: { pool: 'p' } });
    await pool('p', 1);
    const first = await world.trigger('d');
    const second = await world.trigger('d');
    const { cancelRun } = await import('./operations.ts');
    await world.do((e) => cancelRun(e, first));
    expect(executor.running).toEqual(['a', 'a']);
    expect(executor.cancelled).toEqual([{ name: 'a', reason: 'cancelled' }]);
    expect(await used('pool:p')).toEqual([1, 1]);
    expect(await world.parked(second)).toEqual({ b: 'pool:p' });
  });
});

describe('the order of claims', () => {
  it('takes the highest priority first, and among equals the earlier date', async () => {
    const { executor } = await start({ low: { priority: 1 }, high: { priority: 7 }, mid: { priority: 3 } }, {}, 1);
    executor.answerOthers({ kind: 'skipped', message: null });
    executor.capacity = 0;
    await world.trigger('d', { logicalDate: Date.UTC(2025, 5, 2) });
    await world.trigger('d', { logicalDate: Date.UTC(2025, 5, 1) });
    executor.capacity = 1;
    executor.events.capacity();
    await world.settle();
    expect(executor.started).toEqual(['high#1', 'high#1', 'mid#1', 'mid#1', 'low#1', 'low#1']);
    expect(executor.orders[0]!.run).toBeGreaterThan(executor.orders[1]!.run);
  });

  it('claims no more than the executor has room for', async () => {
    const { executor } = await start(
      { t: { mapping: () => ({ kind: 'over', over: listOf(...Array(20).keys()) }) } },
      {},
      3,
    );
    await world.trigger('d');
    expect(executor.running).toHaveLength(3);
    for (let ended = 0; ended < 20; ended++) {
      executor.finish(executor.running[0]!);
      await world.settle();
      expect(executor.running.length).toBeLessThanOrEqual(3);
    }
    expect(executor.started).toHaveLength(20);
  });
});

describe('limits of runs and tasks', () => {
  it('maxActiveTasks holds for each run by itself', async () => {
    const { executor } = await start({ a: {}, b: {}, c: {} }, { maxActiveTasks: 2 });
    const first = await world.trigger('d');
    const second = await world.trigger('d');
    expect(executor.running).toHaveLength(4);
    expect(await world.parked(first)).toEqual({ c: `run:${first.id}` });
    expect(await world.parked(second)).toEqual({ c: `run:${second.id}` });
    executor.finish('a');
    await world.settle();
    expect(await world.parked(first)).toEqual({});
  });

  it('a limit per DAG counts over all of its runs, one per run does not', async () => {
    const mapping = () => ({ kind: 'over' as const, over: listOf(1, 2, 3) });
    const { executor } = await start({ dag: { maxActivePerDag: 1, mapping }, run: { maxActivePerRun: 2, mapping } });
    await world.trigger('d');
    await world.trigger('d');
    expect(executor.running.filter((name) => name.startsWith('dag'))).toEqual(['dag[0]']);
    expect(executor.running.filter((name) => name.startsWith('run'))).toEqual(['run[0]', 'run[1]', 'run[0]', 'run[1]']);
    executor.finish('dag[0]');
    await world.settle();
    expect(executor.running.filter((name) => name.startsWith('dag'))).toEqual(['dag[1]']);
  });

  it('forgets the limits of a run with the run', async () => {
    const { executor } = await start({ a: { maxActivePerRun: 1 } }, { maxActiveTasks: 1 });
    await world.trigger('d');
    executor.finish('a');
    await world.settle();
    const keys = (await store.queries.limits()).map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith('run:') || key.startsWith('task-in-run:'))).toEqual([]);
  });

  it('starts no more runs than may be active, and the next one when one ends', async () => {
    const { executor } = await start({ t: {} }, { maxActiveRuns: 2 });
    const runs = [await world.trigger('d'), await world.trigger('d'), await world.trigger('d')];
    const states = async () => Promise.all(runs.map(async (run) => (await world.run(run)).state));
    expect(await states()).toEqual(['running', 'running', 'queued']);
    executor.finish('t');
    await world.settle();
    expect(await states()).toEqual(['success', 'running', 'running']);
  });
});

describe('pause', () => {
  it('starts nothing more, lets what runs go on, and goes on after unpause', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] } });
    const run = await world.trigger('d');
    await world.do((e) => pause(e, 'd'));
    executor.finish('a');
    await world.settle();
    expect(await world.states(run)).toEqual({ a: 'success', b: 'queued' });
    const other = await world.trigger('d');
    expect((await world.run(other)).state).toBe('queued');
    await world.do((e) => unpause(e, 'd'));
    expect(executor.running).toEqual(['b', 'a']);
    expect((await world.run(other)).state).toBe('running');
  });
});
