import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../model/value.ts';
import { PostgresStore } from '../store/postgres/store.ts';
import type { RunRow } from '../store/rows.ts';
import { type PostgresServer, startPostgres } from '../testing/postgres-server.ts';
import { EngineWorld, type WorldOptions } from './testing/engine-world.ts';
import { FaultyStore } from './testing/faulty-store.ts';
import { fails, type ScriptedExecutor, succeeds } from './testing/scripted-executor.ts';
import { dagSpec, listOf, type Names, type TaskSketch } from './testing/spec-builder.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

// The same engine on a real PostgreSQL. Time stands still as in the other tests, but the database answers when it likes:
// so nothing here settles, it is asked for until it is so.

let server: PostgresServer;
let uri: string;
let schemas = 0;
let schema: string;
let stores: PostgresStore[];
let worlds: EngineWorld[];
let clock: VirtualClock;

beforeAll(async () => {
  server = await startPostgres();
  uri = await server.createDatabase('engine');
});

afterAll(() => server?.stop());

beforeEach(() => {
  schemas += 1;
  schema = `engine_${schemas}`;
  stores = [];
  worlds = [];
  clock = new VirtualClock();
});

afterEach(async () => {
  for (const world of worlds) await world.engine.stop(0);
  for (const store of stores) await store.close();
});

async function openStore(): Promise<PostgresStore> {
  const store = await PostgresStore.open(uri, { schema });
  stores.push(store);
  await store.migrate();
  return store;
}

/** A server of its own, with connections of its own, on the database of the test. */
async function serve(options: WorldOptions = {}): Promise<EngineWorld> {
  const world = await EngineWorld.start(await openStore(), { clock, peers: 'leases', ...options });
  worlds.push(world);
  return world;
}

/** Lets the world go on until it is so; `each` is what happens between two looks. */
async function until(isSo: () => Promise<boolean>, each: () => Promise<unknown> = async () => {}): Promise<void> {
  while (!(await isSo())) await each();
}

async function ended(world: EngineWorld, run: Pick<RunRow, 'id'>, each?: () => Promise<unknown>): Promise<string> {
  const state = async () => (await world.run(run)).state;
  await until(async () => !['queued', 'running'].includes(await state()), each);
  return state();
}

async function holds(world: EngineWorld, ...names: string[]): Promise<void> {
  await until(async () => {
    await world.store.queries.lastEvent();
    return names.every((name) => world.executor.running.includes(name));
  });
}

/** Nothing is left in use or waiting once all has ended. */
async function expectLimitsFree(world: EngineWorld): Promise<void> {
  const rows = await world.store.queries.limits();
  expect(rows.filter(({ used, parked }) => used !== 0 || parked !== 0)).toEqual([]);
}

const wide = (count: number, sketch: TaskSketch = {}): Record<string, TaskSketch> => ({
  t: { ...sketch, mapping: () => ({ kind: 'over', over: listOf(...Array(count).keys()) }) },
});
const over = (name: string) => (names: Names) => ({ kind: 'over' as const, over: names.output(name) });

