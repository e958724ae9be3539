import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresStore } from '../store/postgres/store.ts';
import type { NewEvent } from '../store/rows.ts';
import { Database, type Statement } from '../store/sqlite/database.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import type { Store } from '../store/store.ts';
import { type PostgresServer, startPostgres } from '../testing/postgres-server.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { succeeds } from './testing/scripted-executor.ts';
import { dagSpec, type TaskSketch } from './testing/spec-builder.ts';

// What a finished task costs, in rows read and written, and that it stays so however many tasks the run has and however
// many runs have been before. Nothing here is timed: rows are counted.

const FEW = 1_000;
const MANY = 1_000_000;

function chain(length: number) {
  const tasks: Record<string, TaskSketch> = {};
  for (let step = 0; step < length; step++) {
    const before = `step_${step - 1}`;
    tasks[`step_${step}`] = step === 0 ? {} : { after: [before], input: (names) => names.output(before) };
  }
  return dagSpec(`chain_${length}`, tasks);
}

/** Finished runs of a workflow, each with an instance, an attempt and an event, made by the database itself. */
const history = (series: string, version: string) => [
  `INSERT INTO run (workflow_id, version_id, run_id, type, state, logical_date, run_after, conf, params, queued_at, started_at, ended_at,
     triggered_by, unfinished, active, bad)
   SELECT 1, (${version}), 'old_' || n, 'scheduled', 'success', n, n, '{}', '{}', n, n, n, 'timetable', 0, 0, 0 FROM ${series}`,
  `INSERT INTO task_instance (run_id, task, map_index, state, attempt, max_attempts, lost, priority, order_at, pool, slots, expected,
     n_success, n_failed, n_skipped, n_upstream_failed, n_removed, n_success_setup, n_skipped_setup, s_expected, s_success, s_failed,
     s_skipped, s_removed, queued_at, started_at, ended_at)
   SELECT id, 0, -1, 'success', 1, 1, 0, 1, id, 'default_pool', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, id, id, id FROM run`,
  `INSERT INTO attempt (run_id, task, map_index, attempt, outcome, worker, started_at, ended_at)
   SELECT id, 0, -1, 1, 'success', 'w', id, id FROM run`,
  `INSERT INTO event (at, kind, workflow_id, run_id, task, map_index, attempt) SELECT id, 'instance.success', 1, id, 0, -1, 1 FROM run`,
];
const VERSION = 'SELECT version_id FROM workflow WHERE id = 1';

async function start(store: Store): Promise<EngineWorld> {
  const world = await EngineWorld.start(store);
  world.executor.answerOthers(succeeds(42));
  return world;
}

/** A run, to its end; to ask the store whether it has ended would be counted. */
async function run(world: EngineWorld, workflow: string): Promise<void> {
  const { id } = await world.trigger(workflow);
  const isEnd = (event: NewEvent) => event.run === id && /^run\.(success|failed)$/.test(event.kind);
  while (!world.events.some(isEnd)) await world.settle();
  expect(world.events.find(isEnd)?.kind).toBe('run.success');
  expect(world.errors).toEqual([]);
}

interface Cost {
  readonly read: number;
  readonly written: number;
}

const perTask = ({ read, written }: Cost, tasks: number): Cost => ({ read: read / tasks, written: written / tasks });

/**
 * What one costs is what the other does. Room is left for rounds that come when they like, and on PostgreSQL for entries
 * of an index that nobody has swept away yet; looking through a run of 400 or a history would be out of all proportion.
 */
function expectSame(one: Cost, other: Cost, room = 1.1): void {
  expect(one.read).toBeLessThan(other.read * room + 1);
  expect(one.written).toBeLessThan(other.written * room + 1);
}

