/** What the pipelines of the tour work on: no database, no cluster, the same answers in every process. */

export interface Order {
  readonly id: string;
  readonly region: string;
  readonly total: number;
}

export const REGIONS = ['eu', 'us', 'apac'] as const;

const HOUR_MS = 3_600_000;

/** One order in each hour of the interval, its total depending on the hour alone. */
export function ordersBetween(start: Date, end: Date): Order[] {
  const orders: Order[] = [];
  for (let hour = Math.ceil(start.getTime() / HOUR_MS); hour * HOUR_MS < end.getTime(); hour += 1) {
    orders.push({ id: `order-${hour}`, region: REGIONS[hour % REGIONS.length]!, total: 10 + (hour % 24) });
  }
  return orders;
}

/** A table that takes everything and says how much it was. */
export function load(_table: string, orders: Iterable<Order>): number {
  return [...orders].length;
}

/** A cluster that is started and stopped, and is nowhere. */
export const cluster = {
  start: (name: string) => ({ cluster: `cluster-of-${name}` }),
  submit: (on: string, work: string) => `${work} on ${on}`,
  stop: (on: string) => `${on} is stopped`,
};
