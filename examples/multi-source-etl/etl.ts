import { postgres } from 'millrace/providers/postgres';
import { type Purchase, readSource } from './source-files.ts';

/** A row of the config table. */
export interface Source {
  readonly source_id: number;
  readonly source_name: string;
  readonly connection_string: string;
}

/**
 * Loads a source into the warehouse's `source_purchases` and gives the number of its records. All of its rows are
 * replaced in one transaction: twice is as once, and whoever fails in the middle leaves what was there.
 */
export function runEtl({ source_id, connection_string }: Source): Promise<number> {
  return postgres('warehouse_default').transaction(async (tx) => {
    // Two loads of one source at the same time would each delete what was there before, and both insert.
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('source_purchases'), $1)", [source_id]);
    await tx.execute('DELETE FROM source_purchases WHERE source_id = $1', [source_id]);
    return tx.copyFrom('source_purchases', warehouseRows(source_id, readSource(connection_string)));
  });
}

async function* warehouseRows(source_id: number, purchases: AsyncIterable<Purchase>) {
  for await (const { customerId, date, quantity, cents } of purchases) {
    const amount_usd = `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
    yield { source_id, customer_id: customerId, date, quantity, amount_usd };
  }
}
