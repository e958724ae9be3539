import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { MillraceError } from '../../model/errors.ts';
import type { Compilable, SqlRunner } from '../sql/builder.ts';
import { sqliteBuilder } from '../sql/builder.ts';

export type Statement = Sqlite.Statement<unknown[], Record<string, unknown>>;

/** One connection to a SQLite file, its prepared statements, and the pragmas that make a commit durable. */
export class Database implements SqlRunner {
  readonly dialect = 'sqlite' as const;
  readonly builder = sqliteBuilder();
  readonly connection: Sqlite.Database;
  readonly #statements = new Map<string, Statement>();

  constructor(path: string, options: { readonly?: boolean } = {}) {
    try {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
      this.connection = new Sqlite(path, { readonly: options.readonly ?? false });
    } catch (cause) {
      throw unavailable(path, cause);
    }
    this.connection.pragma('busy_timeout = 5000');
    if (!options.readonly) this.connection.pragma('journal_mode = WAL');
    // FULL: a commit that was acknowledged is on the disk. Group commit makes that as cheap as NORMAL.
    this.connection.pragma('synchronous = FULL');
    this.connection.pragma('cache_size = -65536');
    this.connection.pragma('temp_store = MEMORY');
    // Checkpoints in larger steps: the WAL of a busy second is copied once, not after every few hundred commits.
    this.connection.pragma('wal_autocheckpoint = 4000');
    // A writer that finds another process at it waits by itself (SqliteStore), without holding up the event loop.
    if (!options.readonly) this.connection.pragma('busy_timeout = 0');
  }

  prepare(text: string): Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.connection.prepare<unknown[], Record<string, unknown>>(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  async all<R>(query: Compilable<R>): Promise<R[]> {
    const { sql, parameters } = query.compile();
    return this.prepare(sql).all(...parameters) as R[];
  }

  async run(query: Compilable<unknown>): Promise<number> {
    const { sql, parameters } = query.compile();
    return this.prepare(sql).run(...parameters).changes;
  }

  close(): void {
    this.connection.close();
  }
}

/** Errors that say "not now", for which a transaction is kept and tried again, as against errors in what it does. */
const PASSING = /^SQLITE_(BUSY|LOCKED|IOERR|FULL|READONLY|CANTOPEN)/;

export function asStoreError(path: string, error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && PASSING.test(code) ? unavailable(path, error) : error;
}

/** Another process has the database for itself at this moment. */
export function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}

function unavailable(path: string, cause: unknown): MillraceError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError('store_unavailable', `the database ${path} cannot be used now: ${why}`, {
    fix: 'Check that the folder exists, can be written and has room; work goes on by itself when it does.',
    cause,
  });
}
