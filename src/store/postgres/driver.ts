import type pg from 'pg';
import { MillraceError } from '../../model/errors.ts';

export type Driver = typeof pg;

/** Loads `pg`, which is installed by those who use PostgreSQL only. */
export async function loadDriver(load: () => Promise<{ default: Driver }> = () => import('pg')): Promise<Driver> {
  try {
    return (await load()).default;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new MillraceError(
      'invalid_argument',
      'a store on PostgreSQL needs the package "pg", which is not installed',
      {
        fix: 'Run `npm install pg`, or start on SQLite (without --store).',
        cause,
      },
    );
  }
}

const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;

/**
 * Plans of the hot statements are made once per connection and kept, maybe while the tables are empty still. So the ways
 * that only pay on small tables are off: what is left is the plan for a large one, which is never bad.
 */
const HOT_PLANS = [
  'plan_cache_mode = force_generic_plan',
  'enable_seqscan = off',
  'enable_bitmapscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'enable_material = off',
  'enable_memoize = off',
  'random_page_cost = 1.1',
  'jit = off',
];

/** Settings of the connections for transactions, and of those for reads, as one statement each. */
export const settingsOf = {
  transactions: (schema: string) => statement([...sessionSettings(schema), ...HOT_PLANS]),
  reads: (schema: string) => statement([...sessionSettings(schema), 'jit = off', 'default_transaction_read_only = on']),
};

function sessionSettings(schema: string): string[] {
  return [
    `search_path = ${identifier(schema)}`,
    `statement_timeout = ${STATEMENT_MS}`,
    // A transaction whose program has stopped must not hold its locks for ever.
    `idle_in_transaction_session_timeout = ${STATEMENT_MS}`,
    "timezone = 'UTC'",
  ];
}

const statement = (settings: readonly string[]) => settings.map((setting) => `SET ${setting}`).join('; ');

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** 64-bit integers as numbers: ids, counts and milliseconds stay far below 2 ** 53. */
function types(driver: Driver): pg.CustomTypesConfig {
  const BIGINT = 20;
  const getTypeParser = (oid: number, format?: unknown) =>
    oid === BIGINT ? Number : driver.types.getTypeParser(oid, format as 'text');
  return { getTypeParser: getTypeParser as typeof driver.types.getTypeParser };
}

export function clientConfig(driver: Driver, uri: string): pg.ClientConfig {
  return {
    connectionString: uri,
    fallback_application_name: 'millrace',
    types: types(driver),
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
  };
}

export function openPool(
  driver: Driver,
  options: { readonly uri: string; readonly size: number; readonly settings: string },
): pg.Pool {
  const pool = new driver.Pool({
    ...clientConfig(driver, options.uri),
    max: options.size,
    // Statements whose answer nobody waits for are sent without waiting, see session.ts.
    pipeline: true,
    // The server ends a statement that takes too long; this is for a server that cannot even say so.
    query_timeout: STATEMENT_MS + 10_000,
    onConnect: (client) => client.query(options.settings) as unknown as void,
  });
  // A connection that breaks while nobody uses it is taken out of the pool; one in use fails its statements. Neither
  // may end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
