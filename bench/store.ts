import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counters, keyOf, NOON, newInstance, newRun, publish, tokenOf } from '../src/store/conformance/sample.ts';
import { PostgresStore } from '../src/store/postgres/store.ts';
import type { ClaimCandidate } from '../src/store/rows.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import type { Store, Tx } from '../src/store/store.ts';
import { startPostgres } from '../src/testing/postgres-server.ts';

/**
 * How many tasks a second each store takes through a batch of the engine: finish, outputs, attempts, events, counters of
 * what is downstream, decide, counters of the run, limits, claim. `node bench/store.ts [seconds]` prints a table.
 */

const SECONDS = Number(process.argv[2] ?? 2);
const SIZES = [1, 10, 100, 500];
const POOL = 'pool:default_pool';

/** A run in which task 1's instance of an index waits for task 0's. */
async function fill(store: Store, runId: string, size: number): Promise<number> {
  return store.transaction(async (tx) => {
    const run = (await tx.runs.insert(newRun(await publish(tx, 'bench'), { runId })))!;
    const indexes = Array.from({ length: size }, (_, index) => index);
    await tx.instances.insert(indexes.map((index) => newInstance(run.id, { index })));
    const waiting = {
      task: 1,
      state: 'none',
      attempt: 0,
      queuedAt: null,
      counters: counters({ expected: 1 }),
    } as const;
    await tx.instances.insert(indexes.map((index) => newInstance(run.id, { index, ...waiting })));
    await tx.runs.count([{ id: run.id, unfinished: 2 * size, active: size, bad: 0 }]);
    return run.id;
  });
}

async function claim(tx: Tx, limit: number): Promise<readonly ClaimCandidate[]> {
  const candidates = await tx.instances.claimable(limit);
  await tx.instances.claim(candidates.map((row) => ({ ...keyOf(row), token: tokenOf(row), server: 1, at: NOON })));
  return candidates;
}

/** One batch: `running` ends, what was downstream of it is claimed. */
function batch(store: Store, run: number, running: readonly ClaimCandidate[]): Promise<readonly ClaimCandidate[]> {
  return store.transaction(async (tx) => {
    await tx.runs.lock([run]);
    const ended = await tx.instances.finish(
      running.map((row) => ({ ...keyOf(row), token: tokenOf(row), to: 'success', at: NOON, reason: null, lost: null })),
    );
    await tx.outputs.put(
      ended.map((row) => ({
        ...keyOf(row),
        key: 'return_value',
        value: { kind: 'inline', data: '{"rows":123}' },
        length: null,
      })),
    );
    await tx.attempts.insert(
      ended.map((row) => ({
        ...keyOf(row),
        attempt: row.attempt,
        outcome: 'success',
        reason: null,
        worker: 'w1',
        startedAt: NOON,
        endedAt: NOON,
        error: null,
      })),
    );
    const downstream = ended.filter(({ task }) => task === 0);
    const waiting = await tx.instances.count(
      downstream.map(({ index }) => ({ run, task: 1, index, counters: counters({ success: 1 }) })),
    );
    // The run is locked, so none of these can lose: what depends on nothing of the other is asked for together.
    await Promise.all([
      tx.instances.decide(
        waiting.map((row) => ({ ...keyOf(row), from: 'none', to: 'queued', at: NOON, reason: null })),
      ),
      tx.runs.count([{ id: run, unfinished: -ended.length, active: waiting.length - ended.length, bad: 0 }]),
    ]);
    await tx.limits.lock();
    const claimed = await claim(tx, running.length);
    await tx.limits.adjust([{ key: POOL, used: claimed.length - ended.length, parked: 0 }]);
    await tx.events.append(
      [...ended, ...claimed].map((row) => ({
        at: NOON,
        kind: 'instance.state',
        workflowId: 1,
        run,
        task: row.task,
        index: row.index,
        attempt: row.attempt,
        data: null,
      })),
    );
    return claimed;
  });
}

async function measure(store: Store, size: number): Promise<{ perSecond: number; perBatch: number }> {
  let batches = 0;
  let tasks = 0;
  let spent = 0;
  const warm = 20;
  for (let n = 0; spent < SECONDS * 1000; n++) {
    const run = await fill(store, `size ${size}, run ${n}`, size);
    let running = await store.transaction((tx) => claim(tx, size));
    const start = performance.now();
    for (; running.length > 0; batches++) {
      tasks += running.length;
      running = await batch(store, run, running);
    }
    if (n >= warm) spent += performance.now() - start;
    else {
      tasks = 0;
      batches = 0;
    }
  }
  return { perSecond: Math.round((tasks / spent) * 1000), perBatch: spent / batches };
}

async function table(name: string, store: Store, roundTrips: (() => number) | null): Promise<void> {
  await store.migrate();
  for (const size of SIZES) {
    const { perSecond, perBatch } = await measure(store, size);
    const run = await fill(store, `round trips ${size}`, size);
    const running = await store.transaction((tx) => claim(tx, size));
    const before = roundTrips?.() ?? 0;
    await batch(store, run, running);
    const trips = roundTrips ? `, ${roundTrips() - before} round trips` : '';
    console.log(`${name}, batch of ${size}: ${perSecond} tasks/s, ${perBatch.toFixed(2)} ms a batch${trips}`);
    await store.transaction((tx) => claim(tx, 10 * size));
  }
  await store.close();
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
await table('SQLite', SqliteStore.open(join(folder, 'bench.db')), null);
rmSync(folder, { recursive: true, force: true });
const server = await startPostgres();
const postgres = await PostgresStore.open(await server.createDatabase('bench'));
await table('PostgreSQL', postgres, () => postgres.traffic.roundTrips);
await server.stop();
