// How a flow reads in Millrace: plain async TypeScript, run step by step, every step recorded.
// The same task() serves DAGs and flows. In a flow, calling a task runs it and gives a promise.
import { flow, inputHash, secret, task } from 'millrace';
import { http } from 'millrace/providers/http';
import { postgres } from 'millrace/providers/postgres';

interface Customer {
  id: string;
  email: string;
  ltv: number;
}
interface Score {
  id: string;
  churn_probability: number;
}

const extractCustomers = task(
  'extract_customers',
  async ({ startDate, endDate }: { startDate: string; endDate: string }, { log }) => {
    const rows = await postgres(await secret('postgres-url')).query<{
      id: string;
      email: string;
      lifetime_value: number;
    }>('SELECT id, email, lifetime_value FROM customers WHERE updated_at BETWEEN $1 AND $2', [startDate, endDate]);
    log.info(`Extracted ${rows.length} customers`);
    return rows.map(({ id, email, lifetime_value }): Customer => ({ id, email, ltv: lifetime_value }));
  },
  { retries: 3, retryDelay: '60s', cacheKey: inputHash, cacheExpiration: '1h' }, // same inputs within the hour: not run again
);

const scoreCustomers = task(
  'score_customers',
  async (customers: Customer[], { log }) => {
    if (customers.length === 0) {
      log.warn('No customers to score');
      return [];
    }
    const api = http('https://api.internal', { headers: { 'X-API-Key': await secret('scoring-api-key') } });
    const { scores } = await api.post<{ scores: Score[] }>('/score/batch', { json: { customers }, timeout: '60s' });
    log.info(`Scored ${scores.length} customers`);
    return scores;
  },
  { retries: 2 },
);

const loadScores = task('load_scores', async (scores: Score[]) =>
  postgres(await secret('warehouse-url')).upsert('customer_scores', scores, {
    key: 'customer_id',
    row: (s) => ({ customer_id: s.id, churn_probability: s.churn_probability, scored_at: new Date() }),
  }),
);

export const customerPipeline = flow(
  'customer-pipeline',
  async ({ date = new Date().toISOString().slice(0, 10) }: { date?: string }) => {
    const endDate = new Date(date);
    const startDate = new Date(endDate.getTime() - 86_400_000);
    const customers = await extractCustomers({ startDate: startDate.toISOString(), endDate: endDate.toISOString() });
    const scores = await scoreCustomers(customers); // without await it runs beside the next line, as any promise does
    const count = await loadScores(scores);
    console.log(`Pipeline complete: ${count} records loaded`);
  },
  { description: 'Daily customer scoring pipeline', logPrints: true },
);

// `node customer-pipeline-flow.ts` serves it on its schedule, with no server to set up first;
// `millrace run customer-pipeline -p date=2026-01-05` runs it once. Both are recorded in the same store.
if (import.meta.main) {
  await customerPipeline.serve({ name: 'customer-pipeline-daily', cron: '0 6 * * *' });
}
