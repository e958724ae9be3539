import { afterEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../store/sqlite/store.ts';
import type { Tx } from '../store/store.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { FaultyStore } from './testing/faulty-store.ts';
import { fails, isLost, succeeds } from './testing/scripted-executor.ts';
import { dagSpec, listOf, type TaskSketch } from './testing/spec-builder.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

let sqlite: SqliteStore;
let store: FaultyStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>): Promise<EngineWorld> {
  sqlite = SqliteStore.open(':memory:');
  await sqlite.migrate();
  store = new FaultyStore(sqlite);
  world = await EngineWorld.start(store);
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks));
  return world;
}

afterEach(async () => {
  await world.engine.stop(0);
  await sqlite.close();
});

describe('reports', () => {
  it('that come twice count once', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] } });
    const run = await world.trigger('d');
    const report = executor.finish('a');
    executor.send(report, report);
    await world.settle();
    executor.send(report);
    await world.settle();
    expect(executor.started).toEqual(['a#1', 'b#1']);
    expect(executor.acknowledged.filter((token) => token === report.token).length).toBeGreaterThanOrEqual(2);
    expect(await sqlite.queries.attempts(run.id)).toHaveLength(1);
    expect((await sqlite.queries.instances(run.id))[1]!.counters).toMatchObject({ success: 1, expected: 1 });
    expect(await world.eventsOf('report.ignored')).not.toHaveLength(0);
  });

  it('of an attempt that was given up change nothing, and leave an event', async () => {
    const { executor } = await start({ a: {} });
    const run = await world.trigger('d');
    const { token } = executor.held('a').order;
    executor.finish('a', isLost());
    await world.settle();
    executor.send(executor.reportOf(token, succeeds('late')));
    await world.settle();
    expect(await world.states(run)).toEqual({ a: 'running' });
    expect(await sqlite.queries.outputs(run.id)).toEqual([]);
    expect(await world.eventsOf('report.ignored')).toMatchObject([
      { task: 0, attempt: 1, data: '{"outcome":"success"}' },
    ]);
    executor.finish('a', succeeds('true'));
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
  });

  it('late and true ones of one instance can come in one batch', async () => {
    const { executor } = await start({ a: {} });
    const run = await world.trigger('d');
    const late = executor.reportOf(executor.held('a').order.token, fails('never'));
    executor.finish('a', isLost());
    await world.settle();
    const yes = executor.reportOf(executor.held('a').order.token, succeeds());
    executor.send(yes, late);
    await world.settle();
    expect(await world.states(run)).toEqual({ a: 'success' });
  });

  it('of one attempt that contradict each other: the first counts', async () => {
    const { executor } = await start({ a: {} });
    const run = await world.trigger('d');
    const { token } = executor.held('a').order;
    executor.send(executor.reportOf(token, succeeds()), executor.reportOf(token, isLost()));
    await world.settle();
    expect(await world.states(run)).toEqual({ a: 'success' });
  });

  it('about nothing that there is are ignored', async () => {
    const { executor } = await start({ a: {} });
    const run = await world.trigger('d');
    executor.send(
      executor.reportOf('99.0.-1.1.x', succeeds()),
      executor.reportOf(`${run.id}.0.-1.1.forged`, succeeds()),
    );
    await world.settle();
    expect(await world.states(run)).toEqual({ a: 'running' });
  });
});

describe('a store that is away', () => {
  it('keeps reports until it is back, and loses none', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] } });
    const run = await world.trigger('d');
    store.fault = 'away';
    const { token } = executor.finish('a', succeeds('kept'));
    await world.advance(20_000);
    expect(executor.acknowledged).not.toContain(token);
    expect(world.health.at(-1)).toBe('store_unavailable');
    expect(store.refused).toBeGreaterThan(2);
    store.fault = 'none';
    await world.advance(5000);
    expect(world.health.at(-1)).toBeNull();
    expect(executor.acknowledged).toContain(token);
    expect(await world.states(run)).toEqual({ a: 'success', b: 'running' });
  });

  it('keeps commands waiting, and answers them once', async () => {
    await start({ a: {} });
    store.fault = 'away';
    const run = world.engine.command(({ tx }) => tx.workflows.byName('d'));
    await world.advance(1000);
    store.fault = 'none';
    await world.advance(5000);
    expect((await run)!.name).toBe('d');
  });

  it('tells who cannot wait, and keeps the others waiting', async () => {
    await start({ a: {} });
    store.fault = 'away';
    const kept = world.engine.command(({ tx }) => tx.workflows.byName('d'));
    const told = world.engine.commandNow(({ tx }) => tx.workflows.byName('d')).catch((error: unknown) => error);
    await world.advance(2000);
    expect(await told).toMatchObject({ code: 'store_unavailable' });
    store.fault = 'none';
    await world.advance(5000);
    expect((await kept)!.name).toBe('d');
    expect((await world.engine.commandNow(({ tx }) => tx.workflows.byName('d')))!.name).toBe('d');
  });

  it('does not keep stop() from ending', async () => {
    await start({ a: {} });
    store.fault = 'away';
    await world.advance(1000);
    await world.engine.stop(0);
    store.fault = 'none';
  });
});

