import type { Connection } from '../../model/connection.ts';
import { type AttemptScope, currentScope } from '../../sdk/scope.ts';
import { resolveConnection } from '../connections.ts';
import { HeldConnection } from './held.ts';
import { poolFor } from './pool.ts';
import { inTransaction, type PostgresQueries, Session } from './session.ts';
import type { NumericAs } from './types.ts';

export type { ColumnType, ColumnTypes, Rows } from '../rows.ts';
export type { CopyOptions, CopyRows } from './copy.ts';
export type { PostgresQueries } from './session.ts';
export type { NumericAs } from './types.ts';
export type { Row, UpsertOptions } from './upsert.ts';

export interface PostgresOptions {
  /**
   * How `numeric` and `decimal` are read. Default `string`: exact. `number` rounds to what JavaScript can hold, 15
   * significant digits.
   */
  readonly numeric?: NumericAs;
}

export interface Postgres extends PostgresQueries {
  /**
   * Runs `body` inside one transaction: commits when it ends, rolls back when it throws or the attempt is aborted.
   * `tx` holds one connection and must not be used after `body` ended.
   */
  transaction<T>(body: (tx: PostgresQueries) => Promise<T>): Promise<T>;
}

/**
 * PostgreSQL, by a connection's name or by a URI. Needs the package pg (and pg-cursor for stream, pg-copy-streams for
 * copyFrom). Nothing is opened before the first call; connections are pooled per process.
 *
 * Values read: int8 is a number where exact, else a bigint; numeric is text unless `numeric: 'number'`; timestamptz and
 * timestamp are Dates (a timestamp is taken as UTC); date, time and interval are text; json is parsed; bytea is a Buffer.
 */
export function postgres(target: string, options: PostgresOptions = {}): Postgres {
  const numericAs = options.numeric ?? 'string';
  const open = async (scope: AttemptScope | undefined) => {
    const connection = await resolveConnection(
      target,
      { provider: 'postgres', types: ['postgres', 'postgresql'] },
      scope,
    );
    return HeldConnection.take(await poolFor(connection), nameOf(connection, target), scope?.context.signal);
  };
  const session = new Session({ open, close: (held) => held.release() }, { inTransaction: false, numericAs });
  return {
    query: (sql, params) => session.query(sql, params),
    stream: (sql, params) => session.stream(sql, params),
    execute: (sql, params) => session.execute(sql, params),
    upsert: (table, rows, upsertOptions) => session.upsert(table, rows, upsertOptions),
    copyFrom: (table, rows, copyOptions) => session.copyFrom(table, rows, copyOptions),
    async transaction(body) {
      const held = await open(currentScope());
      try {
        const access = { open: async () => held, close: () => {} };
        return await inTransaction(held, () => body(new Session(access, { inTransaction: true, numericAs })));
      } finally {
        held.release();
      }
    },
  };
}

/** What messages call the connection; a URI is named without its login. */
function nameOf(connection: Connection, target: string): string {
  return target.includes('://') ? `${connection.host ?? 'localhost'}/${connection.schema ?? ''}` : connection.name;
}
