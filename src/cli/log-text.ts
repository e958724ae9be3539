import type { LogLine } from '../executor/executor.ts';
import type { LogChunk } from '../store/rows.ts';
import type { Terminal } from './terminal.ts';
import { clockTime } from './times.ts';

/** The lines that were written together. */
export function chunkLines({ lines }: Pick<LogChunk, 'lines'>): LogLine[] {
  return lines.split('\n').flatMap((text) => (text === '' ? [] : [JSON.parse(text) as LogLine]));
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
