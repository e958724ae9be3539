import { basename, extname, resolve } from 'node:path';
import type pg from 'pg';
import { commentOn, inTransaction } from '../parts/databases.ts';
import { connectionString, type SourceFile } from './sources.ts';

/** A table with this comment was made here; any other of the same name is somebody's own and is left as it is. */
const MARK = 'Millrace example: multi-source-etl';

/** Makes the config table with the shops' files, or brings their places up to date. */
export function prepareConfigTable(uri: string, files: readonly SourceFile[]): Promise<void> {
  return inTransaction(uri, async (client) => {
    const comment = await commentOn(client, 'data_sources');
    if (comment === undefined) await createTable(client);
    else if (comment !== MARK) return;
    for (const { id, name, path } of files) {
      await client.query(
        `INSERT INTO data_sources (source_id, source_name, connection_string) VALUES ($1, $2, $3)
         ON CONFLICT (source_name) DO UPDATE SET connection_string = excluded.connection_string
         WHERE data_sources.connection_string <> excluded.connection_string`,
        [id, name, connectionString(path)],
      );
    }
  });
}

/** Adds a source to the config table, named after its file; one of this name that is there gets the file. */
export async function addSource(uri: string, path: string): Promise<void> {
  await inTransaction(uri, (client) =>
    client.query(
      `INSERT INTO data_sources (source_id, source_name, connection_string)
       SELECT coalesce(max(source_id), 0) + 1, $1, $2 FROM data_sources
       ON CONFLICT (source_name) DO UPDATE SET connection_string = excluded.connection_string`,
      [basename(path, extname(path)), connectionString(resolve(path))],
    ),
  );
}

async function createTable(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE data_sources (
      source_id         integer PRIMARY KEY,
      source_name       text NOT NULL UNIQUE,
      connection_string text NOT NULL,
      active            boolean NOT NULL DEFAULT true
    )`);
  await client.query(`COMMENT ON TABLE data_sources IS '${MARK}'`);
}
