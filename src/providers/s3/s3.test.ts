import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseConnection } from '../../model/connection.ts';
import { Rows } from '../rows.ts';
import { testAttempt } from '../testing.ts';
import { s3Client } from './client.ts';
import { type Bucket, s3 } from './index.ts';

let server: FauxqsServer;
let uri: string;
let lake: Bucket;
let folder: string;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  uri = `aws://key:secret@/?endpoint_url=${encodeURIComponent(`http://127.0.0.1:${server.port}`)}`;
  folder = await mkdtemp(join(tmpdir(), 'millrace-s3-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
let buckets = 0;
beforeEach(() => {
  const name = `lake-${++buckets}`;
  server.createBucket(name);
  lake = s3(uri).bucket(name);
});

const unfinished = async () => {
  const client = await s3Client(parseConnection('x', uri));
  return (await client.send(new ListMultipartUploadsCommand({ Bucket: lake.name }))).Uploads ?? [];
};

async function* chunks(sizes: readonly number[]) {
  for (const [index, size] of sizes.entries()) yield new Uint8Array(size).fill(index + 1);
}

test('objects are written, read, found and removed', async () => {
  const key = 'a b/ü+?&.txt';
  await lake.put(key, 'grüße', { contentType: 'text/plain', metadata: { owner: 'me' } });
  expect(await lake.getText(key)).toBe('grüße');
  expect(await lake.head(key)).toMatchObject({ key, size: 7, contentType: 'text/plain', metadata: { owner: 'me' } });
  await lake.putJson('j', { a: [1] });
  expect(await lake.getJson('j')).toEqual({ a: [1] });
  await lake.copy(key, 'copied/ü');
  expect(await lake.getText('copied/ü')).toBe('grüße');
  expect([await lake.exists(key), await lake.exists('nope')]).toEqual([true, false]);
  await lake.delete(key);
  await lake.delete(key);
  expect(await lake.exists(key)).toBe(false);
  await lake.put('empty', new Uint8Array());
  expect(await lake.get('empty')).toEqual(new Uint8Array());
});

test('a listing goes over pages, in order', async () => {
  for (let i = 0; i < 1100; i += 1) await lake.put(`p/${String(i).padStart(5, '0')}`, 'x');
  await lake.put('q', 'x');
  const keys: string[] = [];
  for await (const { key, size, modifiedAt } of lake.list('p/')) {
    expect([size, modifiedAt instanceof Date]).toEqual([1, true]);
    keys.push(key);
  }
  expect(keys).toHaveLength(1100);
  expect(keys).toEqual([...keys].sort());
});

test('a stream goes up in parts and comes down in pieces', async () => {
  await lake.put('small', chunks([3, 4]));
  expect(await lake.get('small')).toEqual(new Uint8Array([1, 1, 1, 2, 2, 2, 2]));
  const sizes = Array.from({ length: 21 }, () => 1_000_000);
  await lake.put('big', chunks(sizes));
  let size = 0;
  for await (const piece of lake.read('big')) size += piece.byteLength;
  expect(size).toBe(21_000_000);
  for await (const _ of lake.read('big')) break;
  expect((await lake.get('big'))[20_999_999]).toBe(21);
});

test('an upload that fails leaves nothing behind', async () => {
  async function* failing(before: number) {
    for (let i = 0; i < before; i += 1) yield new Uint8Array(1_000_000);
    throw new Error('source failed');
  }
  await lake.put('there', 'before');
  for (const megabytes of [0, 1, 30]) {
    await expect(lake.put('new', failing(megabytes))).rejects.toThrow('source failed');
    await expect(lake.put('there', failing(megabytes))).rejects.toThrow('source failed');
  }
  async function* rows() {
    for (let n = 0; n < 30_000; n += 1) yield { n };
    throw new Error('rows failed');
  }
  await expect(lake.putParquet('new', rows())).rejects.toThrow('rows failed');
  expect([await lake.exists('new'), await lake.getText('there')]).toEqual([false, 'before']);
  expect(await unfinished()).toEqual([]);
});

test('errors say what to do', async () => {
  await expect(lake.get('nope')).rejects.toMatchObject({
    code: 'not_found',
    message: `s3://${lake.name}/nope does not exist`,
  });
  await expect(lake.head('nope')).rejects.toMatchObject({ code: 'not_found' });
  await expect(s3(uri).bucket('no-bucket').get('x')).rejects.toMatchObject({
    code: 'provider_error',
    fix: expect.stringContaining('Create the bucket'),
  });
  await expect(s3('aws://k:s@/?endpoint_url=http://127.0.0.1:1').bucket('b').get('x')).rejects.toMatchObject({
    code: 'provider_error',
    fix: expect.stringContaining('endpoint_url'),
  });
  await testAttempt({}).run(() =>
    expect(s3('aws_default').bucket('b').get('x')).rejects.toMatchObject({ code: 'missing_connection' }),
  );
});

test('an abort gives its reason and leaves no upload behind', async () => {
  const controller = new AbortController();
  async function* aborting() {
    for (let i = 0; i < 40; i += 1) {
      if (i === 25) controller.abort(new Error('cancelled'));
      yield new Uint8Array(1_000_000);
    }
  }
  const attempt = testAttempt({ aws_default: uri }, controller.signal);
  await expect(attempt.run(() => s3('aws_default').bucket(lake.name).put('x', aborting()))).rejects.toThrow(
    'cancelled',
  );
  expect(attempt.masked).toContain('secret');
  expect(await lake.exists('x')).toBe(false);
  expect(await unfinished()).toEqual([]);
});

const at = new Date('2026-01-05T06:07:08.009Z');

test('types survive the round trip through Parquet', async () => {
  const rows = [
    {
      id: 1,
      big: 9007199254740993n,
      small: 5n,
      whole: 7,
      ratio: 0.1,
      name: 'é💧',
      ok: true,
      at,
      doc: { a: [1, null] },
      raw: new Uint8Array([0, 255]),
      none: null,
    },
    {
      id: 2,
      big: -(2n ** 63n),
      small: null,
      whole: null,
      ratio: Number.NaN,
      name: '',
      ok: false,
      at: new Date(0),
      doc: [],
      raw: new Uint8Array(),
      none: null,
    },
    {
      id: 3,
      big: null,
      small: -1n,
      whole: -0,
      ratio: Number.NEGATIVE_INFINITY,
      name: null,
      ok: null,
      at: null,
      doc: null,
      raw: null,
      none: undefined,
    },
  ];
  expect(await lake.putParquet('t', rows)).toBe(3);
  const read = lake.readParquet<(typeof rows)[0]>('t');
  const expected = rows.map((row) => ({ ...row, small: row.small === null ? null : Number(row.small), none: null }));
  expect(await read.toArray()).toEqual(expected);
  expect(read.columns).toEqual({
    ...{
      id: 'number',
      big: 'integer',
      small: 'integer',
      whole: 'number',
      ratio: 'number',
      name: 'string',
      ok: 'boolean',
    },
    ...{ at: 'timestamp', doc: 'json', raw: 'bytes', none: 'string' },
  });
  expect(await lake.readParquet('t', { columns: ['name', 'id'] }).toArray()).toEqual(
    rows.map(({ id, name }) => ({ id, name })),
  );
});

test('a schema, given or brought along by rows, decides', async () => {
  await lake.putParquet('given', [{ b: 1 }], { schema: { id: 'integer', b: 'integer' } });
  const given = lake.readParquet('given');
  expect(await given.toArray()).toEqual([{ id: null, b: 1 }]);
  expect(given.columns).toEqual({ id: 'integer', b: 'integer' });
  const rows = new Rows<object>(async function* (declare) {
    declare({ n: 'integer', s: 'string' });
    yield [{ n: 1, s: null }];
  });
  await lake.putParquet('brought', rows);
  await lake.putParquet('copy', lake.readParquet('brought'));
  const copy = lake.readParquet('copy');
  expect([await copy.toArray(), copy.columns]).toEqual([[{ n: 1, s: null }], { n: 'integer', s: 'string' }]);
});

test('whole numbers first and fractions later lose nothing; values that do not fit are errors', async () => {
  async function* rows() {
    for (let n = 0; n < 50; n += 1) yield { amount: n < 40 ? n : n + 0.77 };
  }
  await lake.putParquet('amounts', rows(), { rowGroupSize: 10 });
  expect((await lake.readParquet<{ amount: number }>('amounts').toArray()).at(-1)).toEqual({ amount: 49.77 });
  await expect(lake.putParquet('x', [{ n: 1 }, { n: 1.5 }], { schema: { n: 'integer' } })).rejects.toMatchObject({
    code: 'provider_error',
    message: "row 2: 1.5 (number) does not fit the column 'n' of type integer",
  });
  await expect(lake.putParquet('x', [{ n: 1 }, { n: 'a' }])).rejects.toThrow(
    "row 2: a (string) does not fit the column 'n'",
  );
  await expect(lake.putParquet('x', [{ n: 2n ** 63n }])).rejects.toThrow(/does not fit/);
  await expect(lake.putParquet('x', [{ at: new Date(Number.NaN) }])).rejects.toThrow(/does not fit/);
  await expect(lake.putParquet('x', [{ a: 1 }, { a: 1, b: 2 }], { rowGroupSize: 1 })).rejects.toMatchObject({
    message: "row 2 has the column 'b', which no row of the first row group has",
    fix: expect.stringContaining("schema: { b: '…' }"),
  });
});

const DUCKDB_TYPES: [unknown, string][] = [
  [1.5, 'DOUBLE'],
  [2n, 'BIGINT'],
  [true, 'BOOLEAN'],
  ['x', 'VARCHAR'],
  [at, 'TIMESTAMP WITH TIME ZONE'],
  [new Uint8Array([1]), 'BLOB'],
];

test.each(DUCKDB_TYPES)('a column whose first values are all null gets its type from %s later', async (value, type) => {
  const rows = Array.from({ length: 30 }, (_, n) => ({ n: BigInt(n), late: n < 25 ? null : value }));
  await lake.putParquet('late', rows, { rowGroupSize: 10 });
  expect((await lake.readParquet('late').toArray()).map((row) => row.late)).toEqual(
    rows.map(({ late }) => (typeof late === 'bigint' ? Number(late) : late)),
  );
  const [result] = await duckdb(
    'late',
    'SELECT typeof(late) AS t, count(late) AS c, count(*) AS n FROM file GROUP BY 1',
  );
  expect(result).toEqual({ t: type, c: 5n, n: 30n });
});

test('DuckDB reads what is written here', async () => {
  async function* rows() {
    for (let n = 0; n < 60_000; n += 1)
      yield {
        id: n,
        name: `customer ${n}`,
        at: new Date(at.getTime() + n),
        ok: n % 2 === 0,
        amount: n / 4,
        doc: { n },
      };
  }
  expect(await lake.putParquet('c', rows(), { schema: { id: 'integer' } })).toBe(60_000);
  const [sum] = await duckdb(
    'c',
    `SELECT count(*) AS n, sum(id)::BIGINT AS ids, sum(amount) AS amount, count(*) FILTER (ok) AS ok,
    epoch_ms(max("at")) AS last, max(name) AS name, sum((doc->>'n')::BIGINT)::BIGINT AS docs, any_value(typeof(id)) AS id_type FROM file`,
  );
  expect(sum).toEqual({
    n: 60_000n,
    ids: 1_799_970_000n,
    amount: 449_992_500,
    ok: 30_000n,
    last: BigInt(at.getTime() + 59_999),
    name: 'customer 9999',
    docs: 1_799_970_000n,
    id_type: 'BIGINT',
  });
});

test('no rows make a readable file', async () => {
  expect(await lake.putParquet('declared', [], { schema: { id: 'integer', at: 'timestamp' } })).toBe(0);
  expect(await lake.readParquet('declared').toArray()).toEqual([]);
  expect(await duckdb('declared', 'SELECT count(*) AS n FROM file')).toEqual([{ n: 0n }]);
  expect(await lake.putParquet('bare', [])).toBe(0);
  expect(await lake.readParquet('bare').toArray()).toEqual([]);
});

test.each(['snappy', 'zstd', 'gzip', 'lz4_raw', 'brotli', 'uncompressed'])(
  'what DuckDB writes with %s is read here',
  async (codec) => {
    const db = await (await DuckDBInstance.create()).connect();
    // DuckDB ends a row group at 122,880 rows; its brotli takes minutes for that.
    const count = codec === 'brotli' ? 3000 : 130_000;
    const path = join(folder, `${codec}.parquet`);
    await db.run(`COPY (SELECT range AS id, 'name ' || range AS name, TIMESTAMP '2026-01-05 06:07:08' AS at, DATE '2026-01-05' AS day,
    range / 4 AS ratio, (range / 4)::DECIMAL(18,2) AS amount, [range, 1] AS list, struct_pack(a := range) AS obj, NULL::INT AS none FROM range(${count})) TO '${path}' (FORMAT parquet, COMPRESSION ${codec})`);
    await lake.put('d', await readFile(path));
    let n = 0;
    for await (const batch of lake.readParquet<{ id: number }>('d').batches(1000)) {
      expect(batch[0]!.id).toBe(n);
      n += batch.length;
    }
    expect(n).toBe(count);
    for await (const row of lake.readParquet('d')) {
      expect(row).toEqual({
        ...{ id: 0, name: 'name 0', at: new Date('2026-01-05T06:07:08Z'), day: new Date('2026-01-05') },
        ...{ ratio: 0, amount: 0, list: [0, 1], obj: { a: 0 }, none: null },
      });
      break;
    }
  },
);

test('a big file is written and read in bounded memory, and a replaced one is noticed', async () => {
  const text = 'x'.repeat(100);
  async function* rows() {
    for (let n = 0; n < 500_000; n += 1) yield { n, text: `${text}${(n * 2654435761) % 4294967296}` };
  }
  let most = 0;
  const sample = (n: number) => {
    if (n % 50_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  };
  expect(await lake.putParquet('big', rows())).toBe(500_000);
  let n = 0;
  for await (const row of lake.readParquet<{ n: number }>('big')) {
    if (row.n !== n) throw new Error(`${row.n} is not ${n}`);
    sample(n);
    n += 1;
  }
  expect(n).toBe(500_000);
  expect(most).toBeLessThan(500e6);
  const reading = lake.readParquet('big')[Symbol.asyncIterator]();
  await reading.next();
  await lake.putParquet('big', [{ n: 1 }]);
  const rest = async () => {
    for (let next = await reading.next(); !next.done; next = await reading.next());
  };
  await expect(rest()).rejects.toMatchObject({ code: 'provider_error', message: expect.stringContaining('412') });
});

async function duckdb(key: string, sql: string): Promise<Record<string, unknown>[]> {
  const path = join(folder, `${lake.name}-${key}.parquet`);
  await writeFile(path, await lake.get(key));
  const db = await (await DuckDBInstance.create()).connect();
  await db.run(`CREATE VIEW file AS SELECT * FROM '${path}'`);
  return (await db.runAndReadAll(sql)).getRowObjects();
}
