import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from './postgres.ts';
import type { Part } from './world.ts';

/** A database that a pipeline uses. */
export interface Database {
  /** The connection's name in the environment: POSTGRES_DEFAULT for `postgres_default`. */
  readonly connection: string;
  readonly name: string;
  /** For people: what is in it. */
  readonly what: string;
  /** Brings its tables and rows up to date. It may have been killed in the middle before. */
  prepare(uri: string): Promise<unknown>;
}

/**
 * The databases of a world: those whose connection is given, and the others on one embedded PostgreSQL in the folder.
 * Its names for people end in "(PostgreSQL)".
 */
export async function startDatabases(
  folder: string,
  databases: readonly Database[],
  given: (name: string) => string | undefined,
): Promise<Part> {
  const variable = ({ connection }: Database) => `MILLRACE_CONN_${connection}`;
  const missing = databases.some((database) => given(variable(database)) === undefined);
  const server = missing ? await startPostgres({ folder: join(folder, 'postgres') }) : undefined;
  try {
    const env: Record<string, string> = {};
    for (const database of databases) {
      env[variable(database)] = given(variable(database)) ?? (await server!.ensureDatabase(database.name));
    }
    await Promise.all(databases.map((database) => database.prepare(env[variable(database)]!)));
    const places = databases.map((database) => {
      const name = variable(database);
      return { what: `${database.what} (PostgreSQL)`, where: given(name) ? name : env[name]! };
    });
    return { env, places, stop: async () => server?.stop() };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

/** Works on a database with a client of its own. */
export async function connected<T>(uri: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Works in one transaction: whoever is killed in the middle leaves nothing. */
export async function inTransaction<T>(uri: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return connected(uri, async (client) => {
    await client.query('BEGIN');
    // Without COMMIT the end of the connection rolls back.
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
}

/** The comment on a table, null when it has none, undefined when there is no such table. */
export async function commentOn(client: pg.Client, table: string): Promise<string | null | undefined> {
  const { rows } = await client.query<{ comment: string | null }>(
    "SELECT obj_description(oid, 'pg_class') AS comment FROM pg_class WHERE oid = to_regclass($1)",
    [table],
  );
  return rows[0]?.comment;
}
