import { dag, task } from 'millrace';
import { z } from 'zod';
import { load, type Order, ordersBetween } from './stand-ins.ts';

/** Fails at its first attempt, to show what follows. */
export const readOrders = task(
  'read_orders',
  (_: void, { dataInterval, attempt }) => {
    if (attempt === 1) throw new Error('the database is being restarted');
    return ordersBetween(dataInterval.start, dataInterval.end);
  },
  { retries: 3, retryDelay: ['1s', '30s'] },
);

const loadOrders = task('load_orders', ({ table, rows }: { table: string; rows: Iterable<Order> }) =>
  load(table, rows),
);

/** Runs although something before it was skipped; so its input may be missing, and its type says so. */
const report = task(
  'report',
  (count: number | undefined, { log, ds }) => log.info(`loaded ${count ?? 'nothing'} for ${ds}`),
  { triggerRule: 'none_failed_min_one_success' },
);

const vacuum = task('vacuum', (_: void, { log }) => log.info('tidied up'));

/** A schedule in a zone, params with a schema, retries, order without data. */
export const nightly = dag(
  'nightly',
  {
    schedule: { cron: '30 2 * * *', timezone: 'Europe/Zurich', dataInterval: true },
    startDate: '2026-03-27',
    endDate: '2026-03-31', // in one of these nights the clocks change: there is no 02:30
    catchup: true,
    maxActiveRuns: 4,
    params: z.object({ table: z.string().default('orders') }),
  },
  ({ table }) => {
    const count = loadOrders({ table, rows: readOrders() }).after(vacuum());
    report(count);
  },
);
