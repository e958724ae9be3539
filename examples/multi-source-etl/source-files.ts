import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

/** A purchase as the sources have it, with its amount in cents. */
export interface Purchase {
  readonly customerId: number;
  /** ISO date. */
  readonly date: string;
  readonly quantity: number;
  readonly cents: number;
}

export const CSV_HEADER = 'customer_id,date,quantity,amount_usd';

/**
 * The purchases of a source, by its connection string: `csv:///path` has lines under the header `CSV_HEADER`,
 * `sqlite:///path` a table `purchases` with the columns customer_id, date, quantity and amount_cents. Throws, naming
 * the file and the place, for anything that is not a purchase: half a file is worse than none.
 */
export function readSource(connectionString: string): AsyncIterable<Purchase> {
  const { protocol, pathname } = new URL(connectionString);
  const path = fileURLToPath(`file://${pathname}`);
  if (protocol === 'csv:') return readCsv(path);
  if (protocol === 'sqlite:') return readSqlite(path);
  throw new Error(`A source is csv:///path or sqlite:///path, not ${protocol}//`);
}

const LINE = /^(\d+),(\d{4}-\d\d-\d\d),(\d+),(\d+)\.(\d\d)$/;

async function* readCsv(path: string): AsyncGenerator<Purchase> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1) {
      if (line !== CSV_HEADER) throw new Error(`${path}: line 1 is not ${CSV_HEADER}`);
      continue;
    }
    const [, customerId, date, quantity, dollars, cents] = LINE.exec(line) ?? [];
    if (customerId === undefined) throw new Error(`${path}: line ${number} is not a purchase: ${JSON.stringify(line)}`);
    yield {
      customerId: Number(customerId),
      date: date!,
      quantity: Number(quantity),
      cents: Number(dollars) * 100 + Number(cents),
    };
  }
  if (number === 0) throw new Error(`${path} is empty`);
}

async function* readSqlite(path: string): AsyncGenerator<Purchase> {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    const select = 'SELECT customer_id AS customerId, date, quantity, amount_cents AS cents FROM purchases';
    yield* database.prepare<[], Purchase>(select).iterate();
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    database?.close();
  }
}
