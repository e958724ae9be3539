import { flow, inputHash, secret, task, variable } from 'millrace';
import { http } from 'millrace/providers/http';
import { postgres } from 'millrace/providers/postgres';
import { segmentOf } from '../customer-pipeline/segment.ts';

interface Customer {
  id: number;
  email: string;
  ltv: number;
}
interface Score {
  id: number;
  churn_probability: number;
}

const DAY_MS = 86_400_000;

/** Customers updated in an interval. The same interval within the hour answers from the cache. */
const extractCustomers = task(
  'extract_customers',
  async ({ startDate, endDate }: { startDate: string; endDate: string }, { log }) => {
    const rows = await postgres(await secret('postgres-url')).query<{
      id: number;
      email: string;
      lifetime_value: number;
    }>('SELECT id, email, lifetime_value FROM customers WHERE updated_at BETWEEN $1 AND $2 ORDER BY id', [
      startDate,
      endDate,
    ]);
    log.info(`Extracted ${rows.length} customers`);
    return rows.map(({ id, email, lifetime_value }): Customer => ({ id, email, ltv: lifetime_value }));
  },
  { retries: 3, retryDelay: '60s', cacheKey: inputHash, cacheExpiration: '1h' },
);

/** A churn probability for each customer, in one request. */
const scoreCustomers = task(
  'score_customers',
  async (customers: Customer[], { log }) => {
    if (customers.length === 0) {
      log.warn('No customers to score');
      return [];
    }
    const api = http(await variable('scoring_api_url'), {
      headers: { 'X-API-Key': await secret('scoring-api-key') },
    });
    const { scores } = await api.post<{ scores: Score[] }>('/score/batch', {
      json: { customers: customers.map(({ id, ltv }) => ({ id, lifetime_value: ltv })) },
      timeout: '60s',
    });
    log.info(`Scored ${scores.length} customers`);
    return scores;
  },
  { retries: 2, retryDelay: '1s' },
);

/** Upserts the scores: running it twice leaves the warehouse as running it once. */
const loadScores = task('load_scores', async (scores: Score[]) =>
  postgres(await secret('warehouse-url')).upsert('customer_scores', scores, {
    key: 'customer_id',
    row: ({ id, churn_probability }) => ({
      customer_id: id,
      churn_probability,
      churn_segment: segmentOf(churn_probability),
      scored_at: new Date(),
    }),
  }),
);

/**
 * Scores the customers of the 24 hours before 06:00 UTC of a day. Without a date it is the day of the run, which stays
 * the same when the run goes on tomorrow.
 */
export const customerPipeline = flow(
  'customer-pipeline',
  async ({ date }: { date?: string }, { run }) => {
    const day = date ?? run.runAfter.toISOString().slice(0, 10);
    const endDate = new Date(`${day}T06:00:00Z`); // the hour of the schedule, by when the shop's nightly refresh is done
    const startDate = new Date(endDate.getTime() - DAY_MS);
    const customers = await extractCustomers({ startDate: startDate.toISOString(), endDate: endDate.toISOString() });
    const scores = await scoreCustomers(customers); // without await it runs beside the next line, as any promise does
    const count = await loadScores(scores);
    console.log(`Pipeline complete: ${count} records loaded`);
    return count;
  },
  { description: 'Daily customer scoring pipeline', logPrints: true },
);

if (import.meta.main) {
  await customerPipeline.serve({ name: 'customer-pipeline-daily', cron: '0 6 * * *' });
}
