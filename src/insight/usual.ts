import type { z } from 'zod';
import type { usual } from '../api/contract/state.ts';
import type { RunRow } from '../store/rows.ts';

export type Usual = z.infer<typeof usual>;

/** What is usual is told by the last so many successes, and by fewer than so many it is not. */
const MOST = 20;
const LEAST = 5;
/** As many runs are looked through for successes. */
export const RUNS_LOOKED_AT = 60;
/** Of so many running runs it is asked whether they are late, those that have run for longest. */
export const RUNNING_LOOKED_AT = 500;

/** Median and the tenth and ninetieth percentile, in seconds, of the latest durations in milliseconds, newest first. */
export function usualOf(newestFirst: readonly number[]): Usual {
  const sorted = newestFirst.slice(0, MOST).sort((a, b) => a - b);
  if (sorted.length < LEAST) return null;
  const at = (part: number) => seconds(sorted[Math.round(part * (sorted.length - 1))]!);
  return { median: at(0.5), p10: at(0.1), p90: at(0.9), count: sorted.length };
}

export function usualOfRuns(newestFirst: readonly RunRow[]): Usual {
  return usualOf(
    newestFirst.flatMap(({ state, startedAt, endedAt }) =>
      state === 'success' && startedAt !== null && endedAt !== null ? [endedAt - startedAt] : [],
    ),
  );
}

/** Milliseconds as seconds, to the millisecond. */
export const seconds = (ms: number): number => Math.round(ms) / 1000;

/** In words, in one unit: `16 min`, `52 s`. */
export function about(ofSeconds: number): string {
  const ms = Math.round(ofSeconds * 1000);
  if (ms < 1000) return `${ms} ms`;
  if (ofSeconds < 90) return `${Math.round(ofSeconds)} s`;
  if (ofSeconds < 5400) return `${Math.round(ofSeconds / 60)} min`;
  if (ofSeconds < 36 * 3600) return `${(ofSeconds / 3600).toFixed(1).replace(/\.0$/, '')} h`;
  return `${Math.round(ofSeconds / 86_400)} d`;
}

/** Longer than usual: above the ninetieth percentile, and by a half more than the median. */
export const isLate = (ofSeconds: number, usually: Usual): boolean =>
  usually !== null && ofSeconds > usually.p90 && ofSeconds > usually.median * 1.5;
