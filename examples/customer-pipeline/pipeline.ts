import { connection, dag, task, variable } from 'millrace';
import { http } from 'millrace/providers/http';
import { postgres } from 'millrace/providers/postgres';
import { s3 } from 'millrace/providers/s3';
import { slack } from 'millrace/providers/slack';
import { type Segment, segmentOf } from './segment.ts';

interface Customer {
  id: number;
  email: string;
  created_at: Date;
  updated_at: Date;
  lifetime_value: number;
}
interface ScoredCustomer extends Customer {
  churn_probability: number;
  churn_segment: Segment;
}

const lake = s3('aws_default').bucket('data-pipeline');

/** Customers updated in the 24 hours before the logical date; the same date always selects the same rows. */
const extractCustomers = task('extract_customers', async (_: void, { logicalDate, ds, log }) => {
  const dayBefore = new Date(logicalDate.getTime() - 86_400_000);
  const rows = postgres('postgres_default').stream<Customer>(
    `SELECT id, email, created_at, updated_at, lifetime_value
       FROM customers WHERE updated_at BETWEEN $1 AND $2 ORDER BY id`,
    [dayBefore, logicalDate],
  );
  const key = `pipeline/customers/extracted/${ds}/data.parquet`;
  const count = await lake.putParquet(key, rows); // streams; never the whole table in memory
  log.info('extracted customers', { count, key });
  return key;
});

/** Adds a churn probability and a segment to every customer in the file. */
const scoreCustomers = task('score_customers', async (key: string, { progress }) => {
  const api = http(await variable('scoring_api_url'), {
    headers: { 'X-API-Key': await connection('scoring_api').password() },
  });
  const scored = (async function* (): AsyncGenerator<ScoredCustomer> {
    for await (const batch of progress(lake.readParquet<Customer>(key).batches(500))) {
      const { scores } = await api.post<{ scores: { churn_probability: number }[] }>('/score/batch', {
        json: { customers: batch.map(({ id, lifetime_value }) => ({ id, lifetime_value })) },
        timeout: '30s',
      });
      for (const [i, customer] of batch.entries()) {
        const { churn_probability } = scores[i]!;
        yield { ...customer, churn_probability, churn_segment: segmentOf(churn_probability) };
      }
    }
  })();
  const scoredKey = key.replace('/extracted/', '/scored/');
  await lake.putParquet(scoredKey, scored);
  return scoredKey;
});

/** Upserts the scores: running it twice leaves the warehouse as running it once. */
const loadToWarehouse = task('load_to_warehouse', async (key: string) =>
  postgres('warehouse_default').upsert('customer_scores', lake.readParquet<ScoredCustomer>(key), {
    key: 'customer_id',
    row: ({ id, churn_probability, churn_segment }) => ({
      customer_id: id,
      churn_probability,
      churn_segment,
      scored_at: new Date(),
    }),
  }),
);

const notifySlack = task(
  'notify_slack',
  async (rowCount: number, { ds }) =>
    slack('slack_default').post(
      '#data-pipelines',
      `✅ Customer scoring pipeline complete (${ds}): ${rowCount.toLocaleString('en')} customers scored`,
    ),
  { triggerRule: 'one_success' },
);

export const customerDataPipeline = dag(
  'customer_data_pipeline',
  {
    description: 'Extract customer data, enrich with ML scores, load to warehouse',
    schedule: '0 6 * * *', // 6 AM daily; a time zone may follow: { cron: '0 6 * * *', timezone: 'Europe/Berlin' }
    startDate: '1998-01-01',
    endDate: '1998-07-01T06:00:00Z', // the last day of the data
    catchup: false,
    maxActiveRuns: 1,
    defaultArgs: {
      retries: 2,
      retryDelay: '2s', // '5m' in production; here somebody is watching
      retryExponentialBackoff: 2,
      emailOnFailure: true,
      email: ['data-team@example.com'],
    },
    deadline: '1h', // complete by 7 AM
    tags: ['customers', 'daily', 'etl'],
    docs: `## Customer Data Pipeline

Extracts new and updated customers from PostgreSQL, scores them with the ML API, and loads the results to the data
warehouse.

**Frequency**: daily at 6 AM UTC
**Deadline**: complete by 7 AM UTC
**Owner**: data engineering team`,
  },
  () => {
    const extracted = extractCustomers(); // Output<string>: calling a task in a DAG's body draws the graph
    const scored = scoreCustomers(extracted);
    const count = loadToWarehouse(scored);
    notifySlack(count); // passing a string here is a compile error: the wires are typed
  },
);
