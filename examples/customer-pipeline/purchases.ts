import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { churnProbability, type PurchaseHistory } from './bgnbd.ts';

/** One row of the data. */
export interface Purchase {
  readonly customerId: number;
  /** ISO date. */
  readonly date: string;
  readonly quantity: number;
  readonly amount: number;
}

export const PURCHASES_FILE = new URL('./data/cdnow_purchases.csv.gz', import.meta.url);

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

const WEEK = 7 * 86_400_000;

/** The history of every customer who bought before the date (an ISO date), by customer number. */
export async function purchaseHistories(
  purchases: AsyncIterable<Purchase>,
  asOf: string,
): Promise<Map<number, PurchaseHistory>> {
  const days = new Map<number, Set<number>>();
  for await (const { customerId, date } of purchases) {
    if (date >= asOf) continue;
    const known = days.get(customerId);
    if (known) known.add(Date.parse(date));
    else days.set(customerId, new Set([Date.parse(date)]));
  }
  const end = Date.parse(asOf);
  return new Map(
    [...days].map(([customerId, set]) => {
      const first = Math.min(...set);
      const recency = (Math.max(...set) - first) / WEEK;
      return [customerId, { repeats: set.size - 1, recency, age: (end - first) / WEEK }];
    }),
  );
}

/** The churn probability of every customer as of the date (an ISO date), by customer number. */
export async function churnProbabilities(asOf: string): Promise<Map<number, number>> {
  const histories = await purchaseHistories(readPurchases(), asOf);
  return new Map([...histories].map(([customerId, history]) => [customerId, churnProbability(history)]));
}
