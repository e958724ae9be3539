import { isRunFinished } from '../../../model/states.ts';
import { wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { lookUntil } from '../../follow-run.ts';
import { chunkLines, logText } from '../../log-text.ts';
import { runNamed, taskNamed } from '../../names.ts';
import { TaskNames } from '../../task-names.ts';

interface LogsOptions {
  readonly task?: string;
  readonly mapIndex?: string;
  readonly attempt?: string;
  readonly follow?: boolean;
}

export const logs = () =>
  command<readonly [dag: string, runId: string | undefined], LogsOptions>(
    'logs',
    'print what the tasks of a run logged',
    (it) =>
      it
        .argument('<dag>', 'name of the DAG')
        .argument('[run]', 'id of the run (default: the latest)')
        .option('--task <task>', 'of this task only')
        .option('--map-index <index>', 'of this element of a mapped task only')
        .option('--attempt <number>', 'of this attempt only')
        .option('-f, --follow', 'go on until the run ends'),
    async (session, [dag, runId], { task, mapIndex, attempt, follow }) => {
      const { run, version } = await runNamed(session, dag, runId);
      const { queries } = await session.store();
      const index = wholeNumber('--map-index', mapIndex, { least: -1 });
      const number = wholeNumber('--attempt', attempt, { least: 1 });
      const filter = {
        run: run.id,
        ...(task === undefined ? {} : { task: taskNamed(version.spec, task) }),
        ...(index === undefined ? {} : { index }),
        ...(number === undefined ? {} : { attempt: number }),
      };
      const names = new TaskNames(await session.store(), run, version);
      let after = 0;
      await lookUntil(session, async () => {
        const ended = isRunFinished((await queries.run(run.id))?.state ?? 'failed');
        for (;;) {
          const chunks = await queries.logs({ ...filter, after });
          if (chunks.length === 0) break;
          after = chunks.at(-1)!.id;
          for (const chunk of chunks) {
            const { index: mapIndex, attempt } = chunk;
            const named = { task: await names.of(chunk.task), mapIndex, attempt };
            const name = await names.ofInstance(chunk);
            for (const line of chunkLines(chunk)) {
              session.terminal.piece({ ...named, ...line, at: new Date(line.at).toISOString() }, () =>
                logText(session.terminal, { name, attempt }, line),
              );
            }
          }
        }
        return ended || !follow;
      });
    },
  );
