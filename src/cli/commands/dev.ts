import type { NewEvent } from '../../store/rows.ts';
import { command } from '../command.ts';
import { eventLine } from '../follow-run.ts';
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
      const { EventStream } = await import('../server/event-stream.ts');
      const stream = new EventStream<NewEvent>();
      const told = new AbortController();
      const { terminal, home } = session;
      const telling = tell(session, stream.read(told.signal));
      await serve(
        {
          ...serverOptions(session, pipelines, options),
          watch: true,
          log: (entry) => {
            for (const line of entryLines(session, entry)) terminal.say(line);
          },
          onEvents: (events) => stream.push(events),
        },
        () => {
          terminal.say(
            `State is in ${home.folder}. In another terminal: millrace dags list, millrace dags trigger NAME --wait`,
          );
          terminal.say('Ctrl-C stops it.');
        },
      );
      told.abort();
      await telling;
    },
  );

/** Tells the events of runs as they come, with the workflow's name in front. */
async function tell(session: Session, events: AsyncIterable<NewEvent>): Promise<void> {
  const { Narrator } = await import('../server/run-event.ts');
  let narrator: InstanceType<typeof Narrator> | undefined;
  for await (const event of events) {
    narrator ??= new Narrator((await session.store()).queries);
    for (const told of await narrator.tell([event])) {
      const line = eventLine(session.terminal, told, told.workflow);
      if (line !== undefined) session.terminal.line(line);
    }
  }
}

function entryLines({ terminal }: Session, { level, message, fields }: LogEntry): string[] {
  const { red, yellow, dim } = terminal.colours;
  const { code, fix, stack, worker, frame, file, line, ...rest } = fields;
  const paint = { info: (text: string) => text, warn: yellow, error: red }[level];
  const place = file === undefined ? '' : `${file}${line ? `:${line}` : ''}: `;
  const details = Object.keys(rest).length === 0 ? '' : ` ${dim(JSON.stringify(rest))}`;
  const head = `${worker === undefined ? '' : `${dim(`[${worker}]`)} `}${place}${code === undefined ? '' : `error[${code}] `}${message}`;
  return [
    paint(head) + details,
    ...(typeof frame === 'string' ? [frame] : []),
    ...(typeof fix === 'string' ? [`Fix: ${fix}`] : []),
    ...(typeof stack === 'string' ? [dim(stack)] : []),
  ];
}
