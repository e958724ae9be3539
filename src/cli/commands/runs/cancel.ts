import { cancelRun } from '../../../engine/operations.ts';
import { command } from '../../command.ts';
import { runNamed } from '../../names.ts';
import { runData } from '../../run-data.ts';

export const cancel = () =>
  command<readonly [dag: string, runId: string]>(
    'cancel',
    'cancel a run: what runs is stopped, what has not finished fails',
    (it) => it.argument('<dag>', 'name of the DAG').argument('<run>', 'id of the run, or "latest"'),
    async (session, [dag, runId]) => {
      const { run } = await runNamed(session, dag, runId);
      const changed = await session.operate((e) => cancelRun(e, run));
      const { queries } = await session.store();
      const after = (await queries.run(run.id)) ?? run;
      session.terminal.data({ ...runData(after, dag), changed }, () =>
        changed ? `${dag}: run ${run.runId} is cancelled` : `${dag}: run ${run.runId} had ended already: ${run.state}`,
      );
    },
  );
