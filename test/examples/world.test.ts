import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyRun } from '../../examples/customer-pipeline/verify.ts';
import { checksum, countSegments, readScores } from '../../examples/customer-pipeline/warehouse.ts';
import { DEFAULT_LOGICAL_DATE, startWorld } from '../../examples/customer-pipeline/world.ts';
import { assembleWorld, type World } from '../../examples/parts/world.ts';
import { startChild } from './child.ts';

const OWNER = new URL('./world-owner.ts', import.meta.url);

let home: string;
let open: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'millrace-world-'));
});

afterEach(async () => {
  for (const world of open.reverse()) await world.stop();
  open = [];
  rmSync(home, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startWorld>[0]> = {}): Promise<World> {
  const world = await startWorld({ home, env: {}, ...options });
  open.push(world);
  return world;
}

async function query<T = unknown[]>(uri: string | undefined, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    return (await client.query({ text: sql, values, rowMode: 'array' })).rows as T[];
  } finally {
    await client.end();
  }
}

function lakeClient(env: World['env']): S3Client {
  const [, accessKeyId, secretAccessKey, query] = /^aws:\/\/(\w+):(\w+)@\/\?(.*)$/.exec(
    env.MILLRACE_CONN_AWS_DEFAULT!,
  )!;
  return new S3Client({
    endpoint: new URLSearchParams(query).get('endpoint_url')!,
    region: 'us-east-1',
    credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
    forcePathStyle: true,
  });
}

/** What the pipeline does, without it: every customer is scored and written to the warehouse. */
async function scoreEverybody({ env }: World): Promise<void> {
  const customers = await query(env.MILLRACE_CONN_POSTGRES_DEFAULT, 'SELECT id, lifetime_value FROM customers');
  const headers = { 'X-API-Key': new URL(env.MILLRACE_CONN_SCORING_API!).password };
  const scores: { id: number; churn_probability: number }[] = [];
  for (let i = 0; i < customers.length; i += 500) {
    const batch = customers.slice(i, i + 500).map(([id, lifetime_value]) => ({ id, lifetime_value }));
    const body = JSON.stringify({ customers: batch });
    const answer = await fetch(`${env.MILLRACE_VAR_SCORING_API_URL}/score/batch`, { method: 'POST', headers, body });
    scores.push(...((await answer.json()) as { scores: typeof scores }).scores);
  }
  const churn = scores.map((score) => score.churn_probability);
  const segments = churn.map((p) => (p <= 0.2 ? 'low' : p <= 0.5 ? 'medium' : p <= 0.8 ? 'high' : 'critical'));
  await query(
    env.MILLRACE_CONN_WAREHOUSE_DEFAULT,
    `INSERT INTO customer_scores
     SELECT *, now() FROM unnest($1::integer[], $2::double precision[], $3::text[])`,
    [scores.map(({ id }) => id), churn, segments],
  );
}

async function putParquet({ env }: World): Promise<void> {
  const { ByteWriter, parquetWrite } = await import('hyparquet-writer');
  const writer = new ByteWriter();
  parquetWrite({ writer, columnData: [{ name: 'id', data: [1, 2, 3], type: 'INT32' }] });
  for (const step of ['extracted', 'scored']) {
    const Key = `pipeline/customers/${step}/1998-07-01/data.parquet`;
    const Body = new Uint8Array(writer.getBuffer());
    await lakeClient(env).send(new PutObjectCommand({ Bucket: 'data-pipeline', Key, Body }));
  }
}

test('the shop has its data: all customers refreshed in the 24 hours before the date', async () => {
  const shop = (await start()).env.MILLRACE_CONN_POSTGRES_DEFAULT;
  const purchases = 'SELECT count(*)::integer, sum(quantity)::integer, sum(amount_usd)::text FROM purchases';
  expect(await query(shop, purchases)).toEqual([[69_659, 167_881, '2500315.63']]);
  const [summary] = await query<[number, number, number, Date, Date, Date, Date, number]>(
    shop,
    `SELECT count(*)::integer, min(id), max(id), min(created_at), max(created_at), min(updated_at), max(updated_at),
            round(sum(lifetime_value)::numeric, 2)::double precision
       FROM customers`,
  );
  const [count, first, last, firstCreated, lastCreated, firstUpdated, lastUpdated, value] = summary!;
  expect([count, first, last, value]).toEqual([23_570, 1, 23_570, 2_500_315.63]);
  expect(firstCreated).toEqual(new Date('1997-01-01T00:00:00Z'));
  expect(lastCreated.getTime()).toBeLessThan(Date.parse('1997-04-01'));
  expect(firstUpdated.getTime()).toBeGreaterThan(DEFAULT_LOGICAL_DATE.getTime() - 86_400_000);
  expect(lastUpdated.getTime()).toBeLessThan(DEFAULT_LOGICAL_DATE.getTime());
  const one = 'SELECT email, created_at, lifetime_value FROM customers WHERE id = 1';
  expect(await query(shop, one)).toEqual([['customer-00001@example.com', new Date('1997-01-01T00:00:00Z'), 11.77]]);
});

test('everything scored equals the formula, and the lake opens in DuckDB', async () => {
  const world = await start({ faults: { unavailable: 0, slow: 0 } });
  await scoreEverybody(world);
  await putParquet(world);
  const found = await verifyRun({ env: world.env, logicalDate: DEFAULT_LOGICAL_DATE });
  expect(found.rows).toBe(23_570);
  expect(found.expectedRows).toBe(23_570);
  expect(found.segments).toEqual({ low: 14_164, medium: 4332, high: 2495, critical: 2579 });
  expect(found.segments).toEqual(found.expectedSegments);
  expect(found.maxDifference).toBeLessThan(1e-9);
  expect(found.checksum).toBe(found.expectedChecksum);
  expect(Object.values(found.files)).toEqual(Array(2).fill({ rows: 3, columns: ['id'] }));
});

test('the verification notices what is wrong', async () => {
  const world = await start({ faults: { unavailable: 0, slow: 0 } });
  await scoreEverybody(world);
  await putParquet(world);
  const verify = () => verifyRun({ env: world.env, logicalDate: DEFAULT_LOGICAL_DATE });
  const warehouse = world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT;
  await query(warehouse, 'UPDATE customer_scores SET churn_probability = 0.5 WHERE customer_id = 1');
  const changed = await verify();
  expect(changed.maxDifference).toBe(0.5);
  expect(changed.checksum).not.toBe(changed.expectedChecksum);
  await query(warehouse, 'DELETE FROM customer_scores WHERE customer_id = 1');
  expect(await verify()).toMatchObject({ rows: 23_569, maxDifference: Number.POSITIVE_INFINITY });
});

test('another date is prepared in the same home', async () => {
  const first = await startWorld({ home, env: {} });
  await first.stop();
  const world = await start({ logicalDate: new Date('1997-02-01T06:00:00Z') });
  const refreshed = "SELECT count(*)::integer, max(updated_at) < '1997-02-01T06:00Z' FROM customers";
  const [customers] = await query<[number, boolean]>(world.env.MILLRACE_CONN_POSTGRES_DEFAULT, refreshed);
  const answer = await fetch(`${world.env.MILLRACE_VAR_SCORING_API_URL}/health`);
  const health = (await answer.json()) as { customers: number };
  expect(customers).toEqual([health.customers, true]);
  expect(health).toMatchObject({ as_of: '1997-02-01', customers: 7846 });
});

test('one process at a time, and only its user reads the keys', async () => {
  await start();
  const folder = join(home, 'example', 'customer-pipeline');
  for (const file of ['keys.json', 'postgres/settings.json']) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  await expect(startWorld({ home, env: {} })).rejects.toThrow(/Another process uses .*\nFix: /);
});

test('after a kill of everything the next start has what there was, with the same keys', async () => {
  const owner = await startChild(OWNER, [home]);
  const env = JSON.parse(owner.firstLine) as World['env'];
  const object = { Bucket: 'data-pipeline', Key: 'pipeline/customers/extracted/1998-07-01/data.parquet' };
  await lakeClient(env).send(new PutObjectCommand({ ...object, Body: 'parquet' }));
  const row = "INSERT INTO customer_scores VALUES (1, 0, 'low', now())";
  await query(env.MILLRACE_CONN_WAREHOUSE_DEFAULT, row);
  const token = /slack:\/\/:([^@]*)@/.exec(env.MILLRACE_CONN_SLACK_DEFAULT!)![1];
  const slack = new URLSearchParams(env.MILLRACE_CONN_SLACK_DEFAULT!.split('?')[1]).get('base_url');
  const body = new URLSearchParams({ channel: '#data-pipelines', text: 'before the kill' });
  await fetch(`${slack}chat.postMessage`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
  await owner.kill();

  const world = await start();
  expect(world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT).toBe(env.MILLRACE_CONN_WAREHOUSE_DEFAULT);
  const kept = await lakeClient(world.env).send(new GetObjectCommand(object));
  expect(await kept.Body?.transformToString()).toBe('parquet');
  const scores = await readScores(world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT!);
  expect(scores).toEqual([{ customerId: 1, churnProbability: 0, churnSegment: 'low' }]);
  expect(countSegments(scores)).toEqual({ low: 1, medium: 0, high: 0, critical: 0 });
  expect(checksum(scores)).toHaveLength(64);
  const messages = world.places.find(({ what }) => what === 'Slack')!.where;
  expect(await (await fetch(messages)).json()).toMatchObject({ messages: [{ text: 'before the kill' }] });
});

test('what is given in the environment is used, and nothing is started in its place', async () => {
  const databases = await start();
  const { MILLRACE_CONN_POSTGRES_DEFAULT: shop, MILLRACE_CONN_WAREHOUSE_DEFAULT: warehouse } = databases.env;
  const given = {
    MILLRACE_CONN_POSTGRES_DEFAULT: shop,
    MILLRACE_CONN_WAREHOUSE_DEFAULT: warehouse,
    MILLRACE_CONN_AWS_DEFAULT: 'aws://a:b@/?region_name=eu-central-1',
    MILLRACE_CONN_SLACK_DEFAULT: 'slack://:xoxb@/',
    MILLRACE_CONN_SMTP_DEFAULT: 'smtp://mail.example.com',
    MILLRACE_CONN_SCORING_API: 'http://:key@scoring.example.com',
    MILLRACE_VAR_SCORING_API_URL: 'http://scoring.example.com',
  };
  const other = join(home, 'other');
  const world = await start({ home: other, env: given });
  expect(world.env).toEqual({ MILLRACE_CONN_POSTGRES_DEFAULT: shop, MILLRACE_CONN_WAREHOUSE_DEFAULT: warehouse });
  const kept = readdirSync(join(other, 'example', 'customer-pipeline')).filter((name) => !name.startsWith('lock'));
  expect(kept).toEqual(['keys.json']);
  const half = { ...given, MILLRACE_VAR_SCORING_API_URL: undefined };
  await expect(startWorld({ home: join(home, 'half'), env: half })).rejects.toThrow(/needs both .*\nFix: /);
});

test('a table of customers that is somebody else’s is left as it is', async () => {
  const { env } = await start();
  const uri = env.MILLRACE_CONN_POSTGRES_DEFAULT!.replace(/\/shop$/, '/own');
  await query(env.MILLRACE_CONN_POSTGRES_DEFAULT, 'CREATE DATABASE own');
  await query(uri, "CREATE TABLE customers AS SELECT 'mine' AS id");
  await start({ home: join(home, 'other'), env: { ...env, MILLRACE_CONN_POSTGRES_DEFAULT: uri } });
  expect(await query(uri, 'SELECT * FROM customers')).toEqual([['mine']]);
  expect(await query(uri, "SELECT to_regclass('purchases')")).toEqual([[null]]);
});

test('when one part fails, the others are stopped', async () => {
  const stopped: string[] = [];
  const part = (name: string) => async () => ({ stop: async () => void stopped.push(name) });
  const broken = async () => {
    throw new Error('broken');
  };
  await expect(assembleWorld([part('a'), broken, part('b')])).rejects.toThrow('broken');
  expect(stopped).toEqual(['b', 'a']);
});
