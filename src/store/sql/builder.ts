import type { CompiledQuery, LimitNode, RawBuilder } from 'kysely';
import type { Schema } from '../schema.ts';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from './kysely.ts';

/** Kysely as a writer of SQL only: the store runs what it writes, inside its own transactions. */
export type Builder = Kysely<Schema>;

/**
 * SQLite makes the plan of a prepared statement anew each time a bound LIMIT changes, and better-sqlite3 with it the
 * function that makes its rows: that costs ten times the question. A sum is no constant to the planner, so it keeps still.
 */
class SteadySqliteCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    super.visitLimit(node);
    this.append(' + 0');
  }
}

export function sqliteBuilder(): Builder {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SteadySqliteCompiler(),
    },
  });
}

export function postgresBuilder(): Builder {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Runs a written query in one transaction, or outside of any. */
export interface SqlRunner {
  readonly dialect: 'sqlite' | 'postgres';
  readonly builder: Builder;
  all<R>(query: Compilable<R>): Promise<R[]>;
  /** Number of rows changed. */
  run(query: Compilable<unknown>): Promise<number>;
}

export interface Compilable<R> {
  compile(): CompiledQuery<R>;
}

/**
 * A number to compare with, such that SQLite does not plan anew for each (see SteadySqliteCompiler): where rows are
 * ordered by the columns after it, or it bounds a range.
 */
export function steady({ dialect }: Pick<SqlRunner, 'dialect'>, value: number): RawBuilder<number> {
  return dialect === 'sqlite' ? sql<number>`${value} + 0` : sql<number>`${value}`;
}

/**
 * A query that is asked often: written once, then asked with other parameters each time, given in the order in which
 * they stand in the text.
 */
export function kept<R>(query: Compilable<R>): (...parameters: readonly unknown[]) => Compilable<R> {
  let written: CompiledQuery<R> | undefined;
  return (...parameters) => ({
    compile() {
      written ??= query.compile();
      return { ...written, parameters };
    },
  });
}

export async function first<R>(runner: SqlRunner, query: Compilable<R>): Promise<R | null> {
  return (await runner.all(query))[0] ?? null;
}
