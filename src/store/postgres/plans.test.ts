import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/postgres-server.ts';
import { claimBest } from '../conformance/sample.ts';
import { settingsOf } from './driver.ts';
import { CLAIMABLE, HOT_STATEMENTS } from './instance-statements.ts';
import { HOT_LIMIT_STATEMENTS } from './limits.ts';
import { HOT_OUTPUT_STATEMENTS } from './outputs.ts';
import { HOT_RUN_STATEMENTS } from './runs.ts';
import { PostgresStore } from './store.ts';
import { HOT_TIMER_STATEMENTS } from './timers.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Plan[];
}

let server: PostgresServer;
let store: PostgresStore;
/** A connection with the settings of those for transactions. */
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  const uri = await server.createDatabase('plans');
  store = await PostgresStore.open(uri);
  await store.migrate();
  client = new pg.Client({ connectionString: uri });
  await client.connect();
  await client.query(settingsOf.transactions('millrace'));
});

afterAll(async () => {
  await client?.end();
  await store?.close();
  await server?.stop();
});

async function explain(statement: string, options: string, values: unknown[] = []): Promise<Plan> {
  const { rows } = await client.query(`EXPLAIN (${options}, FORMAT JSON) ${statement}`, values);
  return rows[0]['QUERY PLAN'][0].Plan as Plan;
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

// Plans are made once per connection and kept, so the one of an empty database must be right for a full one.
for (const [group, statements] of Object.entries({
  instances: HOT_STATEMENTS,
  runs: HOT_RUN_STATEMENTS,
  outputs: HOT_OUTPUT_STATEMENTS,
  limits: HOT_LIMIT_STATEMENTS,
  timers: HOT_TIMER_STATEMENTS,
})) {
  for (const [name, statement] of Object.entries(statements)) {
    test(`${group}: ${name} looks its rows up by index, also while the table is empty`, async () => {
      const scans = nodesOf(await explain(statement, 'GENERIC_PLAN')).filter((node) => /Scan$/.test(node['Node Type']));
      const tables = scans.filter((node) => node['Relation Name'] !== undefined && node['Node Type'] !== 'ModifyTable');
      expect(tables.length).toBeGreaterThan(0);
      for (const scan of tables) {
        expect(scan['Node Type']).toMatch(/^Index (Only )?Scan$/);
        if (scan['Index Name'] === 'task_instance_claim') continue;
        // By run, task and map index; or by the one column that says it all.
        const columns = (scan['Index Cond'] ?? '').match(/\((\w+ = )/g)?.length ?? 0;
        const whole = scan['Relation Name'] === 'task_instance' || scan['Relation Name'] === 'output';
        const wanted = !whole || scan['Index Name'] === 'task_instance_parked' ? 1 : name === 'COUNT_ALL' ? 2 : 3;
        expect(columns, JSON.stringify(scan)).toBeGreaterThanOrEqual(wanted);
      }
    });
  }
}

const COUNTERS = `expected, n_success, n_failed, n_skipped, n_upstream_failed, n_removed, n_success_setup, n_skipped_setup, s_expected,
  s_success, s_failed, s_skipped, s_removed`;

test('with a million queued, a claim of a hundred reads about a hundred, the first time and the fiftieth', async () => {
  await client.query(`INSERT INTO task_instance (run_id, task, map_index, state, attempt, max_attempts, lost, priority, order_at, pool, slots,
      ${COUNTERS})
    SELECT 1 + n % 50, 0, n, 'queued', 1, 1, 0, n % 7, n / 10, 'default_pool', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM generate_series(1, 1000000) AS n`);
  const check = async () => {
    await client.query('BEGIN');
    const plan = await explain(CLAIMABLE, 'ANALYZE, BUFFERS', [100]);
    await client.query('ROLLBACK');
    const nodes = nodesOf(plan);
    expect(nodes.map((node) => node['Node Type'])).toEqual(['Limit', 'LockRows', 'Index Scan']);
    const scan = nodes[2]!;
    expect(scan['Index Name']).toBe('task_instance_claim');
    expect(scan['Actual Rows']).toBe(100);
    expect(scan['Rows Removed by Filter'] ?? 0).toBe(0);
    // A page of the table a row and a few of the index; what was claimed before leaves no trail to walk.
    return scan['Shared Hit Blocks']! + scan['Shared Read Blocks']!;
  };
  expect(await check()).toBeLessThan(150);
  for (let batch = 0; batch < 50; batch++) {
    expect(await store.transaction((tx) => claimBest(tx, 100))).toHaveLength(100);
  }
  // The first walk over dead entries marks them; the next ones pass over them within the index.
  await check();
  expect(await check()).toBeLessThan(250);
}, 120_000);
