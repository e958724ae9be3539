import type { AttemptRow, InstanceRow, RunRow, VersionRow } from '../../../store/rows.ts';
import { command } from '../../command.ts';
import { runNamed } from '../../names.ts';
import { instanceData, runData } from '../../run-data.ts';
import { failureOf } from '../../server/run-event.ts';
import type { Session } from '../../session.ts';
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
      const waitsFor = await reasons(session, { dag, run });
      session.terminal.data(
        {
          ...runData(run, dag),
          version: version.number,
          instances: instances.map((row) => instanceData(row, version, attemptsOf(row))),
        },
        () => describe(session.terminal, { dag, run, version, instances, attemptsOf, waitsFor, names }),
      );
    },
  );

interface Shown {
  readonly dag: string;
  readonly run: RunRow;
  readonly version: VersionRow;
  readonly instances: readonly InstanceRow[];
  attemptsOf(row: InstanceRow): readonly AttemptRow[];
  /** What a task's instances that are in this state wait for. */
  waitsFor(task: string | undefined, row: InstanceRow): string | undefined;
  /** Of the instances, in their order. */
  readonly names: readonly string[];
}

function describe(terminal: Terminal, shown: Shown): string {
  const { dag, run, version, instances, attemptsOf, waitsFor, names } = shown;
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
      waitsFor(version.spec.tasks[row.task]?.id, row) ?? howItFailed(row, attemptsOf(row)),
    ];
  });
  return [
    bold(`${dag}  ${run.runId}`),
    ...facts.filter(([, value]) => value !== '').map(([key, value]) => `${dim(key.padEnd(13))}  ${value}`),
    '',
    terminal.table(['TASK', 'STATE', ['ATTEMPT', 'right'], ['TOOK', 'right'], 'WHY'], rows),
  ].join('\n');
}

/** The first reason of what waits in a run, as `runs why` has it. */
async function reasons(
  session: Session,
  { dag, run }: { readonly dag: string; readonly run: RunRow },
): Promise<Shown['waitsFor']> {
  if (run.state !== 'running') return () => undefined;
  const { why } = await import('../../../insight/why.ts');
  const { VersionCache } = await import('../../../insight/version-cache.ts');
  const sources = { store: await session.store(), clock: session.clock };
  const { waiting } = await why(sources, new VersionCache(), { dagId: dag, runId: run.runId });
  return (task, { state, parked }) => {
    if (state !== 'queued' && state !== 'none') return undefined;
    const shown = state === 'none' ? null : parked === null ? 'queued' : 'scheduled';
    return waiting.find((entry) => entry.task_id === task && entry.state === shown)?.reasons[0]?.fact;
  };
}

/** How the last attempt of an instance failed, or why it ended without one. */
function howItFailed(row: InstanceRow, attempts: readonly AttemptRow[]): string {
  const last = attempts.at(-1);
  if (row.state === 'success' || row.state === 'none') return '';
  return (last && failureOf(last)) ?? row.reason ?? '';
}
