import { branch, dag, task } from 'millrace';
import { load, type Order, ordersBetween } from './stand-ins.ts';

const DAY_MS = 86_400_000;

const readOrders = task('read_orders', ({ days }: { days: number }, { logicalDate }) =>
  ordersBetween(new Date(logicalDate.getTime() - days * DAY_MS), logicalDate),
);

/** Its keys are literal types: another one in when() does not compile. */
const sizeOf = branch('size_of', (rows: Iterable<Order>) => ([...rows].length > 100 ? 'bulk' : 'single'));

const loadOrders = task('load_orders', ({ table, rows }: { table: string; rows: Iterable<Order> }) =>
  load(table, rows),
);

const report = task(
  'report',
  ({ bulk, single }: { bulk: number | undefined; single: number | undefined }, { log }) => {
    log.info(bulk === undefined ? `${single} orders, one by one` : `${bulk} orders at once`);
    return bulk ?? single;
  },
  { triggerRule: 'none_failed_min_one_success' },
);

/** One of two ways; the other is skipped, and its output is undefined. */
export const branching = dag('branching', { schedule: null, params: { days: 1 } }, ({ days }) => {
  const rows = readOrders({ days });
  const size = sizeOf(rows);
  const bulk = size.when('bulk', () => loadOrders.with({ name: 'load_bulk' })({ table: 'orders', rows }));
  const single = size.when('single', () => loadOrders.with({ name: 'load_single' })({ table: 'orders', rows }));
  report({ bulk, single });
});
