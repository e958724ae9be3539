import type { UpstreamCounters } from '../rows.ts';

/** The columns of an instance's upstream counters, in the order of counterValues(). */
export const COUNTER_COLUMNS = [
  'expected',
  'n_success',
  'n_failed',
  'n_skipped',
  'n_upstream_failed',
  'n_removed',
  'n_success_setup',
  'n_skipped_setup',
  's_expected',
  's_success',
  's_failed',
  's_skipped',
  's_removed',
] as const;

export function counterValues(c: UpstreamCounters): number[] {
  const { scope } = c;
  return [
    c.expected,
    c.success,
    c.failed,
    c.skipped,
    c.upstreamFailed,
    c.removed,
    c.successSetup,
    c.skippedSetup,
    scope.expected,
    scope.success,
    scope.failed,
    scope.skipped,
    scope.removed,
  ];
}
