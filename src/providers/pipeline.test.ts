import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../testing/postgres-server.ts';
import { http } from './http/index.ts';
import { postgres } from './postgres/index.ts';
import { s3 } from './s3/index.ts';
import { slack } from './slack/index.ts';
import { testAttempt } from './testing.ts';

interface Customer {
  id: number;
  email: string;
  created_at: Date;
  lifetime_value: number;
}

// As in a pipeline file: made where no task runs, used inside of one.
const lake = s3('aws_default').bucket('data-pipeline');

let database: PostgresServer;
let objects: FauxqsServer;
let services: Server;
let connections: Record<string, string>;
let api: string;
const posted: string[] = [];

beforeAll(async () => {
  database = await startPostgres();
  objects = await startFauxqs({ port: 0, logger: false });
  objects.createBucket('data-pipeline');
  services = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/score/batch' && request.headers['x-api-key'] === 'k') {
        const { customers } = JSON.parse(body) as { customers: { lifetime_value: number }[] };
        const scores = customers.map(({ lifetime_value }) => ({ churn_probability: (lifetime_value % 100) / 100 }));
        return response.end(JSON.stringify({ scores }));
      }
      posted.push(new URLSearchParams(body).get('text') ?? '');
      return response.end(JSON.stringify({ ok: true, channel: 'C', ts: '1' }));
    });
  });
  await new Promise<void>((resolve) => services.listen(0, '127.0.0.1', resolve));
  const { port } = services.address() as AddressInfo;
  api = `http://127.0.0.1:${port}`;
  connections = {
    postgres_default: await database.createDatabase('shop'),
    warehouse_default: await database.createDatabase('warehouse'),
    aws_default: `aws://key:secret@/?endpoint_url=${encodeURIComponent(`http://127.0.0.1:${objects.port}`)}`,
    slack_default: `slack+http://:token@127.0.0.1:${port}`,
  };
});
afterAll(async () => {
  services.closeAllConnections();
  services.close();
  await objects.stop();
  await database.stop();
});

test('the customer pipeline: extract, score, load twice, notify', async () => {
  await testAttempt(connections).run(async () => {
    await postgres('postgres_default').execute(`CREATE TABLE customers AS
      SELECT n AS id, n || '@example.com' AS email, '2026-01-01Z'::timestamptz + n * interval '1 second' AS created_at,
             (n / 4.0)::float8 AS lifetime_value FROM generate_series(1, 30000) n`);
    await postgres('warehouse_default').execute(
      'CREATE TABLE customer_scores (customer_id int8 PRIMARY KEY, churn_probability float8, scored_at timestamptz)',
    );

    const rows = postgres('postgres_default').stream<Customer>(
      'SELECT * FROM customers WHERE id <= $1 ORDER BY id',
      [25_300],
    );
    expect(await lake.putParquet('extracted/data.parquet', rows)).toBe(25_300);

    const service = http(api, { headers: { 'X-API-Key': 'k' } });
    const extracted = lake.readParquet<Customer>('extracted/data.parquet');
    const scored = (async function* () {
      for await (const batch of extracted.batches(500)) {
        const { scores } = await service.post<{ scores: { churn_probability: number }[] }>('/score/batch', {
          json: { customers: batch.map(({ id, lifetime_value }) => ({ id, lifetime_value })) },
          timeout: '30s',
        });
        for (const [i, customer] of batch.entries()) yield { ...customer, ...scores[i]! };
      }
    })();
    expect(await lake.putParquet('scored/data.parquet', scored)).toBe(25_300);
    expect(extracted.columns).toEqual({
      id: 'integer',
      email: 'string',
      created_at: 'timestamp',
      lifetime_value: 'number',
    });

    const load = () =>
      postgres('warehouse_default').upsert(
        'customer_scores',
        lake.readParquet<Customer & { churn_probability: number }>('scored/data.parquet'),
        {
          key: 'customer_id',
          row: ({ id, churn_probability, created_at }) => ({
            customer_id: id,
            churn_probability,
            scored_at: created_at,
          }),
        },
      );
    expect([await load(), await load()]).toEqual([25_300, 25_300]);
    expect(
      await postgres('warehouse_default').query(
        'SELECT count(*) AS n, sum(customer_id)::int8 AS ids, max(churn_probability) AS most, max(scored_at) AS latest FROM customer_scores',
      ),
    ).toEqual([{ n: 25_300, ids: 320_057_650, most: 0.9975, latest: new Date('2026-01-01T07:01:40Z') }]);

    await slack('slack_default').post('#data-pipelines', `✅ ${(25_300).toLocaleString('en')} customers scored`);
    expect(posted).toEqual(['✅ 25,300 customers scored']);
  });
});
