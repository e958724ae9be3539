import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresStore } from '../store/postgres/store.ts';
import { type PostgresServer, startPostgres } from '../testing/postgres-server.ts';
import { cancelBackfill, createBackfill } from './backfills.ts';
import { clear } from './clearing.ts';
import { markInstances, markRun } from './marking.ts';
import { operate } from './operations.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { FaultyStore } from './testing/faulty-store.ts';
import { succeeds } from './testing/scripted-executor.ts';
import { type DagSketch, dagSpec } from './testing/spec-builder.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

// The database answers when it likes: nothing here settles, it is asked for until it is so.

const TODAY = Date.UTC(2026, 0, 31, 12);
const day = (n: number) => Date.UTC(2026, 0, n);
const hourly: DagSketch = {
  schedule: { kind: 'cron_interval', expression: '0 * * * *', timezone: 'UTC' },
  startDate: day(300),
};

let server: PostgresServer;
let uri: string;
let schemas = 0;
let schema: string;
let clock: VirtualClock;
let stores: PostgresStore[];
let worlds: EngineWorld[];

beforeAll(async () => {
  server = await startPostgres();
  uri = await server.createDatabase('backfills');
});
afterAll(() => server?.stop());

beforeEach(() => {
  schemas += 1;
  schema = `backfills_${schemas}`;
  clock = new VirtualClock(TODAY);
  stores = [];
  worlds = [];
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

async function serve(name: string): Promise<{ world: EngineWorld; faulty: FaultyStore }> {
  const faulty = new FaultyStore(await openStore());
  const world = await EngineWorld.start(faulty, { clock, peers: 'leases', name });
  worlds.push(world);
  return { world, faulty };
}

async function until(isSo: () => Promise<boolean>, each: () => unknown = () => {}): Promise<void> {
  while (!(await isSo())) await each();
}

const request = { workflow: 'd', from: day(1), to: day(6) - 1, reverse: false, reprocess: 'none', triggeredBy: 'test' };

describe('a backfill on PostgreSQL', () => {
  it('is done by two servers together: each date once, and never more at once than it may have', async () => {
    const { world: one } = await serve('one');
    const { world: two } = await serve('two');
    for (const { executor } of worlds) executor.answerOthers(succeeds());
    await one.publish(dagSpec('d', { t: {}, u: { after: ['t'] } }, hourly));
    const { id } = await one.engine.command((e) =>
      createBackfill(e, { ...request, reprocess: 'none', maxActiveRuns: 7 }),
    );
    let most = 0;
    await until(
      async () => (await one.store.queries.backfill(id))!.completedAt !== null,
      async () => {
        for (const { engine } of worlds) engine.wake();
        most = Math.max(most, (await one.store.queries.runs({ states: ['running'], limit: 100 })).length);
      },
    );
    expect(most).toBeLessThanOrEqual(7);
    const runs = await one.runs('d');
    expect(runs).toHaveLength(5 * 24);
    expect(runs.every(({ state }) => state === 'success')).toBe(true);
    expect([...one.executor.started, ...two.executor.started]).toHaveLength(2 * 5 * 24);
    const limits = await one.store.queries.limits();
    expect(limits.filter(({ used, parked }) => used !== 0 || parked !== 0)).toEqual([]);
  });

  it('is taken up by another server when the first one dies over it', async () => {
    const { world: one, faulty } = await serve('one');
    one.executor.answerOthers(succeeds());
    await one.publish(dagSpec('d', { t: {} }, hourly));
    const { id } = await one.engine.command((e) =>
      createBackfill(e, { ...request, reprocess: 'none', maxActiveRuns: 5 }),
    );
    one.engine.wake();
    await until(async () => (await stores[0]!.queries.runs({ states: ['success'], limit: 10 })).length > 5);
    faulty.fault = 'dead';
    const { world: two } = await serve('two');
    two.executor.answerOthers(succeeds());
    await until(
      async () => (await two.store.queries.backfill(id))!.completedAt !== null,
      () => two.advance(5000),
    );
    const runs = await two.runs('d');
    expect(runs.map(({ state }) => state)).toEqual(Array.from({ length: 5 * 24 }, () => 'success'));
    worlds = [two];
  });

  it('makes what a server remembers of a run old: it is told the new conf', async () => {
    const { world } = await serve('one');
    world.executor.answerOthers(succeeds());
    await world.publish(dagSpec('d', { t: {} }, { ...hourly, params: { n: 1 } }));
    const run = await world.trigger('d', { logicalDate: day(1) });
    await until(async () => (await world.run(run)).state === 'success');
    // Another process, which has a memory of its own, does it; this server has run the run before.
    const other = await openStore();
    const once = { ...request, to: day(1), reprocess: 'completed', conf: { n: 2 } } as const;
    await operate(other, clock, (e) => createBackfill(e, once));
    await until(
      async () => (await world.run(run)).startedAt !== null && world.executor.orders.length > 1,
      () => world.engine.wake(),
    );
    await until(async () => (await world.run(run)).state === 'success');
    expect(world.executor.told.at(-1)).toMatchObject({ type: 'backfill', params: { n: '[2]' } });
  });

  it('is cancelled, and its runs are cleared and marked, while servers work on them', async () => {
    const { world: one } = await serve('one');
    const { world: two } = await serve('two');
    for (const { executor } of worlds) executor.answerOthers(succeeds());
    await one.publish(dagSpec('d', { t: {}, u: { after: ['t'] } }, hourly));
    const third = await openStore();
    const { id } = await operate(third, clock, (e) => createBackfill(e, { ...request, reprocess: 'none' }));
    let round = 0;
    await until(
      async () => (await third.queries.backfill(id))!.completedAt !== null,
      async () => {
        for (const { engine } of worlds) engine.wake();
        const [run] = await third.queries.runs({ limit: 1, offset: round % 20 });
        round += 1;
        if (!run) return;
        if (round % 3 === 0) await operate(third, clock, (e) => clear(e, run, { scope: 'only these' }));
        if (round % 3 === 1) {
          const marking = { to: 'success', select: (_: unknown, task: string) => task === 't' } as const;
          await operate(third, clock, (e) => markInstances(e, run, marking));
        }
        if (round % 3 === 2) await operate(third, clock, (e) => markRun(e, run, 'failed'));
        if (round === 60) await operate(third, clock, (e) => cancelBackfill(e, id));
      },
    );
    await until(
      async () => (await third.queries.runs({ states: ['queued', 'running'] })).length === 0,
      () => {
        for (const { engine } of worlds) engine.wake();
      },
    );
    expect([one.errors, two.errors]).toEqual([[], []]);
    const limits = await third.queries.limits();
    expect(limits.filter(({ used, parked }) => used !== 0 || parked !== 0)).toEqual([]);
  });
});
