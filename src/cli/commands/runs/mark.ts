import { type MarkedState, markInstances, markRun } from '../../../engine/marking.ts';
import { MillraceError } from '../../../model/errors.ts';
import { oneOf, wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { runNamed, taskNamed } from '../../names.ts';
import { runData } from '../../run-data.ts';

interface MarkOptions {
  readonly task?: string;
  readonly mapIndex?: string;
  readonly upstream?: boolean;
  readonly downstream?: boolean;
}

const STATES = ['success', 'failed', 'skipped'] as const satisfies readonly MarkedState[];

export const mark = () =>
  command<readonly [name: string, runId: string, state: string], MarkOptions>(
    'mark',
    'say that a run, or a task of it, has succeeded or failed; what runs of it is stopped',
    (it) =>
      it
        .argument('<name>', 'name of the DAG or flow')
        .argument('<run>', 'id of the run, or "latest"')
        .argument('<state>', 'success or failed; of a task also skipped')
        .option('--task <task>', 'this task; what failed downstream of it runs again')
        .option('--map-index <index>', 'of a mapped task this element only')
        .option('--upstream', 'also everything upstream of it')
        .option('--downstream', 'also everything downstream of it'),
    async (session, [name, runId, text], { task, mapIndex, upstream, downstream }) => {
      const state = oneOf('<state>', text, STATES);
      const index = wholeNumber('--map-index', mapIndex, { least: 0 });
      const { run, version } = await runNamed(session, name, runId);
      const { queries } = await session.store();
      const { terminal } = session;
      if (task === undefined) {
        if (state === 'skipped' || index !== undefined || upstream || downstream) throw taskMissing(state);
        const changed = await session.operate((e) => markRun(e, run, state));
        const now = (await queries.run(run.id)) ?? run;
        terminal.data({ ...runData(now, name), changed }, () =>
          changed ? `${name}: run ${run.runId} is ${terminal.state(now.state)}` : `${name}: it was ${state} already`,
        );
        return;
      }
      const at = taskNamed(version.spec, task);
      const marked = await session.operate((e) =>
        markInstances(e, run, {
          to: state,
          select: (row) => row.task === at && (index === undefined || row.index === index),
          ...(upstream ? { upstream } : {}),
          ...(downstream ? { downstream } : {}),
        }),
      );
      const now = (await queries.run(run.id)) ?? run;
      const names = marked.map((row) => ({ task: version.spec.tasks[row.task]?.id, mapIndex: row.index }));
      terminal.data({ ...runData(now, name), marked: names }, () =>
        marked.length === 0
          ? 'nothing to mark'
          : `${marked.length} task instances are ${terminal.state(state)}; run ${run.runId} is ${terminal.state(now.state)}`,
      );
    },
  );

function taskMissing(state: MarkedState): MillraceError {
  return state === 'skipped'
    ? new MillraceError('invalid_argument', 'a run cannot be skipped', {
        fix: 'Name a task with --task, or cancel the run.',
      })
    : new MillraceError('invalid_argument', '--map-index, --upstream and --downstream are about a task', {
        fix: 'Name it with --task.',
      });
}
