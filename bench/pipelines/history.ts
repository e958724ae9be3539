import { setTimeout as sleep } from 'node:timers/promises';
import { dag, task } from 'millrace';

// Workflows of which bench/history makes a history: what their runs do, one that fails among them, happens once.

const TEAMS = ['billing', 'catalog', 'events', 'growth', 'search', 'shipping', 'support', 'web'];
const SMALL = 198;
/** So that durations are more than nothing: they are stretched. */
const WORK_MS = 3;

const first = task('first', async (_: void, { run, log }) => {
  log.info('begins');
  return await sleep(Number(run.conf.waits ?? WORK_MS), 1);
});
const step = task('step', (_: number) => sleep(WORK_MS, 1));
const load = task('load', async (_: number, { run, log }) => {
  await sleep(WORK_MS);
  if (run.conf.fails !== true) return 1;
  log.error('the warehouse does not answer');
  throw new Error('connect ECONNREFUSED 10.4.2.17:5432');
});
const report = task('report', (_: number) => sleep(WORK_MS, 1));

const sources = task('sources', () => Array.from({ length: 10_000 }, (_, index) => index));
const source = task('source', async (index: number, { run }) => {
  await sleep(WORK_MS);
  if (run.conf.fails === true && index % 2_500 === 7) throw new Error(`no such bucket: source-${index}`);
});

/** 1,000 tasks: one before all, 498 lines of two, and the load with its report. */
export const wide = dag(
  'wide',
  { schedule: '0 * * * *', startDate: '2020-01-01', catchup: false, tags: ['wide'], owner: 'platform' },
  () => {
    const begun = first();
    for (let number = 0; number < 498; number++) {
      step.with({ name: `clean_${number}` })(step.with({ name: `read_${number}` })(begun));
    }
    const loaded = load.with({ name: 'load' })(begun);
    report.with({ name: 'report' })(report.with({ name: 'check' })(loaded));
  },
);

/** A map of 10,000. */
export const mapped = dag('mapped', { schedule: null, tags: ['mapped'], owner: 'platform' }, () => {
  source.over(sources());
});

for (let number = 0; number < SMALL; number++) {
  const team = TEAMS[number % TEAMS.length]!;
  const schedule = number % 3 === 0 ? '15 6 * * *' : number % 3 === 1 ? '30 * * * *' : '0 */4 * * *';
  const about = { schedule, startDate: '2020-01-01', catchup: false, tags: [team], owner: team };
  dag(`${team}_${number}`, { ...about, description: `What ${team} needs of source ${number}` }, () => {
    const begun = first();
    for (let line = 0; line < 4 + (number % 10); line++) {
      step.with({ name: `clean_${line}` })(step.with({ name: `read_${line}` })(begun));
    }
    report(load(begun));
  });
}