describe('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  /** Rows that tables and indexes gave and took: what sequential scans read counts as much as what indexes found. */
  const COUNTED = `SELECT
      (SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables WHERE schemaname = 'millrace')::int AS read,
      (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'millrace')::int AS written,
      (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = 'millrace')::int AS entries`;
  const OTHERS = `SELECT count(*)::int AS others FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'`;

  async function costOf(workflow: string, uri: string): Promise<Cost> {
    const client = new pg.Client({ connectionString: uri });
    await client.connect();
    const counted = async () => {
      // A connection tells its counts when it ends.
      while ((await client.query<{ others: number }>(OTHERS)).rows[0]!.others > 0);
      const { read, written, entries } = (await client.query<Cost & { entries: number }>(COUNTED)).rows[0]!;
      return { read: read + entries, written };
    };
    const before = await counted();
    const store = await PostgresStore.open(uri);
    const world = await start(store);
    await run(world, workflow);
    await world.engine.stop(0);
    await store.close();
    const after = await counted();
    await client.end();
    return { read: after.read - before.read, written: after.written - before.written };
  }

  async function filled(name: string, runs: number): Promise<string> {
    const uri = await server.createDatabase(name);
    const store = await PostgresStore.open(uri);
    await store.migrate();
    const world = await start(store);
    await world.publish(chain(40), chain(400));
    await world.engine.stop(0);
    await store.close();
    const client = new pg.Client({ connectionString: uri });
    await client.connect();
    await client.query('SET search_path = millrace; SET synchronous_commit = off');
    for (const statement of history(`generate_series(1, ${runs}) AS s (n)`, VERSION)) await client.query(statement);
    await client.end();
    return uri;
  }

  it('a task costs as many rows after a million runs as after a thousand, and in a run of 400 as in one of 40', async () => {
    const few = await filled('few', FEW);
    const small = perTask(await costOf('chain_40', few), 40);
    const long = perTask(await costOf('chain_400', few), 400);
    const many = await filled('many', MANY);
    const late = perTask(await costOf('chain_40', many), 40);
    expectSame(long, small, 1.6);
    expectSame(late, small, 1.6);
    expect(small.read).toBeLessThan(60);
    expect(small.written).toBeLessThan(14);
  });
});

describe('on SQLite', () => {
  /** A connection that counts the rows that its statements return and change, and remembers their texts. */
  class CountingDatabase extends Database {
    readonly texts = new Set<string>();
    read = 0;
    written = 0;

    override prepare(text: string): Statement {
      const statement = super.prepare(text);
      this.texts.add(text);
      return new Proxy(statement, {
        get: (target, verb) => {
          const real = Reflect.get(target, verb, target) as unknown;
          if (typeof real !== 'function') return real;
          return (...args: unknown[]) => this.#count(real.apply(target, args) as unknown);
        },
      });
    }

    #count<T>(answer: T): T {
      if (Array.isArray(answer)) this.read += answer.length;
      else if (typeof answer === 'object' && answer !== null && 'changes' in answer)
        this.written += answer.changes as number;
      else if (answer !== undefined) this.read += 1;
      return answer;
    }

    /** How the statements find their rows. */
    plans(): string[] {
      return [...this.texts].flatMap((text) => {
        if (!/^(select|insert|update|delete)/i.test(text)) return [];
        const parameters = Array.from(text.matchAll(/\?/g), () => null);
        const rows = this.connection.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...parameters) as { detail: string }[];
        return rows.map(({ detail }) => detail);
      });
    }
  }

  /** Small by what they are: what waits and nothing that is over, or a register. */
  const SHORT =
    /^SCAN (task_instance USING INDEX task_instance_claim|run USING (COVERING )?INDEX run_(queued|unfinished|running)|backfill USING INDEX backfill_open|timer USING (COVERING )?INDEX timer_due|workflow USING (COVERING )?INDEX workflow_due|pool|server|CONSTANT ROW|16-ROW VALUES CLAUSE)$/;

  async function costOf(workflow: string, runs: number): Promise<{ cost: Cost; plans: readonly string[] }> {
    const database = new CountingDatabase(':memory:');
    const store = SqliteStore.inMemory(database);
    await store.migrate();
    const world = await start(store);
    await world.publish(chain(40), chain(400));
    const series = `(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${runs}) SELECT n FROM s)`;
    for (const statement of history(series, VERSION)) database.connection.exec(statement);
    await run(world, workflow);
    const before = { read: database.read, written: database.written };
    database.texts.clear();
    await run(world, workflow);
    const cost = { read: database.read - before.read, written: database.written - before.written };
    const plans = database.plans();
    await world.engine.stop(0);
    await store.close();
    return { cost, plans };
  }

  it('a task costs as many rows after a million runs as after a thousand, and in a run of 400 as in one of 40', async () => {
    const small = perTask((await costOf('chain_40', FEW)).cost, 40);
    const long = perTask((await costOf('chain_400', FEW)).cost, 400);
    const late = perTask((await costOf('chain_40', MANY)).cost, 40);
    expectSame(long, small);
    expectSame(late, small);
    expect(small.read).toBeLessThan(10);
    expect(small.written).toBeLessThan(10);
  });

  it('no statement looks through what is over', async () => {
    const { plans } = await costOf('chain_40', FEW);
    expect(plans.length).toBeGreaterThan(20);
    expect(plans.filter((plan) => /^SCAN/.test(plan) && !SHORT.test(plan))).toEqual([]);
    expect(plans.filter((plan) => /TEMP B-TREE/.test(plan))).toEqual([]);
  });
});
