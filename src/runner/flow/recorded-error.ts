import type { ErrorReport } from '../../executor/executor.ts';
import { errorFrom } from '../../model/error-value.ts';
import { ERROR_CODES, MillraceError } from '../../model/errors.ts';

/**
 * The error of a recorded failure, as its caller saw it: of the same built-in class, or a MillraceError with its code;
 * of a class of the user's, an Error with its name.
 */
export function recordedError(report: ErrorReport | null, name: string): Error {
  if (!report) return new Error(`call '${name}' failed; why is not on record`);
  const { name: kind, message, stack } = report;
  const code = ERROR_CODES.find((known) => known === report.code);
  if (code) return new MillraceError(code, message);
  return errorFrom(stack === null ? { name: kind, message } : { name: kind, message, stack }, new WeakMap());
}
