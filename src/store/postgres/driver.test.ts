import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/postgres-server.ts';
import { bigints, pieces, texts } from './columns.ts';
import { loadDriver } from './driver.ts';
import { failureOf, unavailable } from './failure.ts';

let server: PostgresServer;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  client = new pg.Client({ connectionString: server.uri() });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await server?.stop();
});

test('any column of texts and numbers comes back as it was', async () => {
  const text = fc.oneof(
    fc.constantFrom(null, '', 'NULL', 'null', ' a ', '{}', '{a,b}', '\\', '"', '\\"', "'", 'a\nb\tc', '🙂'),
    fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
  );
  const number = fc.oneof(fc.constant(null), fc.maxSafeInteger());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, number)), async (rows) => {
      const columns = [texts(rows, ([value]) => value), bigints(rows, ([, value]) => value)];
      const result = await client.query('SELECT * FROM unnest($1::text[], $2::bigint[]) AS m (text, number)', columns);
      const read = result.rows.map((row) => [row.text, row.number === null ? null : Number(row.number)]);
      expect(read).toEqual(rows.map(([value, int]) => [value, int === 0 ? 0 : int]));
    }),
    { numRuns: 200 },
  );
});

test('pieces are whole, in order and none is empty', () => {
  expect([...pieces([], 2)]).toEqual([]);
  expect([...pieces([1, 2], 2)]).toEqual([[1, 2]]);
  expect([...pieces([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
});

test('without the package pg, opening says what to install', async () => {
  const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
  await expect(loadDriver(() => Promise.reject(missing))).rejects.toMatchObject({
    code: 'invalid_argument',
    fix: /npm install pg/,
  });
  await expect(loadDriver(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect((await loadDriver()).Pool).toBe(pg.Pool);
});

test('what a failure means', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code });
  for (const code of ['40001', '40P01']) expect(failureOf(coded(code))).toBe('contention');
  for (const code of ['0A000', '26000']) expect(failureOf(coded(code))).toBe('stale_connection');
  const away = [
    '08006',
    '08P01',
    '53100',
    '53300',
    '57P01',
    '57P03',
    '57014',
    '58030',
    '25006',
    '25P03',
    '28P01',
    '3D000',
  ];
  for (const code of [...away, 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']) {
    expect(failureOf(coded(code)), code).toBe('unavailable');
  }
  for (const message of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect']) {
    expect(failureOf(new Error(message))).toBe('unavailable');
  }
  for (const error of [
    coded('23505'),
    coded('42P01'),
    coded('22021'),
    coded('ENOENT'),
    new Error('of a body'),
    null,
    'text',
  ]) {
    expect(failureOf(error)).toBe('defect');
  }
  expect(failureOf(unavailable(coded('ECONNREFUSED')))).toBe('unavailable');
});
