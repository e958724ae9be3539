import type pg from 'pg';
import { MIGRATIONS, refuseNewer } from '../migrations.ts';
import { advisoryKey } from './advisory-lock.ts';
import { identifier } from './driver.ts';

type Client = Pick<pg.ClientBase, 'query'>;

/** The schema's version: 0 where there is none. */
export async function currentVersion(client: Client, schema: string): Promise<number> {
  const table = `${identifier(schema)}.meta`;
  const found = await client.query('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
  if (!found.rows[0].found) return 0;
  const { rows } = await client.query(`SELECT value FROM ${table} WHERE key = 'schema_version'`);
  return Number(rows[0]?.value ?? 0);
}

/**
 * Brings the schema up to date on a connection of its own. Servers that start together do it one after the other, under
 * a lock of the session that outlasts the steps. Each step and its number are one transaction: a migration that is cut
 * off is as if it had never begun.
 */
export async function migrateSchema(client: Client, schema: string): Promise<{ from: number; to: number }> {
  // A step may take long on large tables, and so may the wait for another server that is at it.
  await client.query(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0`);
  await client.query('SELECT pg_advisory_lock($1, $2)', advisoryKey(schema, 'migration'));
  const from = await currentVersion(client, schema);
  refuseNewer(from);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < from) continue;
    const statements = [
      ...(index === 0 ? await foundation(client, schema) : []),
      `SET LOCAL search_path = ${identifier(schema)}`,
      ...migration.statements('postgres'),
      `INSERT INTO meta (key, value) VALUES ('schema_version', '${index + 1}')
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    ];
    await client.query('BEGIN');
    try {
      for (const statement of statements) await client.query(statement);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }
  return { from, to: MIGRATIONS.length };
}

/** CREATE SCHEMA asks for a right that a user may lack for whom an administrator has made the schema. */
async function foundation(client: Client, schema: string): Promise<string[]> {
  const found = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  return [
    ...(found.rows.length > 0 ? [] : [`CREATE SCHEMA ${identifier(schema)}`]),
    `CREATE TABLE ${identifier(schema)}.meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  ];
}
