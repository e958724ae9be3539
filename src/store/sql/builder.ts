import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Schema } from '../schema.ts';

/** Kysely as a writer of SQL only: the store runs what it writes, inside its own transactions. */
export type Builder = Kysely<Schema>;

export function sqliteBuilder(): Builder {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
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

export async function first<R>(runner: SqlRunner, query: Compilable<R>): Promise<R | null> {
  return (await runner.all(query))[0] ?? null;
}
