import type pg from 'pg';
import { commentOn, connected } from '../parts/databases.ts';
import { createPurchases, PURCHASES_MARK as MARK } from '../parts/purchases.ts';

/** What is in the shop's database afterwards, and whether this call put it there. */
export interface Shop {
  /** `loaded` now; `refreshed`: the customers, as of another date than before; `there` already; `foreign`: not ours. */
  readonly outcome: 'loaded' | 'refreshed' | 'there' | 'foreign';
  readonly purchases: number;
  readonly customers: number;
}

/**
 * Fills the shop's operational database: the purchases, and the customers as the shop's nightly refresh before
 * `asOf` leaves them, that is all of them updated in the 24 hours before it, with their lifetime value by then. Does
 * nothing when that is there; leaves a `customers` table that it did not make as it is.
 */
export async function loadShop(uri: string, asOf: Date): Promise<Shop> {
  return connected(uri, async (client) => {
    // One transaction: whoever is killed in the middle leaves nothing.
    await client.query('BEGIN');
    const outcome = await bringUpToDate(client, asOf);
    await client.query('COMMIT');
    const count = async (table: string) =>
      Number((await client.query(`SELECT count(*) FROM ${table}`)).rows[0]?.count ?? 0);
    const purchases = outcome === 'foreign' ? 0 : await count('purchases');
    return { outcome, purchases, customers: await count('customers') };
  });
}

async function bringUpToDate(client: pg.Client, asOf: Date): Promise<Shop['outcome']> {
  const mark = `${MARK}, as of ${asOf.toISOString()}`;
  const customers = await commentOn(client, 'customers');
  const purchases = await commentOn(client, 'purchases');
  if (customers === mark) return 'there';
  if (![customers, purchases].every((comment) => comment === undefined || comment?.startsWith(MARK))) return 'foreign';
  if (purchases === undefined) await createPurchases(client);
  if (customers === undefined) await client.query(CREATE_CUSTOMERS);
  await client.query('DELETE FROM customers');
  await client.query(REFRESH_CUSTOMERS, [asOf]);
  await client.query(`COMMENT ON TABLE customers IS ${client.escapeLiteral(mark)}`);
  await client.query('ANALYZE customers');
  return purchases === undefined ? 'loaded' : 'refreshed';
}

const CREATE_CUSTOMERS = `
  CREATE TABLE customers (
    id             integer PRIMARY KEY,
    email          text NOT NULL UNIQUE,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    lifetime_value double precision NOT NULL
  )`;

// The refresh takes the five hours that end an hour before the date; a multiplier prime to them spreads the customers.
const REFRESH_CUSTOMERS = `
  INSERT INTO customers (id, email, created_at, updated_at, lifetime_value)
  SELECT customer_id,
         'customer-' || lpad(customer_id::text, 5, '0') || '@example.com',
         min(date)::timestamp AT TIME ZONE 'UTC',
         $1::timestamptz - make_interval(secs => 3600 + (customer_id::bigint * 7919) % 18000),
         sum(amount_usd)::double precision
    FROM purchases
   WHERE date < ($1::timestamptz AT TIME ZONE 'UTC')::date
   GROUP BY customer_id`;
