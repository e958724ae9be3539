import type { Outcome } from '../executor/executor.ts';
import type { AttemptReason } from '../model/states.ts';
import { FailNowError, SkipSignal } from '../sdk/signals.ts';
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

/** What a body that threw ends as: skipped where it asked for that, else failed. */
export function failureOutcome(thrown: unknown, { retry, log, mask, reason }: FailureSurroundings): Outcome {
  if (SkipSignal.is(thrown)) {
    const message = thrown.message === null ? null : mask(thrown.message);
    log.system('info', message === null ? 'skipped itself' : `skipped itself: ${message}`);
    return { kind: 'skipped', message };
  }
  const error = errorReport(thrown, mask);
  log.system('error', error.stack ?? `${error.name}: ${error.message}`);
  const decision = retry(thrown);
  return { kind: 'failed', reason: FailNowError.is(thrown) ? 'no_retry' : reason, error, retry: decision };
}
