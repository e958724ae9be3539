import { MillraceError } from '../../model/errors.ts';

/** Something that a server has to say about itself. What tasks say is in their own logs. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Log = (entry: LogEntry) => void;

export function errorEntry(message: string, error: unknown): LogEntry {
  if (MillraceError.is(error)) {
    const { code, fix } = error;
    return { level: 'error', message: `${message}: ${error.message}`, fields: { code, ...(fix ? { fix } : {}) } };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  const why = error instanceof Error ? error.message : String(error);
  return { level: 'error', message: `${message}: ${why}`, fields: stack === undefined ? {} : { stack } };
}

/** One JSON object a line: time, level, message and the fields. */
export function jsonLine(at: number, { level, message, fields }: LogEntry): string {
  return JSON.stringify({ time: new Date(at).toISOString(), level, message, ...fields });
}
