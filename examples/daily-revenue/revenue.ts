import { commentOn, connected, inTransaction } from '../parts/databases.ts';
import { createPurchases } from '../parts/purchases.ts';

/** Fills the shop's table of purchases, unless there is a table of this name. */
export async function loadPurchases(uri: string): Promise<void> {
  await inTransaction(uri, async (client) => {
    if ((await commentOn(client, 'purchases')) === undefined) await createPurchases(client);
  });
}

/** Creates the warehouse's table of revenues when it is not there. */
export async function createWarehouse(uri: string): Promise<void> {
  await connected(uri, (client) =>
    client.query(`
      CREATE TABLE IF NOT EXISTS revenue_by_day (
        day    date PRIMARY KEY,
        orders integer NOT NULL,
        cds    integer NOT NULL,
        amount numeric(12, 2) NOT NULL
      )`),
  );
}

/** What the warehouse holds, beside what SQL says of all purchases at once. */
export interface Comparison {
  /** Days that it should hold, from the first to the last one asked for. */
  readonly days: number;
  readonly orders: number;
  readonly cds: number;
  /** US dollars, exact. */
  readonly amount: string;
  /** Days that are missing, too many, or hold something else. */
  readonly different: readonly string[];
}

interface Day {
  readonly day: string;
  readonly orders: number;
  readonly cds: number;
  readonly amount: string;
}

const COLUMNS = 'day::text, orders::integer, cds::integer, amount::text';

const EXPECTED = `
  SELECT ${COLUMNS}
    FROM (SELECT day, count(date) AS orders, coalesce(sum(quantity), 0) AS cds,
                 coalesce(sum(amount_usd), 0)::numeric(12, 2) AS amount
            FROM generate_series($1::timestamp, $2::timestamp, '1 day') AS series (moment)
            CROSS JOIN LATERAL (SELECT moment::date AS day) AS days
            LEFT JOIN purchases ON date = day
           GROUP BY day) AS sums`;

/** Compares the warehouse with the shop, for the days from `first` to `last` (ISO dates), both included. */
export async function compareRevenue(
  { shop, warehouse }: { readonly shop: string; readonly warehouse: string },
  { first, last }: { readonly first: string; readonly last: string },
): Promise<Comparison> {
  const rows = async (uri: string, sql: string, values: readonly string[] = []) =>
    (await connected(uri, (client) => client.query<Day>(sql, [...values]))).rows;
  const expected = await rows(shop, EXPECTED, [first, last]);
  const found = await rows(warehouse, `SELECT ${COLUMNS} FROM revenue_by_day`);
  const text = ({ orders, cds, amount }: Day) => `${orders} ${cds} ${amount}`;
  const wanted = new Map(expected.map((row) => [row.day, text(row)]));
  const there = new Map(found.map((row) => [row.day, text(row)]));
  const days = new Set([...wanted.keys(), ...there.keys()]);
  const cents = found.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
  return {
    days: wanted.size,
    orders: found.reduce((sum, { orders }) => sum + orders, 0),
    cds: found.reduce((sum, { cds }) => sum + cds, 0),
    amount: `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`,
    different: [...days].filter((day) => wanted.get(day) !== there.get(day)).sort(),
  };
}
