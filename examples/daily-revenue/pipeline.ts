import { dag, task } from 'millrace';
import { postgres } from 'millrace/providers/postgres';

interface Revenue {
  /** ISO date. */
  readonly day: string;
  readonly orders: number;
  readonly cds: number;
  /** US dollars, exact. */
  readonly amount: string;
}

/** What the shop sold in the run's data interval; the same interval always gives the same. */
const sumPurchases = task('sum_purchases', async (_: void, { dataInterval, ds }): Promise<Revenue> => {
  const [sums] = await postgres('postgres_default').query<Omit<Revenue, 'day'>>(
    `SELECT count(*) AS orders, coalesce(sum(quantity), 0) AS cds, coalesce(sum(amount_usd), 0) AS amount
       FROM purchases WHERE date >= $1 AND date < $2`,
    [dataInterval.start, dataInterval.end],
  );
  return { day: ds, ...sums! };
});

/** Upserts the day: running it twice leaves the warehouse as running it once. */
const loadRevenue = task('load_revenue', async (revenue: Revenue) =>
  postgres('warehouse_default').upsert('revenue_by_day', [revenue], { key: 'day' }),
);

export const dailyRevenue = dag(
  'daily_revenue',
  {
    description: "Each day's purchases, summed up",
    schedule: { cron: '@daily', dataInterval: true }, // a run has the interval of its day, and starts when it is over
    startDate: '1997-01-01',
    endDate: '1998-06-30', // the last day of the data
    catchup: true,
    maxActiveRuns: 16,
    tags: ['revenue', 'daily'],
  },
  () => {
    loadRevenue(sumPurchases());
  },
);
