import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/postgres-server.ts';
import {
  attemptRow,
  claimBest,
  delta,
  finishMove,
  keyOf,
  NOON,
  newEvent,
  newInstance,
  oneRun,
  publish,
  short,
  someRuns,
} from '../conformance/sample.ts';
import type { Tx } from '../store.ts';
import { PostgresStore } from './store.ts';

let server: PostgresServer;
let uri: string;
let databases = 0;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server?.stop());

/** A migrated store on a database of its own. */
async function open(): Promise<PostgresStore> {
  databases += 1;
  uri = await server.createDatabase(`recovery_${databases}`);
  const store = await PostgresStore.open(uri);
  await store.migrate();
  return store;
}

async function sql(statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** Ends the connections of transactions that are open now, as an administrator does. */
const endOpenTransactions = () =>
  sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'millrace' AND state LIKE 'idle in transaction%'`);

const waitForLockWaits = (count: number) =>
  vi.waitFor(
    async () => {
      const rows = await sql(`SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      expect(rows).toHaveLength(count);
    },
    { timeout: 10_000, interval: 20 },
  );

test('while the database is away everything is store_unavailable; when it comes back the store works by itself', async () => {
  const store = await open();
  const run = await oneRun(store);
  let calls = 0;
  const stop = store.watch(() => {
    calls += 1;
  });
  const resume = await server.interrupt();
  await expect(store.transaction((tx) => tx.runs.byId(run.id))).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(store.queries.run(run.id)).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(store.version()).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(store.migrate()).rejects.toMatchObject({ code: 'store_unavailable' });
  await resume();
  await vi.waitFor(async () => expect(await store.queries.run(run.id)).toEqual(run), { timeout: 20_000, interval: 50 });
  await store.transaction((tx) => tx.runs.setNote(run.id, 'back'));
  expect((await store.queries.run(run.id))?.note).toBe('back');
  // Whoever watches hears of changes again.
  const heard = calls;
  const other = await PostgresStore.open(uri);
  await other.transaction((tx) => publish(tx, 'new'));
  await vi.waitFor(() => expect(calls).toBeGreaterThan(heard), { timeout: 10_000, interval: 20 });
  stop();
  await other.close();
  await store.close();
});

test('a transaction whose connection ends in the middle is undone, and the next one works', async () => {
  const store = await open();
  const run = await oneRun(store);
  const cut = store.transaction(async (tx) => {
    await tx.runs.setNote(run.id, 'lost');
    await endOpenTransactions();
    await tx.runs.setNote(run.id, 'lost too');
  });
  await expect(cut).rejects.toMatchObject({ code: 'store_unavailable' });
  expect((await store.queries.run(run.id))?.note).toBeNull();
  await store.transaction((tx) => tx.runs.setNote(run.id, 'kept'));
  expect((await store.queries.run(run.id))?.note).toBe('kept');
  await store.close();
});

test('a connection that ends during the commit leaves it open what was done, and says so', async () => {
  const store = await open();
  const run = await oneRun(store);
  const cut = store.transaction(async (tx) => {
    await tx.runs.setNote(run.id, 'who knows');
    await endOpenTransactions();
  });
  await expect(cut).rejects.toMatchObject({ code: 'store_unavailable', message: /not known/ });
  await store.close();
});

test('a deadlock is ended by PostgreSQL, and the transaction that lost is done again', async () => {
  const store = await open();
  const [a, b] = (await someRuns(store, 2)).map(({ id }) => id) as [number, number];
  const bothHaveOne = Promise.withResolvers<void>();
  let holding = 0;
  let bodies = 0;
  const inOrder = (first: number, second: number) => async (tx: Tx) => {
    bodies += 1;
    await tx.runs.count([{ id: first, unfinished: 1, active: 0, bad: 0 }]);
    holding += 1;
    if (holding === 2) bothHaveOne.resolve();
    await bothHaveOne.promise;
    await tx.runs.count([{ id: second, unfinished: 1, active: 0, bad: 0 }]);
  };
  await Promise.all([store.transaction(inOrder(a, b)), store.transaction(inOrder(b, a))]);
  // Once more at least: under load the second attempt can meet the other one again.
  expect(bodies).toBeGreaterThanOrEqual(3);
  for (const id of [a, b]) expect((await store.queries.run(id))?.counters.unfinished).toBe(2);
  await store.close();
});

test('a run that is locked is waited for, and found as it was left', async () => {
  const store = await open();
  const run = await oneRun(store);
  const locked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const first = store.transaction(async (tx) => {
    await tx.runs.lock([run.id]);
    locked.resolve();
    await go.promise;
    await tx.runs.setNote(run.id, 'first');
  });
  await locked.promise;
  const second = store.transaction((tx) => tx.runs.lock([run.id]));
  await waitForLockWaits(1);
  go.resolve();
  await first;
  expect((await second)[0]?.note).toBe('first');
  await store.close();
});

