import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flow, task } from 'millrace';

const isLocked = () => existsSync(join(process.env.PAGE_TEST_FOLDER!, 'locked'));

const extractCustomers = task('extract_customers', (date: string) => [date, 'ann', 'bob']);
const scoreCustomers = task('score_customers', (names: readonly string[]) => names.length);
const loadScores = task('load_scores', (score: number, { log }) => {
  log.info(`loading ${score} scores`);
  if (isLocked()) throw new Error('password authentication failed for user "etl_flow"');
  return score;
});

/** Fails at its last step as long as the file `locked` lies in the folder of the test. */
export const customerFlow = flow('customer-pipeline', async ({ date }: { date: string }) => {
  const customers = await extractCustomers(date);
  const scores = await Promise.all([scoreCustomers(customers), scoreCustomers(customers)]);
  return loadScores(scores.reduce((sum, score) => sum + score, 0));
});