describe('one server on PostgreSQL', () => {
  it('a chain, each task with what the one before gave', async () => {
    const world = await serve();
    world.executor.answer('a', succeeds(1)).answer('b', succeeds(2)).answer('c', succeeds(3));
    const taking = (name: string): TaskSketch => ({ after: [name], input: (names) => names.output(name) });
    await world.publish(dagSpec('d', { a: {}, b: taking('a'), c: taking('b') }));
    const run = await world.trigger('d');
    expect(await ended(world, run)).toBe('success');
    expect(world.executor.started).toEqual(['a#1', 'b#1', 'c#1']);
    expect(world.executor.orders.map(({ input }) => input)).toEqual([
      null,
      { kind: 'value', value: { kind: 'inline', data: encodeValue(1) } },
      { kind: 'value', value: { kind: 'inline', data: encodeValue(2) } },
    ]);
    expect(await world.store.queries.attempts(run.id)).toHaveLength(3);
    await expectLimitsFree(world);
    expect(world.errors).toEqual([]);
  });

  it('a diamond: its end runs once, after both sides', async () => {
    const world = await serve();
    world.executor.answerOthers('hold');
    await world.publish(dagSpec('d', { a: {}, b: { after: ['a'] }, c: { after: ['a'] }, end: { after: ['b', 'c'] } }));
    const run = await world.trigger('d');
    await holds(world, 'a');
    world.executor.finish('a');
    await holds(world, 'b', 'c');
    world.executor.finishTogether(['b', succeeds()], ['c', succeeds()]);
    await holds(world, 'end');
    world.executor.finish('end');
    expect(await ended(world, run)).toBe('success');
    expect(world.executor.started).toEqual(['a#1', 'b#1', 'c#1', 'end#1']);
    expect(world.errors).toEqual([]);
  });

  it('a failure on one side, handed down', async () => {
    const world = await serve();
    world.executor.answer('b', fails('never'));
    await world.publish(
      dagSpec('d', {
        a: {},
        b: { after: ['a'] },
        c: { after: ['a'] },
        end: { after: ['b', 'c'] },
        always: { after: ['end'], triggerRule: 'all_done' },
      }),
    );
    const run = await world.trigger('d');
    expect(await ended(world, run)).toBe('success');
    expect(await world.states(run)).toEqual({
      a: 'success',
      b: 'failed',
      c: 'success',
      end: 'upstream_failed',
      always: 'success',
    });
  });

  it('a task mapped over an output, and one that collects what they gave', async () => {
    const world = await serve();
    world.executor.answer('list', succeeds(['x', 'y', 'z'])).answer('each', ({ mapIndex }) => succeeds(mapIndex * 10));
    await world.publish(
      dagSpec('d', {
        list: {},
        each: { after: ['list'], mapping: over('list') },
        all: { after: ['each'], input: (names) => names.output('each') },
      }),
    );
    const run = await world.trigger('d');
    expect(await ended(world, run)).toBe('success');
    expect(await world.states(run)).toEqual({
      list: 'success',
      'each[0]': 'success',
      'each[1]': 'success',
      'each[2]': 'success',
      all: 'success',
    });
    const { input } = world.executor.orders.at(-1)!;
    const values = input?.kind === 'collected' ? (input.values ?? []) : [];
    expect(values.map((value) => value.kind === 'inline' && decodeValue(value.data))).toEqual([0, 10, 20]);
  });

  it('retries after their delay, as often as is allowed', async () => {
    const world = await serve();
    world.executor.answer('t', ({ attempt }) => (attempt < 3 ? fails() : succeeds()));
    await world.publish(dagSpec('d', { t: { retries: 2, retryDelay: 60_000 } }));
    const run = await world.trigger('d');
    await until(async () => (await world.states(run)).t === 'up_for_retry');
    expect(world.executor.started).toEqual(['t#1']);
    expect(await ended(world, run, () => world.advance(1000))).toBe('success');
    expect(world.executor.started).toEqual(['t#1', 't#2', 't#3']);
    const [first, second] = await world.store.queries.attempts(run.id);
    expect(second!.startedAt - first!.endedAt).toBeGreaterThanOrEqual(60_000);
  });

  it('a pool, never more than its slots and none left waiting', async () => {
    const world = await serve();
    await world.store.transaction((tx) =>
      tx.pools.put({ name: 'narrow', slots: 3, description: '', includeDeferred: false }),
    );
    let most = 0;
    world.executor.answerOthers('hold');
    await world.publish(dagSpec('d', wide(20, { pool: 'narrow' })));
    const run = await world.trigger('d');
    await until(async () => {
      const { running } = world.executor;
      most = Math.max(most, running.length);
      if (running[0]) world.executor.finish(running[0]);
      return (await world.run(run)).state === 'success';
    });
    expect(most).toBe(3);
    expect(world.executor.started).toHaveLength(20);
    await expectLimitsFree(world);
  });
});

