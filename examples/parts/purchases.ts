import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** One row of the data. */
export interface Purchase {
  readonly customerId: number;
  /** ISO date. */
  readonly date: string;
  readonly quantity: number;
  readonly amount: number;
}

/** A compressed CSV file; its README says where it comes from and what its columns are. */
export const PURCHASES_FILE = new URL('../customer-pipeline/data/cdnow_purchases.csv.gz', import.meta.url);

/** A table with this comment was made here; any other of the same name is somebody's own and is left as it is. */
export const PURCHASES_MARK = 'Millrace example: CDNOW';

/** The purchases of the compressed CSV file, in its order: by customer, then by date. */
export async function* readPurchases(file: URL = PURCHASES_FILE): AsyncGenerator<Purchase> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity });
  let header = true;
  for await (const line of lines) {
    if (header || line === '') {
      header = false;
      continue;
    }
    const [customerId, date, quantity, amount] = line.split(',');
    yield { customerId: Number(customerId), date: date!, quantity: Number(quantity), amount: Number(amount) };
  }
}

/** Makes the table `purchases` and fills it from the file. */
export async function createPurchases(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE purchases (
      customer_id integer NOT NULL,
      date        date NOT NULL,
      quantity    integer NOT NULL,
      amount_usd  numeric(10, 2) NOT NULL
    )`);
  await pipeline(
    createReadStream(PURCHASES_FILE),
    createGunzip(),
    client.query(copyFrom('COPY purchases FROM STDIN (FORMAT csv, HEADER)')),
  );
  await client.query('CREATE INDEX purchases_customer_id ON purchases (customer_id)');
  await client.query('CREATE INDEX purchases_date ON purchases (date)');
  await client.query(`COMMENT ON TABLE purchases IS '${PURCHASES_MARK}'`);
  await client.query('ANALYZE purchases');
}
