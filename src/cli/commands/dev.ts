import { relative } from 'node:path';
import type { EventRow } from '../../store/rows.ts';
import type { Queries } from '../../store/store.ts';
import { command } from '../command.ts';
import { eventLine } from '../follow-run.ts';
import type { EventStream } from '../server/event-stream.ts';
import type { LogEntry } from '../server/log.ts';
import type { Session } from '../session.ts';
import { type ServeOptions, serverOptions, withServeOptions } from './server-options.ts';

export const dev = () =>
  command<readonly [pipelines: readonly string[]], ServeOptions>(
    'dev',
    'run the server for development: reads changed files again, and tells what happens',
    withServeOptions,
    async (session, [pipelines], options) => {
      const { serve } = await import('../server/serve.ts');
      const { terminal, home } = session;
      await serve(
        {
          ...serverOptions(session, pipelines, options),
          watch: true,
          log: (entry) => {
            for (const line of entryLines(session, entry)) terminal.say(line);
          },
          follow: async (feed) => ({ done: tell(session, feed.queries, await feed.open()) }),
        },
        () => {
          terminal.say(
            `State is in ${home.folder}. In another terminal: millrace dags list, millrace dags trigger NAME --wait`,
          );
          terminal.say('Ctrl-C stops it.');
        },
      );
    },
  );

/** Tells the events of runs as they come, with the workflow's name in front. */
async function tell({ terminal }: Session, queries: Queries, stream: EventStream<EventRow>): Promise<void> {
  const { Narrator } = await import('../server/run-event.ts');
  const narrator = new Narrator(queries);
  for await (const event of stream.read(new AbortController().signal)) {
    try {
      for (const told of await narrator.tell([event])) {
        const line = eventLine(terminal, told, told.workflow);
        if (line !== undefined) terminal.line(line);
      }
    } catch (error) {
      terminal.say(`an event could not be told: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function entryLines({ terminal, cwd }: Session, { level, message, fields }: LogEntry): string[] {
  const { red, yellow, dim } = terminal.colours;
  const { code, fix, stack, worker, frame, file, line, column: _, workflows, ...rest } = fields;
  const paint = { info: (text: string) => text, warn: yellow, error: red }[level];
  const place = typeof file === 'string' ? `${relative(cwd, file)}${line ? `:${line}` : ''}: ` : '';
  const names = Array.isArray(workflows) ? ` ${workflows.join(', ')}` : '';
  const details = Object.keys(rest).length === 0 ? '' : ` ${dim(JSON.stringify(rest))}`;
  const head = `${worker === undefined ? '' : `${dim(`[${worker}]`)} `}${place}${code === undefined ? '' : `error[${code}] `}${message}${names}`;
  return [
    paint(head) + details,
    ...(typeof frame === 'string' ? [frame] : []),
    ...(typeof fix === 'string' ? [`Fix: ${fix}`] : []),
    ...(typeof stack === 'string' ? [dim(stack)] : []),
  ];
}
