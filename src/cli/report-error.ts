import { MillraceError, type Place } from '../model/errors.ts';

/** Ends of a command: 0 it went well, 1 it did not, 2 it was not understood. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export function exitCodeOf(error: unknown): number {
  return MillraceError.is(error) && error.code === 'invalid_argument' ? EXIT.usage : EXIT.failed;
}

/** An error as JSON: what it is, why, where, and what to do. */
export function errorData(error: unknown) {
  if (!MillraceError.is(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'internal', message, ...(error instanceof Error && error.stack ? { stack: error.stack } : {}) };
  }
  const { code, message, fix, place, cause } = error;
  const why = cause instanceof Error ? cause.message : undefined;
  return {
    code,
    message,
    ...(why === undefined || message.includes(why) ? {} : { cause: why }),
    ...(fix === undefined ? {} : { fix }),
    ...(place === undefined ? {} : { place }),
  };
}

/** An error for people: code and message, place with its lines, cause, fix. */
export function errorText(error: unknown): string {
  const { code, message, cause, fix, place, stack } = errorData(error) as {
    readonly code: string;
    readonly message: string;
    readonly cause?: string;
    readonly fix?: string;
    readonly place?: Place;
    readonly stack?: string;
  };
  return [
    `error[${code}] ${message}`,
    ...(place ? [`  at ${placeText(place)}`] : []),
    ...(place?.frame ? [place.frame] : []),
    ...(cause === undefined ? [] : [`Cause: ${cause}`]),
    ...(fix === undefined ? [] : [`Fix: ${fix}`]),
    ...(stack === undefined ? [] : [stack.split('\n').slice(1).join('\n')]),
  ].join('\n');
}

export function placeText({
  file,
  line,
  column,
}: {
  readonly file: string;
  readonly line?: number | null;
  readonly column?: number | null;
}): string {
  return [file, line, line ? column : null].filter((part) => part !== null && part !== undefined).join(':');
}
