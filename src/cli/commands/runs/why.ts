import { command } from '../../command.ts';
import { runNamed } from '../../names.ts';

export const why = () =>
  command<readonly [name: string, runId: string | undefined]>(
    'why',
    'say why a run, and everything in it that waits, does not run: every reason, and what can be done',
    (it) => it.argument('<name>', 'name of the DAG or flow').argument('[run]', 'id of the run (default: the latest)'),
    async (session, [name, runId]) => {
      const { printWhy } = await import('../../why-text.ts');
      const { run } = await runNamed(session, name, runId);
      await printWhy(session, { dagId: name, runId: run.runId });
    },
  );
