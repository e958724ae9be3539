import type { LogLine } from '../../../executor/executor.ts';
import { isRunFinished } from '../../../model/states.ts';
import type { StoredLogChunk, VersionRow } from '../../../store/rows.ts';
import { wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { lookUntil } from '../../follow-run.ts';
import { runNamed, taskNamed } from '../../names.ts';
import type { Terminal } from '../../terminal.ts';
import { clockTime } from '../../times.ts';

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
      let after = 0;
      await lookUntil(session, async () => {
        const ended = isRunFinished((await queries.run(run.id))?.state ?? 'failed');
        for (;;) {
          const chunks = await queries.logs({ ...filter, after });
          if (chunks.length === 0) break;
          after = chunks.at(-1)!.id;
          for (const chunk of chunks) printChunk(session.terminal, version, chunk);
        }
        return ended || !follow;
      });
    },
  );

function printChunk(terminal: Terminal, version: VersionRow, chunk: StoredLogChunk): void {
  const task = version.spec.tasks[chunk.task]?.id ?? String(chunk.task);
  const { index: mapIndex, attempt } = chunk;
  for (const text of chunk.lines.split('\n')) {
    if (text === '') continue;
    const entry = JSON.parse(text) as LogLine;
    terminal.piece({ task, mapIndex, attempt, ...entry, at: new Date(entry.at).toISOString() }, () =>
      logText(terminal, { name: mapIndex < 0 ? task : `${task}[${mapIndex}]`, attempt }, entry),
    );
  }
}

export function logText(
  { colours }: Terminal,
  { name, attempt }: { readonly name: string; readonly attempt: number },
  { at, level, source, message, fields }: LogLine,
): string {
  const paint = { debug: colours.dim, info: (text: string) => text, warn: colours.yellow, error: colours.red }[level];
  const who = attempt > 1 ? `${name} (attempt ${attempt})` : name;
  const extra = fields && Object.keys(fields).length > 0 ? ` ${colours.dim(JSON.stringify(fields))}` : '';
  const from = source === 'task' ? '' : ` [${source}]`;
  return `${colours.dim(clockTime(at))}  ${colours.dim(who)}  ${paint(level)}${from}  ${message}${extra}`;
}
