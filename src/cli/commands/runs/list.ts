import { RUN_STATES } from '../../../model/states.ts';
import { oneOf, wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { workflowNamed } from '../../names.ts';
import { runData } from '../../run-data.ts';
import { instantOrNothing, took } from '../../times.ts';

export const list = () =>
  command<readonly [], { dag?: string; state?: string; limit: string }>(
    'list',
    'list runs, the latest first',
    (it) =>
      it
        .option('--dag <dag>', 'of this DAG only')
        .option('--state <state>', `in this state only: ${RUN_STATES.join(', ')}`)
        .option('--limit <count>', 'how many', '20'),
    async (session, _args, { dag, state, limit }) => {
      const states = state === undefined ? undefined : [oneOf('--state', state, RUN_STATES)];
      const count = wholeNumber('--limit', limit, { least: 1, most: 10_000 }) ?? 20;
      const { queries } = await session.store();
      const workflow = dag === undefined ? undefined : await workflowNamed(session, dag);
      const runs = await queries.runs({
        limit: count,
        ...(workflow ? { workflowId: workflow.id } : {}),
        ...(states ? { states } : {}),
      });
      const names = new Map((await queries.workflows()).map(({ id, name }) => [id, name]));
      const name = (id: number) => names.get(id) ?? String(id);
      const { terminal } = session;
      terminal.data(
        runs.map((run) => runData(run, name(run.workflowId))),
        () =>
          terminal.table(
            ['DAG', 'RUN', 'STATE', 'LOGICAL DATE', 'STARTED', ['TOOK', 'right']],
            runs.map((run) => [
              name(run.workflowId),
              run.runId,
              terminal.state(run.state),
              instantOrNothing(run.logicalDate),
              instantOrNothing(run.startedAt),
              took(run.startedAt, run.endedAt),
            ]),
          ),
      );
    },
  );
