import { wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { runNamed, taskNamed } from '../../names.ts';

interface WhyOptions {
  readonly run?: string;
  readonly mapIndex?: string;
}

export const why = () =>
  command<readonly [name: string, task: string], WhyOptions>(
    'why',
    'say why a task of a run does not run: every reason, and what can be done',
    (it) =>
      it
        .argument('<name>', 'name of the DAG or flow')
        .argument('<task>', 'id of the task')
        .option('--run <run>', 'id of the run (default: the latest)')
        .option('--map-index <index>', 'element of a mapped task (default: the first that waits)'),
    async (session, [name, task], options) => {
      const { printWhy } = await import('../../why-text.ts');
      const mapIndex = wholeNumber('--map-index', options.mapIndex, { least: 0 });
      const { run, version } = await runNamed(session, name, options.run);
      if (version.spec.kind === 'dag') taskNamed(version.spec, task);
      await printWhy(session, { dagId: name, runId: run.runId, taskId: task, mapIndex });
    },
  );