describe('two servers on one PostgreSQL', () => {
  const TASKS = 300;

  it('share the work: none is lost, none is done twice', async () => {
    const [one, two] = [await serve({ name: 'one', capacity: 20 }), await serve({ name: 'two', capacity: 20 })];
    // The first holds what it has until the second has begun, so that both do some of it.
    one.executor.answerOthers('hold');
    await one.publish(dagSpec('d', { ...wide(TASKS), end: { after: ['t'] } }));
    const run = await one.trigger('d');
    await until(async () => {
      await one.store.queries.lastEvent();
      return two.executor.started.length > 0 && one.executor.running.length > 0;
    });
    one.executor.answerOthers(succeeds());
    for (const name of one.executor.running) one.executor.finish(name);
    expect(await ended(one, run)).toBe('success');
    expectEachOnce([one.executor, two.executor], [...indexes(TASKS), 'end#1']);
    const attempts = await one.store.queries.attempts(run.id);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(Array(TASKS + 1).fill('success'));
    const end = (await one.store.queries.instances(run.id)).find(({ task }) => task === 1)!;
    expect(end.counters).toMatchObject({ expected: TASKS, success: TASKS });
    await expectLimitsFree(one);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  it('keep to the slots of a pool together', async () => {
    const [one, two] = [await serve({ name: 'one' }), await serve({ name: 'two' })];
    await one.store.transaction((tx) =>
      tx.pools.put({ name: 'narrow', slots: 10, description: '', includeDeferred: false }),
    );
    let most = 0;
    const count = () => {
      most = Math.max(most, one.executor.running.length + two.executor.running.length);
      return succeeds();
    };
    one.executor.answer('t', count);
    two.executor.answer('t', count);
    await one.publish(dagSpec('d', wide(TASKS, { pool: 'narrow' })));
    const run = await one.trigger('d');
    expect(await ended(one, run)).toBe('success');
    expectEachOnce([one.executor, two.executor], indexes(TASKS));
    expect(most).toBeLessThanOrEqual(10);
    await expectLimitsFree(one);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  it('work on many runs at once', async () => {
    const [one, two] = [await serve({ name: 'one', capacity: 7 }), await serve({ name: 'two', capacity: 7 })];
    const tasks = { a: {}, b: { after: ['a'] }, c: { after: ['a'] }, d: { after: ['b', 'c'] }, e: { after: ['d'] } };
    await one.publish(dagSpec('d', tasks));
    const runs = await Promise.all(
      Array.from({ length: 30 }, (_, n) => [one, two][n % 2]!.trigger('d', { runId: `run_${n}` })),
    );
    // More than max_active_runs: the rest begins as others end.
    for (const run of runs) expect(await ended(one, run)).toBe('success');
    const started = [...one.executor.orders, ...two.executor.orders].map(({ run, task }) => `${run}.${task}`);
    expect(started).toHaveLength(150);
    expect(new Set(started).size).toBe(150);
    await expectLimitsFree(one);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  it('one is abandoned: the other takes over what it ran, when its lease is over and not before', async () => {
    const faulty = new FaultyStore(await openStore());
    const one = await EngineWorld.start(faulty, { clock, peers: 'leases', name: 'one', capacity: 5 });
    const two = await serve({ name: 'two', capacity: 20 });
    one.executor.answerOthers('hold');
    await one.publish(dagSpec('d', wide(TASKS)));
    const run = await one.trigger('d');
    await until(async () => {
      await two.store.queries.lastEvent();
      return one.executor.running.length === 5;
    });
    const abandoned = one.executor.running;
    const tokens = abandoned.map((name) => one.executor.held(name).order.token);
    faulty.fault = 'dead';
    one.executor.die();

    const successes = async () => Object.values(await two.states(run)).filter((state) => state === 'success').length;
    await until(async () => (await successes()) === TASKS - 5);
    await two.advance(15_000);
    expect(await successes()).toBe(TASKS - 5);
    expect(await ended(two, run, () => two.advance(1000))).toBe('success');
    expect(clock.now() - Date.UTC(2026, 0, 1)).toBeGreaterThanOrEqual(30_000);
    expect(two.executor.started.filter((name) => name.endsWith('#2')).sort()).toEqual(
      abandoned.map((name) => `${name}#2`).sort(),
    );
    expectEachOnce([one.executor, two.executor], indexes(TASKS), (name) => name.endsWith('#1'));
    const attempts = await two.store.queries.attempts(run.id);
    expect(attempts.filter(({ outcome }) => outcome === 'lost')).toHaveLength(5);
    expect(attempts).toHaveLength(TASKS + 5);

    // It was only asleep: what it says now changes nothing.
    const late = two.executor.reportOf(tokens[0]!, fails('never'));
    two.executor.send(late);
    await until(async () => (await two.eventsOf('report.ignored')).length > 0);
    expect((await two.run(run)).state).toBe('success');
    expect((await two.store.transaction((tx) => tx.servers.list())).map(({ name }) => name)).toEqual(['two']);
    await expectLimitsFree(two);
    expect(two.errors).toEqual([]);
  });
});

describe('a PostgreSQL that is stopped and started again', () => {
  it('keeps what has ended meanwhile until it is back', async () => {
    const world = await serve();
    world.executor.answer('b', 'hold');
    await world.publish(dagSpec('d', { a: {}, b: { after: ['a'] }, c: { after: ['b'] } }));
    const run = await world.trigger('d');
    await holds(world, 'b');
    const resume = await server.interrupt();
    const { token } = world.executor.finish('b', succeeds('kept'));
    await until(
      async () => world.health.at(-1) === 'store_unavailable',
      () => world.advance(100),
    );
    expect(world.executor.acknowledged).not.toContain(token);
    await resume();
    expect(await ended(world, run, () => world.advance(100))).toBe('success');
    expect(world.health.at(-1)).toBeNull();
    expect(world.executor.started).toEqual(['a#1', 'b#1', 'c#1']);
    expect(world.executor.acknowledged).toContain(token);
  });

  it('in the middle of the work of two servers: nothing is lost or done twice', async () => {
    const TASKS = 2000;
    const [one, two] = [await serve({ name: 'one', capacity: 20 }), await serve({ name: 'two', capacity: 20 })];
    await one.publish(dagSpec('d', wide(TASKS)));
    const run = await one.trigger('d');
    for (let times = 1; times <= 3; times++) {
      const begun = () => one.executor.started.length + two.executor.started.length;
      const enough = begun() + 150;
      await until(
        async () => {
          await one.store.queries.lastEvent();
          return begun() >= enough;
        },
        () => one.advance(50),
      );
      const resume = await server.interrupt();
      await resume();
    }
    expect(await ended(one, run, () => one.advance(50))).toBe('success');
    expectEachOnce([one.executor, two.executor], indexes(TASKS));
    expect((await one.store.queries.attempts(run.id)).every(({ outcome }) => outcome === 'success')).toBe(true);
    await expectLimitsFree(one);
  });
});

const indexes = (count: number) => Array.from({ length: count }, (_, index) => `t[${index}]#1`);

function expectEachOnce(
  executors: readonly ScriptedExecutor[],
  names: readonly string[],
  counted: (name: string) => boolean = () => true,
): void {
  const started = executors.flatMap((executor) => executor.started).filter(counted);
  expect(started.sort()).toEqual([...names].sort());
}
