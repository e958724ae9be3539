import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from './postgres-server.ts';

async function one(uri: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0])[0] as string;
  } finally {
    await client.end();
  }
}

test('a durable PostgreSQL, shared by its holders, gone with the last', async () => {
  const first = await startPostgres();
  const second = await startPostgres();
  expect(second.uri()).toBe(first.uri());
  expect(await one(first.uri(), 'SHOW fsync')).toBe('on');
  expect(await one(first.uri(), 'SHOW synchronous_commit')).toBe('on');
  const uri = await first.createDatabase('a "b" c');
  expect(await one(uri, 'SELECT current_database()')).toBe('a "b" c');
  const folder = await one(first.uri(), 'SHOW data_directory');
  await first.stop();
  await first.stop();
  expect(await one(second.uri(), 'SELECT 1 AS one')).toBe(1);
  await second.stop();
  await expect(one(first.uri(), 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  expect(existsSync(folder)).toBe(false);
});

test('an interrupted server comes back with its data', async () => {
  const server = await startPostgres();
  const uri = await server.createDatabase('kept');
  await one(uri, 'CREATE TABLE kept AS SELECT 7 AS number; SELECT 1').catch(() => {});
  const resume = await server.interrupt();
  await expect(one(uri, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  await resume();
  expect(await one(uri, 'SELECT number FROM kept')).toBe(7);
  await server.stop();
});
