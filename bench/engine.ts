// The engine on both stores, with an executor that answers at once: what a chain, a fan and many runs cost without the
// bodies and the messages to workers. `node --conditions=millrace-source bench/engine.ts`
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../src/engine/engine.ts';
import { publish, trigger } from '../src/engine/operations.ts';
import { publication } from '../src/engine/testing/engine-world.ts';
import { ScriptedExecutor, succeeds } from '../src/engine/testing/scripted-executor.ts';
import { dagSpec, listOf, type TaskSketch } from '../src/engine/testing/spec-builder.ts';
import { systemClock } from '../src/model/clock.ts';
import { PostgresStore } from '../src/store/postgres/store.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import type { Store } from '../src/store/store.ts';
import { startPostgres } from '../src/testing/postgres-server.ts';

const CHAIN = 40;
const FAN = 5000;

/** Every task of the chain takes what the one before gave. */
function chainOf(length: number): Record<string, TaskSketch> {
  const tasks: Record<string, TaskSketch> = {};
  for (let step = 0; step < length; step++) {
    const before = `step_${step - 1}`;
    tasks[`step_${step}`] = step === 0 ? {} : { after: [before], input: (names) => names.output(before) };
  }
  return tasks;
}

const WORKFLOWS = [
  dagSpec('chain', chainOf(CHAIN)),
  dagSpec('fan', { each: { mapping: () => ({ kind: 'over', over: listOf(...Array(FAN).keys()) }) } }),
];

interface Counts {
  readonly transactions: () => number;
  readonly roundTrips?: () => number;
}

async function measure(name: string, store: Store, { transactions, roundTrips }: Counts): Promise<void> {
  const executor = new ScriptedExecutor(systemClock, 512).answerOthers(succeeds(42));
  const ended = new Map<number, (state: string) => void>();
  let number = 0;
  const ids = { random: () => `r${number++}` };
  const engine = new Engine({
    store,
    clock: systemClock,
    executor,
    ids,
    lookup: { connection: async () => null, variable: async () => null, secret: async () => null },
    mailer: null,
    name: 'bench',
    peers: store.dialect === 'sqlite' ? 'none' : 'leases',
    onError: (error) => console.error(error),
    onEvents: (events) => {
      for (const { kind, run } of events) {
        if (/^run\.(success|failed|cancelled)$/.test(kind)) ended.get(run!)?.(kind);
      }
    },
  });
  await engine.start();
  await engine.command((e) => publish(e, publication(WORKFLOWS)));

  const run = async (workflow: string) => {
    const conf = { workflow, runId: `${workflow}_${number++}`, conf: {}, triggeredBy: 'bench', logicalDate: null };
    let end = (_: string) => {};
    const done = new Promise<string>((resolve) => {
      end = resolve;
    });
    await engine.command(async (e) => ended.set((await trigger(e, ids, conf)).id, end));
    engine.wake();
    const state = await done;
    if (state !== 'run.success') throw new Error(`${workflow} ended as ${state}`);
  };
  const timed = async (what: string, attempts: number, body: () => Promise<unknown>) => {
    const before = { transactions: transactions(), roundTrips: roundTrips?.() ?? 0 };
    const begin = performance.now();
    await body();
    const ms = performance.now() - begin;
    const commits = transactions() - before.transactions;
    const trips = roundTrips && (roundTrips() - before.roundTrips) / commits;
    console.log(
      [
        `${name}, ${what}: ${ms.toFixed(0)} ms, ${(ms / attempts).toFixed(2)} ms an attempt, ${commits} transactions`,
        ...(trips === undefined ? [] : [`${trips.toFixed(1)} round trips each`]),
      ].join(', '),
    );
  };

  await run('chain');
  for (let round = 0; round < 3; round++) await timed(`a chain of ${CHAIN}`, CHAIN, () => run('chain'));
  await timed(`${FAN} mapped`, FAN, () => run('fan'));
  await timed(`16 chains of ${CHAIN} at once`, 16 * CHAIN, () =>
    Promise.all(Array.from({ length: 16 }, () => run('chain'))),
  );
  await engine.stop(0);
}

/** The same store, counting its transactions. */
function counted(store: Store): { store: Store; transactions: () => number } {
  let transactions = 0;
  const counting = new Proxy(store, {
    get(target, name) {
      if (name === 'transaction') {
        return (body: Parameters<Store['transaction']>[0]) => {
          transactions += 1;
          return target.transaction(body);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { store: counting, transactions: () => transactions };
}

const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
const sqlite = SqliteStore.open(join(folder, 'state.db'));
await sqlite.migrate();
const one = counted(sqlite);
await measure('SQLite', one.store, one);
await sqlite.close();
await rm(folder, { recursive: true, force: true });

const server = await startPostgres();
const postgres = await PostgresStore.open(await server.createDatabase('bench'));
await postgres.migrate();
const other = counted(postgres);
await measure('PostgreSQL', other.store, { ...other, roundTrips: () => postgres.traffic.roundTrips });
await postgres.close();
await server.stop();
