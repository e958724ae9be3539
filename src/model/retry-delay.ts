import { createHash } from 'node:crypto';
import { dateForms } from './date.ts';

/** No back-off waits longer than a day, whatever the task says. */
const LONGEST_BACKOFF_SECONDS = 86_400;

export interface RetryDelayOptions {
  readonly dagId: string;
  readonly taskId: string;
  /** logicalDateText of the run's logical date. */
  readonly logicalDateText: string;
  /** Number of the attempt that has failed, from 1. */
  readonly attempt: number;
  readonly retryDelayMs: number;
  /** Multiplier per attempt. 1, and what is not above 0, mean a constant delay. */
  readonly backoff: number;
  /** Caps the delay of a back-off; undefined or 0: no cap but the day that holds for all. */
  readonly maxRetryDelayMs?: number | undefined;
}

/**
 * Milliseconds from the end of a failed attempt to the earliest start of the next.
 *
 * Without back-off it is the retry delay itself, uncapped. With back-off the delay grows by the multiplier with every
 * attempt, in whole seconds, and a jitter of up to the same length is added. The jitter is a hash of the DAG, the
 * task, the logical date and the attempt, so that it is the same wherever and whenever it is computed (Airflow's).
 */
export function retryDelay(options: RetryDelayOptions): number {
  const { retryDelayMs, backoff, attempt, maxRetryDelayMs } = options;
  if (backoff <= 0 || backoff === 1) return retryDelayMs;
  const base = Math.max(1, Math.ceil((retryDelayMs / 1000) * power(backoff, attempt - 1)));
  const seconds =
    base < LONGEST_BACKOFF_SECONDS
      ? Math.min(base + jitter(options, base), LONGEST_BACKOFF_SECONDS)
      : LONGEST_BACKOFF_SECONDS;
  return maxRetryDelayMs ? Math.min(seconds * 1000, maxRetryDelayMs) : seconds * 1000;
}

/** The delay after the nth attempt from a list of delays; its last one holds for all later attempts (Prefect's). */
export function listedRetryDelay(delaysMs: readonly number[], attempt: number): number {
  return delaysMs[Math.min(attempt, delaysMs.length) - 1] ?? 0;
}

/** The text of a logical date that goes into the jitter; null is a run without a logical date. */
export function logicalDateText(logicalDateMs: number | null): string {
  return logicalDateMs === null ? 'None' : dateForms(logicalDateMs).ts.replace('T', ' ');
}

/** A power of a whole number is exact here, so that rounding up gives the same second everywhere. */
function power(base: number, exponent: number): number {
  if (!Number.isInteger(base)) return base ** exponent;
  let result = 1;
  for (let count = 0; count < exponent && Number.isFinite(result); count++) result *= base;
  return result;
}

function jitter({ dagId, taskId, logicalDateText, attempt }: RetryDelayOptions, modulus: number): number {
  const digest = createHash('sha1').update(`${dagId}#${taskId}#${logicalDateText}#${attempt}`).digest('hex');
  return Number(BigInt(`0x${digest}`) % BigInt(modulus));
}