describe('a report that cannot be written', () => {
  it('holds up no other, and is not sent for ever', async () => {
    const { executor } = await start({ t: { mapping: () => ({ kind: 'over', over: listOf(0, 1, 2) }) }, other: {} });
    const run = await world.trigger('d');
    const poison = executor.held('t[1]').order.token;
    store.wrap = (tx: Tx) => ({
      ...tx,
      instances: {
        ...tx.instances,
        finish: async (moves) => {
          if (moves.some(({ token }) => token === poison)) throw new Error('cannot be written');
          return tx.instances.finish(moves);
        },
      },
    });
    executor.finishTogether(['t[0]', succeeds()], ['t[1]', succeeds()], ['t[2]', succeeds()], ['other', succeeds()]);
    await world.settle();
    expect(await world.states(run)).toEqual({
      't[0]': 'success',
      't[1]': 'running',
      't[2]': 'success',
      other: 'success',
    });
    expect(executor.acknowledged).toContain(poison);
    expect(world.errors.length).toBeGreaterThan(0);
  });
});

describe('a server that dies', () => {
  it('alone on its store: the next one takes over at its start, without using up a retry', async () => {
    const { executor, clock } = await start({ a: { retries: 0 }, b: { after: ['a'] } });
    const run = await world.trigger('d');
    const { token } = executor.held('a').order;
    store.fault = 'dead';
    executor.die();

    world = await EngineWorld.start(sqlite, { clock, name: 'next' });
    expect(world.executor.started).toEqual(['a#2', 'b#1']);
    expect((await world.run(run)).state).toBe('success');
    expect(await world.logOf(run, 'a', 1)).toEqual([
      'attempt 1 was lost (server_lost): its server test ended without a report; it runs again, without using up a retry',
    ]);
    expect((await sqlite.queries.attempts(run.id)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['lost', 'server_lost'],
      ['success', null],
      ['success', null],
    ]);
    // What its worker may still say comes too late.
    world.executor.send(world.executor.reportOf(token, fails('never')));
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
  });

  it('never counts against the task', async () => {
    const { clock } = await start({ a: {} });
    const run = await world.trigger('d');
    for (let server = 0; server < 6; server++) {
      store.fault = 'dead';
      world.executor.die();
      store = new FaultyStore(sqlite);
      world = await EngineWorld.start(store, { clock, maxLost: 1 });
      world.executor.answerOthers('hold');
      await world.settle();
    }
    expect(await world.states(run)).toEqual({ a: 'success' });
  });

  it('gives back what it held of limits', async () => {
    const { clock } = await start({ a: { maxActivePerDag: 1 } });
    await world.trigger('d');
    store.fault = 'dead';
    world = await EngineWorld.start(sqlite, { clock });
    expect(world.executor.started).toEqual(['a#2']);
    const used = (await sqlite.queries.limits()).map(({ key, used, parked }) => [key, used, parked]);
    expect(used.filter(([, inUse, parked]) => inUse !== 0 || parked !== 0)).toEqual([]);
  });

  it('keeps its retries and timers for the next one', async () => {
    const { executor, clock } = await start({ a: { retries: 1, retryDelay: 60_000 } });
    const run = await world.trigger('d');
    executor.finish('a', fails());
    await world.settle();
    store.fault = 'dead';
    await clock.jump(30_000);
    world = await EngineWorld.start(sqlite, { clock });
    expect(await world.states(run)).toEqual({ a: 'up_for_retry' });
    await world.advance(30_000);
    expect((await world.run(run)).state).toBe('success');
  });

  it('beside others is given up when its lease is over, and not before', async () => {
    sqlite = SqliteStore.open(':memory:');
    await sqlite.migrate();
    store = new FaultyStore(sqlite);
    const clock = new VirtualClock();
    const options = { clock, peers: 'leases', leaseMs: 30_000 } as const;
    const first = await EngineWorld.start(store, { ...options, name: 'first', capacity: 1 });
    first.executor.answerOthers('hold');
    await first.publish(dagSpec('d', { a: {} }));
    const run = await first.trigger('d');
    world = await EngineWorld.start(sqlite, { ...options, name: 'second' });
    await world.advance(120_000);
    expect(world.executor.started).toEqual([]);
    expect(first.executor.running).toEqual(['a']);

    store.fault = 'dead';
    first.executor.die();
    await world.advance(15_000);
    expect(world.executor.started).toEqual([]);
    await world.advance(30_000);
    expect(world.executor.started).toEqual(['a#2']);
    expect((await world.run(run)).state).toBe('success');
    expect(await world.eventsOf('server.reaped')).toHaveLength(1);
  });
});

describe('stop()', () => {
  it('claims nothing more, hands back what has not ended, and the next server goes on', async () => {
    const { executor, clock } = await start({ a: {}, b: {}, c: { after: ['a'] } });
    const run = await world.trigger('d');
    executor.finish('a');
    await world.engine.stop(1000);
    expect(await world.states(run)).toEqual({ a: 'success', b: 'queued', c: 'queued' });
    expect(await sqlite.transaction((tx) => tx.servers.list())).toEqual([]);
    world = await EngineWorld.start(sqlite, { clock });
    expect((await world.run(run)).state).toBe('success');
    expect(world.executor.started).toEqual(['b#2', 'c#1']);
  });

  it('can be called twice', async () => {
    await start({ a: {} });
    await world.engine.stop(0);
    await world.engine.stop(0);
  });
});
