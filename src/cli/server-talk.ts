import { relative } from 'node:path';
import type { EventStream } from '../insight/event-stream.ts';
import type { EventRow } from '../store/rows.ts';
import type { Queries } from '../store/store.ts';
import { eventLine } from './follow-run.ts';
import type { LogEntry } from './server/log.ts';
import type { Session } from './session.ts';

/** Tells the events of runs as they come, with the workflow's name in front. */
export async function tellRuns({ terminal }: Session, queries: Queries, stream: EventStream<EventRow>): Promise<void> {
  const { Narrator } = await import('./server/run-event.ts');
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

/** What a server has to say about itself, for people. */
export function sayEntry(session: Session, entry: LogEntry): void {
  for (const line of entryLines(session, entry)) session.terminal.say(line);
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
