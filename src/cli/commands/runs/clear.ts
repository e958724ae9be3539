import { clear as clearInstances } from '../../../engine/clearing.ts';
import { wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { runNamed, taskNamed } from '../../names.ts';

interface ClearOptions {
  readonly task?: string;
  readonly mapIndex?: string;
  readonly only?: boolean;
  readonly failed?: boolean;
}

export const clear = () =>
  command<readonly [dag: string, runId: string], ClearOptions>(
    'clear',
    'clear a run or some of its tasks, so that they run again',
    (it) =>
      it
        .argument('<dag>', 'name of the DAG')
        .argument('<run>', 'id of the run, or "latest"')
        .option('--task <task>', 'this task and everything downstream of it')
        .option('--map-index <index>', 'of a mapped task this element only')
        .option('--failed', 'what failed and everything downstream of it')
        .option('--only', 'without what is downstream'),
    async (session, [dag, runId], { task, mapIndex, failed, only }) => {
      const { run, version } = await runNamed(session, dag, runId);
      if (task !== undefined) taskNamed(version.spec, task);
      const index = wholeNumber('--map-index', mapIndex, { least: 0 });
      const cleared = await session.operate((e) =>
        clearInstances(e, run, {
          select: (row, id) =>
            (task === undefined || id === task) &&
            (index === undefined || row.index === index) &&
            (!failed || row.state === 'failed' || row.state === 'upstream_failed'),
          scope: only ? 'only these' : 'with downstream',
        }),
      );
      const names = cleared.map((row) => ({ task: version.spec.tasks[row.task]?.id, mapIndex: row.index }));
      session.terminal.data({ workflow: dag, runId: run.runId, cleared: names }, () =>
        cleared.length === 0 ? 'nothing to clear' : `${cleared.length} task instances cleared; they run again`,
      );
    },
  );
