/**
 * Airflow's trigger rules: when a task instance may run, from the states of what is directly upstream of it.
 * `all_done_setup_success` is what every teardown has; it cannot be chosen by a user.
 */
export const TRIGGER_RULES = [
  'all_success',
  'all_failed',
  'all_done',
  'all_done_min_one_success',
  'all_skipped',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
  'all_done_setup_success',
] as const;

export type TriggerRule = (typeof TRIGGER_RULES)[number];

/** True for the name of a rule that a user may give to a task. */
export function isTriggerRule(name: unknown): name is Exclude<TriggerRule, 'all_done_setup_success'> {
  return name !== 'all_done_setup_success' && (TRIGGER_RULES as readonly unknown[]).includes(name);
}

/** The counters that an instance has of its relevant upstream instances. What is done is the sum of the five states. */
export interface UpstreamCounts {
  readonly expected: number;
  readonly success: number;
  readonly failed: number;
  readonly skipped: number;
  readonly upstreamFailed: number;
  readonly removed: number;
  /** Setups among `success`, which counts them too; only teardowns look at it. */
  readonly successSetup: number;
  /** Setups among `skipped`, which counts them too; only teardowns look at it. */
  readonly skippedSetup: number;
}

/**
 * Instances that are not directly upstream and matter all the same (scope.ts): for a teardown what lies between it
 * and its setups, for any other task the setups in whose scope it lies.
 */
export interface ScopeCounts {
  readonly expected: number;
  readonly success: number;
  /** Also those that are `upstream_failed`. */
  readonly failed: number;
  readonly skipped: number;
  readonly removed: number;
}

export interface TriggerQuestion {
  readonly rule: TriggerRule;
  readonly counts: UpstreamCounts;
  /** −1: not mapped, or not expanded yet. */
  readonly mapIndex: number;
  /** Instances of setups directly upstream, finished or not; only teardowns look at it. */
  readonly upstreamSetups: number;
  /** Absent: nothing in scope. */
  readonly scope?: ScopeCounts | undefined;
}

/** `run` and `wait` are advice; the others are the final state that the instance gets without running. */
export type TriggerDecision = 'wait' | 'run' | 'skipped' | 'upstream_failed' | 'removed';

/**
 * Decides about one instance that has not started. The answer depends on the arguments alone, and only changes when
 * they do. Without upstream the instance runs, whatever its rule. Setups in scope have to succeed first, unless the
 * rule is `always`; while they are unfinished a direct upstream can still give the instance a final state.
 * Semantics: Airflow 3.3, compared with it in conformance.test.ts.
 */
export function decide({ rule, counts, mapIndex, upstreamSetups, scope }: TriggerQuestion): TriggerDecision {
  if (counts.expected === 0 || rule === 'always') return 'run';
  const direct = decideDirect(rule, counts, mapIndex, upstreamSetups);
  if (scope === undefined || scope.expected === 0) return direct;
  const { expected, success, failed, skipped, removed } = scope;
  if (rule === 'all_done_setup_success') {
    return direct === 'run' && success + failed + skipped + removed < expected ? 'wait' : direct;
  }
  if (failed > 0) return 'upstream_failed';
  if (skipped > 0) return 'skipped';
  const awaited = expected - (mapIndex >= 0 ? removed : 0);
  return direct === 'run' && success < awaited ? 'wait' : direct;
}

/**
 * Decides about a mapped task's placeholder, or a placeholder in a mapped group, which can only be expanded once its
 * length is known. A final state that the rule gives stands. What the rule would let run, or would let wait, also
 * ends when the length can never be known; `run` means that it is known and the placeholder can be expanded.
 * @param direct what `decide` says of the placeholder.
 * @param sources the unmapped tasks whose outputs give the length.
 */
export function decideExpansion(direct: TriggerDecision, sources: ScopeCounts): TriggerDecision {
  if (direct !== 'run' && direct !== 'wait') return direct;
  if (sources.failed > 0) return 'upstream_failed';
  if (sources.skipped > 0) return 'skipped';
  // A removed source has no length and has not failed: somebody has to clear or to end it (Airflow's).
  if (sources.removed > 0) return 'wait';
  if (direct === 'wait' || sources.success >= sources.expected) return direct;
  // The rule does not wait for the source, so there is nothing to expand over (Airflow's).
  return 'upstream_failed';
}

function decideDirect(
  rule: Exclude<TriggerRule, 'always'>,
  counts: UpstreamCounts,
  mapIndex: number,
  upstreamSetups: number,
): TriggerDecision {
  const { expected, success, skipped, removed } = counts;
  const broken = counts.failed + counts.upstreamFailed;
  const finished = success + broken + skipped + removed;
  const done = finished >= expected;
  // Nothing waits for a removed upstream to take part in a rule, but all_skipped.
  const awaited = expected - removed;
  switch (rule) {
    case 'all_success':
      if (broken > 0) return 'upstream_failed';
      if (skipped > 0) return 'skipped';
      if (removed > 0 && success > 0 && mapIndex >= success) return 'removed';
      return success >= awaited ? 'run' : 'wait';
    case 'all_failed':
      if (success + skipped > 0) return 'skipped';
      return broken >= awaited ? 'run' : 'wait';
    case 'all_done':
      return done ? 'run' : 'wait';
    case 'all_done_min_one_success':
      if (skipped > 0) return 'skipped';
      if (!done) return 'wait';
      return success > 0 ? 'run' : 'upstream_failed';
    case 'all_skipped':
      if (success + broken > 0) return 'skipped';
      return skipped >= expected ? 'run' : 'wait';
    case 'one_success':
      if (success > 0) return 'run';
      if (!done) return 'wait';
      return skipped >= finished ? 'skipped' : 'upstream_failed';
    case 'one_failed':
      if (broken > 0) return 'run';
      return done ? 'skipped' : 'wait';
    case 'one_done':
      if (success + counts.failed > 0) return 'run';
      return done ? 'skipped' : 'wait';
    case 'none_failed':
      if (broken > 0) return 'upstream_failed';
      return success + skipped >= awaited ? 'run' : 'wait';
    case 'none_failed_min_one_success':
      if (broken > 0) return 'upstream_failed';
      if (skipped >= expected) return 'skipped';
      if (done && success === 0) return 'upstream_failed';
      return success + skipped >= awaited ? 'run' : 'wait';
    case 'none_skipped':
      if (skipped > 0) return 'skipped';
      return done ? 'run' : 'wait';
    case 'all_done_setup_success':
      if (!done) return 'wait';
      if (upstreamSetups === 0 || counts.successSetup > 0) return 'run';
      return counts.skippedSetup >= upstreamSetups ? 'skipped' : 'upstream_failed';
  }
}
