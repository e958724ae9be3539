import { dag, task } from 'millrace';

const regions = task('regions', () => ['eu', 'us', 'apac']);

const orders = task(
  'orders',
  async ({ region }: { region: string }, { ds }) => {
    const response = await fetch(`https://shop.example/orders?region=${region}&day=${ds}`);
    return (await response.json()) as { total: number }[];
  },
  { retries: 3, retryDelay: '30s' },
);

const revenue = task('revenue', (perRegion: Iterable<{ total: number }[]>, { log }) => {
  let sum = 0;
  for (const list of perRegion) for (const { total } of list) sum += total;
  log.info('revenue', { sum });
  return sum;
});

export const dailyRevenue = dag('daily_revenue', { schedule: '@daily', startDate: '2026-01-01', catchup: true }, () => {
  revenue(orders.expand({ region: regions() }));
});
