import type pg from 'pg';
import { MillraceError } from '../../model/errors.ts';
import { type AttemptScope, currentScope } from '../../sdk/scope.ts';
import { Rows } from '../rows.ts';
import { type CopyOptions, type CopyRows, copyRows } from './copy.ts';
import { readDeclared, readPortal, type Statement } from './cursor.ts';
import type { HeldConnection } from './held.ts';
import { loadPg } from './pool.ts';
import { TableColumns } from './table.ts';
import { valueText } from './text.ts';
import { type NumericAs, typeParsers } from './types.ts';
import { type Row, UpsertBatch, type UpsertOptions } from './upsert.ts';

/** What can be asked of a database, on its own or inside a transaction. */
export interface PostgresQueries {
  /** All rows of a statement. `$1`, `$2` … in it stand for the values of `params`. */
  query<T = Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** The rows of a statement, read while they are consumed. */
  stream<T = Row>(sql: string, params?: readonly unknown[]): Rows<T>;
  /** Runs a statement and gives the number of rows that it wrote. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  /**
   * Inserts the rows, and updates those whose key is there already; twice is as once. All in one transaction. Of rows
   * with one key the last counts. Rows are taken as they come, never all in memory. Gives the number of rows taken.
   */
  upsert<R>(table: string, rows: Iterable<R> | AsyncIterable<R>, options: UpsertOptions<R>): Promise<number>;
  /** Appends rows by COPY, the fastest way in: all or none. Gives their number. */
  copyFrom(table: string, rows: CopyRows, options?: CopyOptions): Promise<number>;
}

/** How a session comes to its connection: a new one each time, or the one of its transaction. */
export interface Access {
  open(scope: AttemptScope | undefined): Promise<HeldConnection>;
  close(held: HeldConnection): void;
}

export class Session implements PostgresQueries {
  readonly #access: Access;
  readonly #inTransaction: boolean;
  readonly #numericAs: NumericAs;

  constructor(access: Access, options: { readonly inTransaction: boolean; readonly numericAs: NumericAs }) {
    this.#access = access;
    this.#inTransaction = options.inTransaction;
    this.#numericAs = options.numericAs;
  }

  async query<T = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return (await this.#run(sql, params)).rows as T[];
  }

  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return (await this.#run(sql, params)).rowCount ?? 0;
  }

  stream<T = Row>(sql: string, params: readonly unknown[] = []): Rows<T> {
    const session = this;
    // Rows may be consumed where the attempt's scope does not reach, by an event handler for example.
    const scope = currentScope();
    return new Rows<T>(async function* (declare) {
      const read = session.#inTransaction ? readDeclared : readPortal;
      const held = await session.#access.open(scope ?? currentScope());
      try {
        yield* read<T>(held, await session.#statement(sql, params), declare);
      } finally {
        session.#access.close(held);
      }
    });
  }

  async upsert<R>(table: string, rows: Iterable<R> | AsyncIterable<R>, options: UpsertOptions<R>): Promise<number> {
    return this.#atomically(async (held) => {
      const execute = (sql: string, values: readonly (string | null)[]) =>
        held.run((client) => client.query(sql, [...values]));
      const batch = new UpsertBatch(table, await TableColumns.read(table, execute), options, execute);
      let taken = 0;
      for await (const item of rows) {
        await batch.add(options.row ? options.row(item) : (item as Row));
        taken += 1;
      }
      await batch.flush();
      return taken;
    });
  }

  async copyFrom(table: string, rows: CopyRows, options: CopyOptions = {}): Promise<number> {
    return this.#hold(async (held) => {
      const query = (sql: string, values: readonly string[]) => held.run((client) => client.query(sql, [...values]));
      return copyRows(held, { name: table, columns: await TableColumns.read(table, query) }, rows, options);
    });
  }

  async #run(sql: string, params: readonly unknown[]): Promise<pg.QueryResult> {
    const { values, types } = await this.#statement(sql, params);
    const result = await this.#hold((held) =>
      held.run((client) => client.query({ text: sql, types, ...(values.length > 0 ? { values: [...values] } : {}) })),
    );
    // Several statements in one text give a result each; the last one counts.
    return Array.isArray(result) ? (result as pg.QueryResult[]).at(-1)! : result;
  }

  async #statement(sql: string, params: readonly unknown[]): Promise<Statement> {
    const { types } = await loadPg();
    const values = params.map((value) => valueText(value));
    return { sql, values, types: typeParsers(types, this.#numericAs), numericAs: this.#numericAs };
  }

  async #hold<T>(work: (held: HeldConnection) => Promise<T>): Promise<T> {
    const held = await this.#access.open(currentScope());
    try {
      return await work(held);
    } finally {
      this.#access.close(held);
    }
  }

  #atomically<T>(work: (held: HeldConnection) => Promise<T>): Promise<T> {
    return this.#hold((held) => (this.#inTransaction ? work(held) : inTransaction(held, () => work(held))));
  }
}

/** Begin, work, commit; on any error roll back. */
export async function inTransaction<T>(held: HeldConnection, work: () => Promise<T>): Promise<T> {
  try {
    await held.run((client) => client.query('BEGIN'));
    const result = await work();
    const { command } = await held.run((client) => client.query('COMMIT'));
    // COMMIT after a failed statement whose error was caught rolls back, and says so only here.
    if (command === 'ROLLBACK') {
      throw new MillraceError('provider_error', `PostgreSQL '${held.name}': the transaction was rolled back`, {
        fix: 'Let the error of the statement that failed pass: after it a transaction cannot go on.',
      });
    }
    return result;
  } catch (error) {
    await held.runAnyway('ROLLBACK');
    throw error;
  }
}
