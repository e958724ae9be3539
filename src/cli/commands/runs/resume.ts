import { resume as resumeRun } from '../../../engine/resuming.ts';
import { command } from '../../command.ts';
import { followRun } from '../../follow-run.ts';
import { runNamed } from '../../names.ts';
import { EXIT } from '../../report-error.ts';
import { runData } from '../../run-data.ts';

export const resume = () =>
  command<readonly [name: string, runId: string], { wait?: boolean }>(
    'resume',
    'let a run go on that failed or was cancelled: what succeeded is not run again',
    (it) =>
      it
        .argument('<name>', 'name of the DAG or flow')
        .argument('<run>', 'id of the run, or "latest"')
        .option('--wait', 'wait for its end, telling what happens; ends with 0 only when it succeeds'),
    async (session, [name, runId], { wait }) => {
      const { run, version } = await runNamed(session, name, runId);
      const again = await session.operate((e) => resumeRun(e, run));
      const { queries } = await session.store();
      const { terminal } = session;
      const from =
        version.spec.kind === 'flow' ? 'goes on from its record' : `${again.length} task instances run again`;
      if (!wait) {
        const now = (await queries.run(run.id)) ?? run;
        terminal.data(runData(now, name), () => `${name}: run ${run.runId}: ${from}`);
        return EXIT.ok;
      }
      terminal.say(`${name}: run ${run.runId}: ${from}`);
      const ended = await followRun(session, run);
      terminal.data(runData(ended, name), () => `${name}: run ${ended.runId} ended as ${terminal.state(ended.state)}`);
      return ended.state === 'success' ? EXIT.ok : EXIT.failed;
    },
  );
