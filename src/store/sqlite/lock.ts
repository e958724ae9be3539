import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { MillraceError } from '../../model/errors.ts';

/** Who has the lock, for people: nothing depends on it. */
export interface LockHolder {
  readonly pid: number;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface DatabaseLock {
  release(): void;
}

// The lock lasts as long as its connection, so that must not be left to the garbage collector.
const held = new Set<Sqlite.Database>();

/**
 * Makes this process the only server on a SQLite database, until it releases the lock or ends, however it ends. Throws
 * `store_locked` when there is another one. Commands beside the server do not take it.
 *
 * The lock is a transaction of a second, empty database beside it, because the operating system takes SQLite's locks
 * away with the process: a lock file would survive a kill, and a pid in it may be another process's by now.
 */
export function lockDatabase(path: string, holder: LockHolder): DatabaseLock {
  if (path === ':memory:') return { release: () => {} };
  const connection = take(path);
  if (!connection) throw locked(path, lockHolder(path));
  held.add(connection);
  writeFileSync(holderFile(path), JSON.stringify(holder));
  return {
    release() {
      if (!connection.open) return;
      rmSync(holderFile(path), { force: true });
      held.delete(connection);
      connection.close();
    },
  };
}

/** Who has the lock of this database; null: nobody. */
export function databaseLockHolder(path: string): LockHolder | { readonly pid: null } | null {
  if (path === ':memory:') return null;
  const connection = take(path);
  if (!connection) return lockHolder(path) ?? { pid: null };
  connection.close();
  return null;
}

function take(path: string): Sqlite.Database | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const connection = new Sqlite(`${path}.lock`, { timeout: 0 });
    try {
      connection.exec('BEGIN EXCLUSIVE');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (cause) {
    if (String((cause as { code?: unknown }).code).startsWith('SQLITE_BUSY')) return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError('store_unavailable', `the lock of the database ${path} cannot be taken: ${why}`, {
      fix: 'Check that the folder of the database exists and can be written.',
      cause,
    });
  }
}

const holderFile = (path: string) => `${path}.holder`;

function lockHolder(path: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(holderFile(path), 'utf8')) as LockHolder;
  } catch {
    // It is being written, or was taken away by hand.
    return null;
  }
}

function locked(path: string, holder: LockHolder | null): MillraceError {
  const who = holder ? `${holder.name} (pid ${holder.pid})` : 'another server';
  return new MillraceError('store_locked', `the database ${path} is in use by ${who}`, {
    fix: `Stop ${holder ? `it (kill ${holder.pid})` : 'it'}, give this server another --store or MILLRACE_HOME, or use PostgreSQL, which takes several servers.`,
  });
}
