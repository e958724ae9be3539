import { chain, dag, group, shortCircuit, task, using } from 'millrace';
import { cluster } from './stand-ins.ts';

const isBusinessDay = shortCircuit(
  'is_business_day',
  (_: void, { logicalDate }) => ![0, 6].includes(logicalDate.getUTCDay()),
);

const startCluster = task('start_cluster', (_: void, { ds }) => cluster.start(ds));
const stopCluster = task('stop_cluster', ({ cluster: name }: { cluster: string }) => cluster.stop(name));

/** Fails on the first of a month, to show that the cluster is stopped all the same. */
export const crunch = task('crunch', ({ on, work }: { on: string; work: string }, { ds }) => {
  if (work === 'totals' && ds.endsWith('-01')) throw new Error('the books are not closed yet');
  return cluster.submit(on, work);
});

/** A short circuit, setup and teardown around work, a group. */
export const heavy = dag('heavy', { schedule: '@daily', startDate: '2026-01-01', endDate: '2026-01-31' }, () => {
  const open = isBusinessDay();
  chain(open, () =>
    using(startCluster(), stopCluster, (started) =>
      group('crunching', () => {
        const on = started.pick('cluster');
        const totals = crunch.with({ name: 'totals' })({ on, work: 'totals' });
        crunch.with({ name: 'ranking' })({ on, work: 'ranking' }).after(totals);
      }),
    ),
  );
});
