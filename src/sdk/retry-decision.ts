import { type Duration, parseDuration } from '../model/duration.ts';
import { FailNowError } from './signals.ts';

/** A task's `retry` option. */
export type RetryOption = (error: unknown) => boolean | { readonly after: Duration };

/** What follows a failed attempt: as the spec says, no further attempt, or the next one after a wait of its own. */
export type RetryDecision = 'normal' | 'never' | { readonly afterMs: number };

/**
 * What to do about an error that a body threw. When the option itself throws, the spec decides.
 */
export function retryDecision(error: unknown, option: RetryOption | undefined): RetryDecision {
  if (FailNowError.is(error)) return 'never';
  if (!option) return 'normal';
  try {
    const answer = option(error);
    if (typeof answer === 'object' && answer !== null) return { afterMs: parseDuration(answer.after) };
    return answer ? 'normal' : 'never';
  } catch {
    return 'normal';
  }
}
