import { type Purchase, readPurchases } from '../parts/purchases.ts';
import { churnProbability, type PurchaseHistory } from './bgnbd.ts';

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
