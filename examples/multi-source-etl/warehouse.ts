import { connected } from '../parts/databases.ts';

/** What the warehouse holds. */
export interface Totals {
  readonly sources: number;
  readonly records: number;
  readonly cds: number;
  /** US dollars, exact. */
  readonly amount: string;
}

/** Creates the warehouse's table of purchases when it is not there. */
export async function createWarehouse(uri: string): Promise<void> {
  await connected(uri, (client) =>
    client.query(`
      CREATE TABLE IF NOT EXISTS source_purchases (
        source_id   integer NOT NULL,
        customer_id integer NOT NULL,
        date        date NOT NULL,
        quantity    integer NOT NULL,
        amount_usd  numeric(10, 2) NOT NULL
      );
      CREATE INDEX IF NOT EXISTS source_purchases_source_id ON source_purchases (source_id)`),
  );
}

/** Totals of the warehouse, or of one source. */
export async function readTotals(uri: string, sourceId?: number): Promise<Totals> {
  const { rows } = await connected(uri, (client) =>
    client.query<Totals>(
      `SELECT count(DISTINCT source_id)::integer AS sources, count(*)::integer AS records,
              coalesce(sum(quantity), 0)::integer AS cds, coalesce(sum(amount_usd), 0)::text AS amount
         FROM source_purchases WHERE $1::integer IS NULL OR source_id = $1`,
      [sourceId ?? null],
    ),
  );
  return rows[0]!;
}
