// Rows a second of the store's hot verbs by batch size, on SQLite and on PostgreSQL, each batch one durable transaction.
// `node --conditions=millrace-source bench/store.ts [rows a series]`
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attemptRow,
  delta,
  finishMove,
  keyOf,
  newEvent,
  newInstance,
  oneRun,
  tokenOf,
} from '../src/store/conformance/sample.ts';
import { PostgresStore } from '../src/store/postgres/store.ts';
import type { InstanceKey } from '../src/store/rows.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import type { Store, Tx } from '../src/store/store.ts';
import { startPostgres } from '../src/testing/postgres-server.ts';

const [rows = 20_000] = process.argv.slice(2).map(Number);
const SIZES = [1, 10, 100, 1000];
/** Small batches are slow: this many of them are enough to know. */
const MOST_BATCHES = 500;

/** What the engine's batch does with the ends of attempts, and with what it claims after them. */
async function endAndClaim(tx: Tx, run: number, ended: readonly InstanceKey[]): Promise<readonly InstanceKey[]> {
  await tx.runs.lock([run]);
  const won = await tx.instances.finish(ended.map((key) => finishMove(key)));
  await tx.attempts.insert(won.map((key) => attemptRow(key)));
  await tx.outputs.put(
    won.map((key) => ({ ...keyOf(key), key: 'return_value', value: { kind: 'inline', data: '42' }, length: null })),
  );
  await tx.instances.count(won.length > 0 ? [delta({ run, task: 1 }, -1, { success: won.length })] : []);
  await tx.runs.count([{ id: run, unfinished: -won.length, active: -won.length, bad: 0 }]);
  await tx.limits.lock();
  const claimed = await claim(tx, ended.length);
  await tx.limits.adjust([{ key: 'pool:default_pool', used: claimed.length - won.length, parked: 0 }]);
  const events = [...won, ...claimed].map((key) => newEvent('instance', { ...keyOf(key), attempt: 1 }));
  await tx.events.append(events);
  return claimed;
}

async function claim(tx: Tx, count: number): Promise<readonly InstanceKey[]> {
  const candidates = await tx.instances.claimable(count);
  return tx.instances.claim(
    candidates.map((row) => ({ ...keyOf(row), token: tokenOf(row), server: 1, at: row.orderAt })),
  );
}

async function timed(body: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await body();
  return (performance.now() - begin) / 1000;
}

async function measure(name: string, store: Store, roundTrips?: () => number): Promise<void> {
  await store.migrate();
  const run = await oneRun(store);
  await store.transaction((tx) => tx.instances.insert([newInstance(run.id, { task: 1, state: 'none' })]));
  let task = 1;
  for (const size of SIZES) {
    const batches = Math.min(MOST_BATCHES, Math.ceil(rows / size));
    const count = batches * size;
    task += 1;
    const made = Array.from({ length: count }, (_, index) => newInstance(run.id, { task, index }));
    const inserting = await timed(async () => {
      for (let at = 0; at < count; at += size) {
        await store.transaction((tx) => tx.instances.insert(made.slice(at, at + size)));
      }
    });
    let running = await store.transaction((tx) => claim(tx, size));
    const before = roundTrips?.() ?? 0;
    const ending = await timed(async () => {
      while (running.length > 0) {
        const ended = running;
        running = await store.transaction((tx) => endAndClaim(tx, run.id, ended));
      }
    });
    const rate = (seconds: number) => `${Math.round(count / seconds).toLocaleString('en')} rows/s`;
    console.log(
      [
        `${name}, ${size} a batch:`,
        `insert ${rate(inserting)},`,
        `finish and claim ${rate(ending)},`,
        `${((ending / batches) * 1000).toFixed(2)} ms a batch`,
        ...(roundTrips ? [`in ${((roundTrips() - before) / batches).toFixed(1)} round trips`] : []),
      ].join(' '),
    );
  }
}

const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
const sqlite = SqliteStore.open(join(folder, 'state.db'));
await measure('SQLite', sqlite);
await sqlite.close();
await rm(folder, { recursive: true, force: true });

const server = await startPostgres();
const postgres = await PostgresStore.open(await server.createDatabase('bench'));
await measure('PostgreSQL', postgres, () => postgres.traffic.roundTrips);
await postgres.close();
await server.stop();
