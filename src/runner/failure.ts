import type { Outcome } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { AttemptReason } from '../model/states.ts';
import { CancelSignal, FailNowError, SkipSignal } from '../sdk/signals.ts';
import type { AttemptLog } from './attempt-log.ts';
import { errorReport } from './error-report.ts';
import type { Mask } from './log-line.ts';

export type RetryDecision = Extract<Outcome, { kind: 'failed' }>['retry'];

export interface FailureSurroundings {
  /** What the task says about its retries; the spec decides where it says 'normal'. */
  readonly retry: (error: unknown) => RetryDecision;
  readonly log: AttemptLog;
  readonly mask: Mask;
  readonly reason: AttemptReason;
}

/** What a body that threw ends as: skipped or cancelled where it asked for that, else failed. */
export function failureOutcome(thrown: unknown, { retry, log, mask, reason }: FailureSurroundings): Outcome {
  if (SkipSignal.is(thrown)) {
    const message = thrown.message === null ? null : mask(thrown.message);
    log.system('info', message === null ? 'skipped itself' : `skipped itself: ${message}`);
    return { kind: 'skipped', message };
  }
  if (CancelSignal.is(thrown)) {
    log.system('warn', thrown.message === null ? 'cancelled itself' : `cancelled itself: ${mask(thrown.message)}`);
    return { kind: 'cancelled', reason: 'cancelled' };
  }
  const error = errorReport(thrown, mask);
  log.system('error', `${error.stack ?? `${error.name}: ${error.message}`}${advice(thrown, mask)}`);
  const decision = retry(thrown);
  return { kind: 'failed', reason: FailNowError.is(thrown) ? 'no_retry' : reason, error, retry: decision };
}

/** The code and the fix of an error that has them: what the stack does not say. */
function advice(thrown: unknown, mask: Mask): string {
  if (!MillraceError.is(thrown)) return '';
  const fix = thrown.fix === undefined ? '' : `\nFix: ${mask(thrown.fix)}`;
  return `\nCode: ${thrown.code}${fix}`;
}
