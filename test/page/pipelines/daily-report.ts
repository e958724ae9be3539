import { dag, group, task } from 'millrace';

const extract = task('extract', async (_: void, { ds, log }) => {
  log.info(`extracting ${ds}`);
  return ds;
});
const check = task('row_counts', (day: string) => day.length);
const freshness = task('freshness', (day: string) => day.length);
const publish = task('publish', (counts: readonly number[], { log }) => log.warn(`published ${counts.length}`));

/** What backfills are made of: a schedule with an interval for each day, a group, params with a schema. */
export const dailyReport = dag(
  'daily_report',
  {
    description: 'Sums up a day',
    schedule: { cron: '0 6 * * *', dataInterval: true },
    startDate: '2026-01-01',
    catchup: false,
    maxActiveRuns: 4,
    tags: ['report', 'daily'],
    params: {
      type: 'object',
      properties: {
        table: { type: 'string', description: 'Where it goes', default: 'report' },
        rows: { type: 'integer', minimum: 1, default: 100 },
        dryRun: { type: 'boolean', default: false },
      },
    },
  },
  () => {
    const day = extract();
    const counts = group('quality', () => [check(day), freshness(day)] as const);
    publish(counts);
  },
);
