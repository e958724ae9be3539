import type { Place } from '../model/errors.ts';

/** Tells where a call was made. Asking costs some microseconds, so that it is done for errors only. */
export type PlaceProbe = () => Place | undefined;

// 'at name (file:///dir/x.ts:3:7)' or 'at file:///dir/x.ts:3:7'
const FRAME = /^\s*at (?:.*? \()?(.+?):(\d+):(\d+)\)?\s*$/;

// Between the user and the entry may be one of the language's own functions: JSON.stringify, forEach.
const FRAMES = 3;

/**
 * Remembers the call of `entry`, a function of this package, from the user's code. Only the frames above it are taken,
 * and their text is made when it is asked for, so that a call costs about a microsecond.
 */
// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
export function placeOfCall(entry: Function): PlaceProbe {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, entry);
  Error.stackTraceLimit = limit;
  return () => parseFrame(holder.stack);
}

function parseFrame(stack: string | undefined): Place | undefined {
  for (const line of stack?.split('\n') ?? []) {
    const [, file, lineNumber, column] = FRAME.exec(line) ?? [];
    if (file && !file.startsWith('node:'))
      return { file: filePath(file), line: Number(lineNumber), column: Number(column) };
  }
  return undefined;
}

function filePath(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(new URL(file).pathname) : file;
}
