import type { AttemptRow, InstanceRow, RunRow, VersionRow } from '../../../store/rows.ts';
import { command } from '../../command.ts';
import { runNamed } from '../../names.ts';
import { instanceData, runData } from '../../run-data.ts';
import { failureOf } from '../../server/run-event.ts';
import { TaskNames } from '../../task-names.ts';
import type { Terminal } from '../../terminal.ts';
import { instant, instantOrNothing, took } from '../../times.ts';

export const show = () =>
  command<readonly [dag: string, runId: string | undefined]>(
    'show',
    'show a run: its task instances with states, durations, attempts and reasons',
    (it) => it.argument('<dag>', 'name of the DAG').argument('[run]', 'id of the run (default: the latest)'),
    async (session, [dag, runId]) => {
      const { run, version } = await runNamed(session, dag, runId);
      const { queries } = await session.store();
      const [instances, attempts] = await Promise.all([queries.instances(run.id), queries.attempts(run.id)]);
      const called = new TaskNames(await session.store(), run, version);
      const names: string[] = [];
      for (const row of instances) names.push(await called.ofInstance(row));
      const byInstance = Map.groupBy(attempts, ({ task, index }) => `${task}.${index}`);
      const attemptsOf = ({ task, index }: InstanceRow) => byInstance.get(`${task}.${index}`) ?? [];
      session.terminal.data(
        {
          ...runData(run, dag),
          version: version.number,
          instances: instances.map((row) => instanceData(row, version, attemptsOf(row))),
        },
        () => describe(session.terminal, { dag, run, version, instances, attemptsOf, names }),
      );
    },
  );

interface Shown {
  readonly dag: string;
  readonly run: RunRow;
  readonly version: VersionRow;
  readonly instances: readonly InstanceRow[];
  attemptsOf(row: InstanceRow): readonly AttemptRow[];
  /** Of the instances, in their order. */
  readonly names: readonly string[];
}

function describe(terminal: Terminal, { dag, run, version, instances, attemptsOf, names }: Shown): string {
  const { bold, dim } = terminal.colours;
  const interval =
    run.intervalStart === null || run.intervalEnd === null
      ? ''
      : `${instant(run.intervalStart)} – ${instant(run.intervalEnd)}`;
  const facts: (readonly [string, string])[] = [
    ['state', `${terminal.state(run.state)}${run.reason === null ? '' : ` (${run.reason})`}`],
    ['type', `${run.type}, by ${run.triggeredBy}`],
    ['logical date', instantOrNothing(run.logicalDate)],
    ['data interval', interval],
    ['started', instantOrNothing(run.startedAt)],
    ['took', took(run.startedAt, run.endedAt)],
    ['version', String(version.number)],
    ['conf', run.conf === '{}' ? '' : run.conf],
    ['note', run.note ?? ''],
  ];
  const rows = instances.map((row, at) => {
    return [
      names[at]!,
      terminal.state(row.state),
      row.attempt === 0 ? '' : `${row.attempt}/${row.maxAttempts}`,
      took(row.startedAt, row.endedAt),
      whyOf(row, attemptsOf(row)),
    ];
  });
  return [
    bold(`${dag}  ${run.runId}`),
    ...facts.filter(([, value]) => value !== '').map(([key, value]) => `${dim(key.padEnd(13))}  ${value}`),
    '',
    terminal.table(['TASK', 'STATE', ['ATTEMPT', 'right'], ['TOOK', 'right'], 'WHY'], rows),
  ].join('\n');
}

/** Why an instance is where it is: what it waits for, or how its last attempt failed. */
function whyOf(row: InstanceRow, attempts: readonly AttemptRow[]): string {
  if (row.parked !== null && row.state === 'queued') return `waits for ${row.parked}`;
  const last = attempts.at(-1);
  if (row.state === 'success' || row.state === 'none') return '';
  return (last && failureOf(last)) ?? row.reason ?? '';
}
