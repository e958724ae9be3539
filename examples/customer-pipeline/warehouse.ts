import { createHash } from 'node:crypto';
import { connected } from '../parts/databases.ts';

/** A row of `customer_scores`, without the time at which it was written. */
export interface Score {
  readonly customerId: number;
  readonly churnProbability: number;
  readonly churnSegment: string;
}

/** Creates the warehouse's table of scores when it is not there. */
export async function createWarehouse(uri: string): Promise<void> {
  await connected(uri, (client) =>
    client.query(`
      CREATE TABLE IF NOT EXISTS customer_scores (
        customer_id       integer PRIMARY KEY,
        churn_probability double precision NOT NULL,
        churn_segment     text NOT NULL,
        scored_at         timestamptz NOT NULL
      )`),
  );
}

/** All scores of the warehouse, by customer number. */
export async function readScores(uri: string): Promise<Score[]> {
  const { rows } = await connected(uri, (client) =>
    client.query<Score>(`
      SELECT customer_id AS "customerId", churn_probability AS "churnProbability", churn_segment AS "churnSegment"
        FROM customer_scores ORDER BY customer_id`),
  );
  return rows;
}

/** How many customers are in each segment. */
export function countSegments(scores: readonly Score[]): Record<string, number> {
  const counts: Record<string, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const { churnSegment } of scores) counts[churnSegment] = (counts[churnSegment] ?? 0) + 1;
  return counts;
}

/** A hash of scores in the order of their customers, with probabilities to nine places: equal scores, equal hash. */
export function checksum(scores: readonly Score[]): string {
  const hash = createHash('sha256');
  for (const { customerId, churnProbability, churnSegment } of scores) {
    hash.update(`${customerId},${churnProbability.toFixed(9)},${churnSegment}\n`);
  }
  return hash.digest('hex');
}

/** The scores for people, in one line. */
export function describeScores(scores: readonly Score[]): string {
  const number = (value: number) => value.toLocaleString('en');
  const segments = Object.entries(countSegments(scores)).map(([segment, count]) => `${segment} ${number(count)}`);
  return `warehouse: ${number(scores.length)} customers scored: ${segments.join(', ')}`;
}
