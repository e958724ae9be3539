import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/postgres-server.ts';
import { testAttempt } from '../testing.ts';
import { type Postgres, postgres } from './index.ts';

let server: PostgresServer;
let uri: string;
let db: Postgres;

beforeAll(async () => {
  server = await startPostgres();
  uri = await server.createDatabase('provider');
  db = postgres(uri);
});
afterAll(() => server.stop());
beforeEach(async () => {
  await db.execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

const count = async (sql: string) => (await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`))[0]!.n;
const idleInTransaction = () =>
  count("pg_stat_activity WHERE datname = 'provider' AND state LIKE 'idle in transaction%'");

test('values keep their types', async () => {
  const [row] = await db.query(`SELECT 1::int4 AS i, 9007199254740991::int8 AS safe, 9007199254740993::int8 AS big,
    12345678901234567890.12::numeric AS amount, 1.5::float8 AS f, true AS b, NULL AS nothing, 'x' AS t,
    '2026-01-05 06:07:08.009+02'::timestamptz AS at, '2026-01-05 06:07:08'::timestamp AS local, '2026-01-05'::date AS day,
    '{"a":[1]}'::jsonb AS doc, '\\x00ff'::bytea AS bytes, ARRAY[1,9007199254740993]::int8[] AS bigs,
    ARRAY['2026-01-05']::date[] AS days, '1 day 2 hours'::interval AS span, '0044-03-15 00:00:00 BC'::timestamp AS ides`);
  expect(row).toEqual({
    i: 1,
    safe: 9007199254740991,
    big: 9007199254740993n,
    amount: '12345678901234567890.12',
    f: 1.5,
    b: true,
    nothing: null,
    t: 'x',
    at: new Date('2026-01-05T04:07:08.009Z'),
    local: new Date('2026-01-05T06:07:08Z'),
    day: '2026-01-05',
    doc: { a: [1] },
    bytes: Buffer.from([0, 255]),
    bigs: [1, 9007199254740993n],
    days: ['2026-01-05'],
    span: '1 day 02:00:00',
    ides: new Date('-000043-03-15T00:00:00Z'),
  });
  expect(await postgres(uri, { numeric: 'number' }).query('SELECT 11.77::numeric AS n, ARRAY[1.5] AS a')).toEqual([
    { n: 11.77, a: [1.5] },
  ]);
});

test('parameters are read back as they were given', async () => {
  const at = new Date('2026-07-05T06:07:08.009Z');
  const [row] = await db.query(
    `SELECT $1::timestamptz AS a, $2::timestamp AS b, $3::jsonb AS c, $4::text[] AS d, $5::int8 AS e, $6::bytea AS f, $7::text AS g`,
    [at, at, { x: 1 }, ['a,"b', null], 2n ** 62n, new Uint8Array([1, 2]), null],
  );
  expect(row).toEqual({ a: at, b: at, c: { x: 1 }, d: ['a,"b', null], e: 2n ** 62n, f: Buffer.from([1, 2]), g: null });
});

test('execute counts rows', async () => {
  await db.execute('CREATE TABLE t (n int)');
  expect(await db.execute('INSERT INTO t SELECT generate_series(1, $1)', [5])).toBe(5);
  expect(await db.execute('DELETE FROM t WHERE n > $1', [3])).toBe(2);
});

test('a stream reads everything, in bounded memory, and tells its columns', async () => {
  const rows = db.stream<{ n: number; s: string }>(
    'SELECT n, repeat($1, 1000) AS s FROM generate_series(1, 100000) n',
    ['x'],
  );
  globalThis.gc?.();
  let most = 0;
  let sum = 0;
  for await (const { n } of rows) {
    sum += n;
    if (n % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  }
  expect(sum).toBe(5_000_050_000);
  expect(most).toBeLessThan(400e6);
  expect(rows.columns).toEqual({ n: 'integer', s: 'string' });
  const sizes: number[] = [];
  for await (const batch of db.stream('SELECT generate_series(1, 2500) AS n').batches(1200)) sizes.push(batch.length);
  expect(sizes).toEqual([1200, 1200, 100]);
  expect(await db.stream('SELECT 1 AS n WHERE false').toArray()).toEqual([]);
});

test('leaving a stream early gives the connection back', async () => {
  const many = postgres(`${uri}?pool_size=1`);
  for (let i = 0; i < 20; i += 1) {
    for await (const _ of many.stream('SELECT generate_series(1, 100000) AS n')) break;
    expect(await many.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }
  await expect(
    (async () => {
      for await (const _ of many.stream('SELECT generate_series(1, 5000) AS n')) throw new Error('mine');
    })(),
  ).rejects.toThrow('mine');
  await expect(many.stream('SELECT 1 / (2000 - n) FROM generate_series(1, 5000) n').toArray()).rejects.toThrow(
    /division by zero/,
  );
  expect(await many.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a transaction is all or nothing', async () => {
  await db.execute('CREATE TABLE t (n int)');
  const result = await db.transaction(async (tx) => {
    await tx.execute('INSERT INTO t VALUES (1)');
    return tx.query('SELECT n FROM t');
  });
  expect(result).toEqual([{ n: 1 }]);
  await expect(
    db.transaction(async (tx) => {
      await tx.execute('INSERT INTO t VALUES (2)');
      throw new Error('mine');
    }),
  ).rejects.toThrow('mine');
  await expect(
    db.transaction(async (tx) => {
      await tx.execute('INSERT INTO t VALUES (3)');
      await tx.query('SELECT no_such_column').catch(() => {});
    }),
  ).rejects.toMatchObject({ code: 'provider_error', message: expect.stringContaining('was rolled back') });
  expect(await db.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
  expect(await idleInTransaction()).toBe(0);
});

test('inside a transaction other statements may run while a stream is read', async () => {
  await db.execute('CREATE TABLE a AS SELECT generate_series(1, 2500) AS n; CREATE TABLE b (n int)');
  await db.transaction(async (tx) => {
    for await (const { n } of tx.stream<{ n: number }>('SELECT n FROM a WHERE n > $1', [0])) {
      if (n % 500 === 0) await tx.execute('INSERT INTO b VALUES ($1)', [n]);
    }
    for await (const _ of tx.stream('SELECT n FROM a')) break;
  });
  expect(await count('b')).toBe(5);
  await expect(db.transaction((tx) => tx.stream('SELECT 1 / (2000 - n) FROM a').toArray())).rejects.toMatchObject({
    message: expect.stringContaining('division by zero'),
  });
  await expect(
    db.transaction((tx) => tx.upsert('b', tx.stream<{ n: number }>('SELECT n FROM a'), { key: 'n' })),
  ).rejects.toMatchObject({ fix: 'Create a unique index on exactly the columns of `key`.' });
  await db.execute('CREATE TABLE c (n int PRIMARY KEY)');
  await db.transaction((tx) => tx.upsert('c', tx.stream<{ n: number }>('SELECT n FROM a'), { key: 'n' }));
  expect(await count('c')).toBe(2500);
});

test('upsert inserts, updates, and twice is as once', async () => {
  await db.execute(`CREATE SCHEMA shop; CREATE TABLE shop."Scores" (id int8 PRIMARY KEY, score numeric, label text DEFAULT 'new',
    doc jsonb, tags text[], at timestamptz)`);
  const at = new Date('2026-01-05T00:00:00Z');
  const rows = Array.from({ length: 2500 }, (_, id) => ({ id, score: id / 4, doc: [id], tags: ['a', `${id}`], at }));
  for (let round = 0; round < 2; round += 1) expect(await db.upsert('shop.Scores', rows, { key: 'id' })).toBe(2500);
  const table = 'shop."Scores"';
  expect(await count(table)).toBe(2500);
  expect(await db.query(`SELECT * FROM ${table} WHERE id = 5`)).toEqual([
    { id: 5, score: '1.25', label: 'new', doc: [5], tags: ['a', '5'], at },
  ]);
  // An absent column stays as it is; null is null.
  await db.upsert(
    'shop.Scores',
    [
      { id: 5, label: 'old' },
      { id: 5, score: null },
      { id: 9000, label: 'x' },
    ],
    { key: ['id'] },
  );
  expect(await db.query(`SELECT id, score, label FROM ${table} WHERE id IN (5, 9000) ORDER BY id`)).toEqual([
    { id: 5, score: null, label: 'old' },
    { id: 9000, score: null, label: 'x' },
  ]);
});

test('upsert: the last of the rows with one key counts, and update says what is set', async () => {
  await db.execute('CREATE TABLE t (a int, b int, v text, w text, UNIQUE NULLS DISTINCT (a, b))');
  const row = (item: [number | null, string]) => ({ a: item[0], b: 1, v: item[1], w: item[1] });
  const items: [number | null, string][] = [
    [1, 'x'],
    [1, 'y'],
    [null, 'n'],
    [null, 'm'],
    [2, 'z'],
  ];
  expect(await db.upsert('t', items, { key: ['a', 'b'], row })).toBe(5);
  expect(await db.query('SELECT a, v FROM t ORDER BY a, v')).toEqual([
    { a: 1, v: 'y' },
    { a: 2, v: 'z' },
    { a: null, v: 'm' },
    { a: null, v: 'n' },
  ]);
  await db.upsert('t', [[1, 'new']] as [number, string][], { key: ['a', 'b'], row, update: ['w'] });
  await db.upsert('t', [[2, 'new']] as [number, string][], { key: ['a', 'b'], row, update: [] });
  expect(await db.query('SELECT a, v, w FROM t WHERE a IS NOT NULL ORDER BY a')).toEqual([
    { a: 1, v: 'y', w: 'new' },
    { a: 2, v: 'z', w: 'z' },
  ]);
});

test('upsert is one transaction, whatever fails', async () => {
  await db.execute('CREATE TABLE t (id int PRIMARY KEY)');
  async function* failing() {
    for (let id = 0; id < 3000; id += 1) yield { id };
    throw new Error('source failed');
  }
  await expect(db.upsert('t', failing(), { key: 'id' })).rejects.toThrow('source failed');
  await expect(db.upsert('t', [{ id: 1 }, { id: 'x' }], { key: 'id', batchSize: 1 })).rejects.toMatchObject({
    code: 'provider_error',
  });
  await expect(db.upsert('t', [{ id: 1, nme: 1 }], { key: 'id' })).rejects.toMatchObject({
    message: "table 't' has no column 'nme' that can be written",
    fix: 'Its columns are id.',
  });
  await expect(db.upsert('t', [{}], { key: 'id' })).rejects.toThrow(/lacks the key column 'id'/);
  await expect(db.upsert('nope', [{ id: 1 }], { key: 'id' })).rejects.toMatchObject({
    message: expect.stringContaining('42P01'),
  });
  expect(await count('t')).toBe(0);
  expect(await idleInTransaction()).toBe(0);
});

test('copyFrom takes records and arrays, in any text', async () => {
  await db.execute('CREATE TABLE t (id int, s text, doc jsonb, at timestamptz)');
  const nasty = 'tab\t newline\n back\\slash \r \\N \\. é 💧';
  const at = new Date('2026-01-05T00:00:00Z');
  async function* records() {
    for (let id = 0; id < 20_000; id += 1) yield { id, s: nasty, doc: [id], at: id % 2 ? at : null };
  }
  expect(await db.copyFrom('t', records())).toBe(20_000);
  expect(await db.query('SELECT * FROM t WHERE id = 1')).toEqual([{ id: 1, s: nasty, doc: [1], at }]);
  expect(await db.copyFrom('t', [[-1, 'x']], { columns: ['id', 's'] })).toBe(1);
  expect(await db.copyFrom('t', [[-2, 'y', { a: 1 }, at]])).toBe(1);
  expect(await db.copyFrom('t', [])).toBe(0);
  expect(await count('t')).toBe(20_002);
  async function* failing() {
    yield { id: 1 };
    throw new Error('source failed');
  }
  await expect(db.copyFrom('t', failing())).rejects.toThrow('source failed');
  await expect(db.copyFrom('t', [{ id: 'x' }])).rejects.toThrow(/invalid input syntax/);
  expect(await count('t')).toBe(20_002);
  await db.transaction(async (tx) => tx.copyFrom('t', [{ id: 7 }]));
  expect(await count('t')).toBe(20_003);
});

test('an abort stops the statement on the server and gives the reason', async () => {
  const controller = new AbortController();
  const reason = new Error('cancelled by the user');
  const attempt = testAttempt({ db: uri }, controller.signal);
  const running = attempt.run(() => postgres('db').query('SELECT pg_sleep(600)'));
  const sleeping = "pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'";
  while ((await count(sleeping)) === 0);
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(await count(sleeping)).toBe(0);
  await expect(attempt.run(() => postgres('db').query('SELECT 1'))).rejects.toBe(reason);
  expect(attempt.masked).toContain('password');
});

test('an abort rolls a transaction back', async () => {
  await db.execute('CREATE TABLE t (id int PRIMARY KEY)');
  const controller = new AbortController();
  async function* rows() {
    for (let id = 0; id < 5000; id += 1) {
      if (id === 3000) controller.abort(new Error('stop'));
      yield { id };
    }
  }
  await expect(
    testAttempt({ db: uri }, controller.signal).run(() => postgres('db').upsert('t', rows(), { key: 'id' })),
  ).rejects.toThrow('stop');
  expect([await count('t'), await idleInTransaction()]).toEqual([0, 0]);
});

test('a connection that the server ends is replaced, and does not end the process', async () => {
  const other = postgres(`${uri}?pool_size=1&application_name=victim`);
  await expect(
    other.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await db.query('SELECT pg_terminate_backend($1, 5000)', [row!.pid]);
      await tx.query('SELECT 1');
    }),
  ).rejects.toMatchObject({ code: 'provider_error' });
  expect(await other.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('errors say what to do and keep the password to themselves', async () => {
  await expect(db.query('SELECT * FROM nope')).rejects.toMatchObject({
    code: 'provider_error',
    message: expect.stringContaining('relation "nope" does not exist (42P01)'),
    fix: expect.stringContaining('search_path'),
  });
  const wrong = uri.replace(':password@', ':hunter2@');
  const error = await postgres(wrong)
    .query('SELECT 1')
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'provider_error', fix: 'Check login and password of the connection.' });
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('hunter2');
  await expect(postgres('postgres://a:b@127.0.0.1:1/x').query('SELECT 1')).rejects.toMatchObject({
    fix: 'Check host and port of the connection, and that the server runs.',
  });
});
