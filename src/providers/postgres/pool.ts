import type pg from 'pg';
import { type Connection, connectionUri } from '../../model/connection.ts';
import { loadPeer } from '../peer.ts';

/** pg's module, loaded at first use. */
export async function loadPg(): Promise<typeof pg> {
  return (await loadPeer('pg', () => import('pg'))).default;
}

const pools = new Map<string, Promise<pg.Pool>>();

/** A connection of a pool holds another back at most this long: two that wait for each other end with an error. */
const ACQUIRE_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * The pool of this process for a connection. Idle connections close after 30 seconds and never keep the process alive.
 * At most 10 connections are open unless `extra.pool_size` says otherwise.
 */
export function poolFor(connection: Connection): Promise<pg.Pool> {
  const uri = driverUri(connection);
  const max = Number(connection.extra.pool_size ?? 10);
  const key = `${max} ${uri}`;
  let pool = pools.get(key);
  if (!pool) {
    pool = openPool(uri, max);
    pools.set(key, pool);
    pool.catch(() => pools.delete(key));
  }
  return pool;
}

async function openPool(connectionString: string, max: number): Promise<pg.Pool> {
  const { Pool } = await loadPg();
  const pool = new Pool({
    connectionString,
    max,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
    allowExitOnIdle: true,
    keepAlive: true,
    fallback_application_name: 'millrace',
  });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

/** `sslmode` means what it means to libpq, and so to Airflow: `require` encrypts and trusts any certificate. */
function driverUri(connection: Connection): string {
  const { pool_size: _, ...extra } = connection.extra;
  const text = Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, String(value)]));
  const compatible = text.sslmode === undefined ? {} : { uselibpqcompat: 'true' };
  return connectionUri({ ...connection, type: 'postgresql', extra: { ...compatible, ...text } });
}