test('whoever wants the limits waits for whoever has them', async () => {
  const store = await open();
  const locked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const first = store.transaction(async (tx) => {
    await tx.limits.lock();
    await tx.limits.adjust([{ key: 'k', used: 1, parked: 0 }]);
    locked.resolve();
    await go.promise;
  });
  await locked.promise;
  const second = store.transaction(async (tx) => {
    await tx.limits.lock();
    return tx.limits.read(['k']);
  });
  await waitForLockWaits(1);
  go.resolve();
  await first;
  expect(await second).toEqual([{ key: 'k', used: 1, parked: 0 }]);
  await store.close();
});

test('rows that somebody is claiming are passed over', async () => {
  const store = await open();
  const run = await oneRun(store);
  await store.transaction((tx) => tx.instances.insert([0, 1, 2, 3, 4].map((task) => newInstance(run.id, { task }))));
  await store.transaction(async (tx) => {
    expect((await tx.instances.claimable(2)).map(short)).toEqual(['0.-1', '1.-1']);
    const others = await store.transaction((other) => other.instances.claimable(2));
    expect(others.map(short)).toEqual(['2.-1', '3.-1']);
  });
  expect(await store.transaction((tx) => tx.instances.claimable(10))).toHaveLength(5);
  await store.close();
});

test('statements that were prepared before a change of the schema are prepared anew', async () => {
  const store = await open();
  const run = await oneRun(store);
  await store.transaction((tx) => tx.instances.insert([newInstance(run.id)]));
  await store.transaction((tx) => tx.instances.ofRun(run.id));
  await store.queries.instances(run.id);
  await sql('ALTER TABLE millrace.task_instance ADD COLUMN later TEXT');
  expect(await store.transaction((tx) => tx.instances.ofRun(run.id))).toHaveLength(1);
  expect(await store.queries.instances(run.id)).toHaveLength(1);
  await store.close();
});

test('a transaction cannot be used after its end', async () => {
  const store = await open();
  const kept = await store.transaction(async (tx) => tx);
  await expect(kept.pools.list()).rejects.toMatchObject({ code: 'internal' });
  await store.close();
});

test('closing waits for transactions that are under way', async () => {
  const store = await open();
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const transaction = store.transaction(async (tx) => {
    begun.resolve();
    await go.promise;
    return (await tx.pools.list()).length;
  });
  await begun.promise;
  const closed = store.close();
  go.resolve();
  expect(await transaction).toBe(1);
  await closed;
  await expect(store.transaction(async () => {})).rejects.toMatchObject({ code: 'store_unavailable' });
});

test('a batch of the engine waits for seven answers, however large it is', async () => {
  const store = await open();
  const run = await oneRun(store);
  const batch = async (size: number) => {
    const task = size;
    const indexes = Array.from({ length: size }, (_, index) => index);
    await store.transaction(async (tx) => {
      await tx.instances.insert(indexes.map((index) => newInstance(run.id, { task, index })));
      await claimBest(tx, size);
    });
    const { roundTrips } = store.traffic;
    await store.transaction(async (tx) => {
      await tx.runs.lock([run.id]);
      const ended = await tx.instances.finish(indexes.map((index) => finishMove({ run: run.id, task, index })));
      expect(ended).toHaveLength(size);
      await tx.attempts.insert(ended.map((row) => attemptRow(row)));
      await tx.outputs.put(
        ended.map((row) => ({ ...keyOf(row), key: 'k', value: { kind: 'inline', data: '1' }, length: null })),
      );
      await tx.instances.count(ended.map((row) => delta({ run: row.run, task: task + 1 }, row.index, { success: 1 })));
      const again = ended.map((row) => ({ ...keyOf(row), at: NOON, reason: null }));
      await Promise.all([
        tx.instances.decide(again.map((row) => ({ ...row, from: 'success', to: 'queued' }))),
        tx.runs.count([{ id: run.id, unfinished: -size, active: -size, bad: 0 }]),
      ]);
      await tx.limits.lock();
      expect(await claimBest(tx, size)).toHaveLength(size);
      await tx.limits.adjust([{ key: 'pool:default_pool', used: -size, parked: 0 }]);
      await tx.timers.add(indexes.map((due) => ({ due, kind: 'retry', run: run.id, task, index: due, attempt: 1 })));
      await tx.events.append(indexes.map((index) => newEvent('x', { run: run.id, task, index })));
      await tx.logs.append(indexes.map((index) => ({ run: run.id, task, index, attempt: 1, at: NOON, lines: 'x\n' })));
    });
    return store.traffic.roundTrips - roundTrips;
  };
  expect(await batch(1)).toBe(7);
  expect(await batch(400)).toBe(7);
  await store.close();
});

test('two schemas of one database do not see each other', async () => {
  const store = await open();
  const other = await PostgresStore.open(uri, { schema: 'Another "one"' });
  await other.migrate();
  await oneRun(store);
  expect(await other.queries.runs({})).toEqual([]);
  await Promise.all([store.close(), other.close()]);
});
