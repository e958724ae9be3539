import type { Place } from '../model/errors.ts';

/** Tells where a call was made. Asking costs some microseconds, so that it is done for errors only. */
export type PlaceProbe = () => Place | undefined;

// 'at name (file:///dir/x.ts:3:7)' or 'at file:///dir/x.ts:3:7'
const FRAME = /^\s*at (?:.*? \()?(.+?):(\d+):(\d+)\)?\s*$/;

/**
 * Remembers the call of `entry`, a function of this package, from the user's code. Only the frame above it is taken,
 * and its text is made when it is asked for, so that the cost of a call is about a microsecond.
 */
// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
export function placeOfCall(entry: Function): PlaceProbe {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, entry);
  Error.stackTraceLimit = limit;
  return () => parseFrame(holder.stack);
}

function parseFrame(stack: string | undefined): Place | undefined {
  for (const line of stack?.split('\n') ?? []) {
    const [, file, lineNumber, column] = FRAME.exec(line) ?? [];
    if (file) return { file: filePath(file), line: Number(lineNumber), column: Number(column) };
  }
  return undefined;
}

function filePath(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(new URL(file).pathname) : file;
}
