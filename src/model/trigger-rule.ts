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

/** Instances by finished state, out of `expected` that there are. What is done is the sum of the five states. */
export interface FinishedCounts {
  readonly expected: number;
  readonly success: number;
  readonly failed: number;
  readonly skipped: number;
  readonly upstreamFailed: number;
  readonly removed: number;
}

/** The counters that an instance has of its relevant upstream instances. Those of setups are counted twice over. */
export interface UpstreamCounts extends FinishedCounts {
  /** Setups among `success`. */
  readonly successSetup: number;
  /** Setups among `skipped`. */
  readonly skippedSetup: number;
}

export interface TriggerQuestion {
  readonly rule: TriggerRule;
  readonly counts: UpstreamCounts;
  /** −1: not mapped, or not expanded yet. */
  readonly mapIndex: number;
  /** Upstream instances that belong to setups, finished or not; only teardowns look at it. */
  readonly upstreamSetups: number;
  /** Setups in whose scope the task lies without being directly downstream (scope.ts); absent: none. */
  readonly setups?: FinishedCounts | undefined;
}

/** `run` and `wait` are advice; the others are the final state that the instance gets without running. */
export type TriggerDecision = 'wait' | 'run' | 'skipped' | 'upstream_failed' | 'removed';

/**
 * Decides about one instance that has not started. The answer depends on the arguments alone, and only changes when
 * they do. Without upstream the instance runs, whatever its rule. Setups in scope have to succeed first, unless the
 * rule is `always`; while they are unfinished a direct upstream can still give the instance a final state.
 * Semantics: Airflow 3.3, sections 1.8 and 1.9 of the project's reference.
 */
export function decide(question: TriggerQuestion): TriggerDecision {
  const { rule, counts, mapIndex, setups } = question;
  if (counts.expected === 0 || rule === 'always') return 'run';
  const direct = decideDirect(rule, counts, mapIndex, question.upstreamSetups);
  if (setups === undefined || setups.expected === 0 || rule === 'all_done_setup_success') return direct;
  const scope = decideAllSuccess(setups, mapIndex);
  if (scope === 'run') return direct;
  return scope === 'wait' && direct !== 'run' ? direct : scope;
}

function decideAllSuccess(counts: FinishedCounts, mapIndex: number): TriggerDecision {
  const { expected, success, failed, skipped, upstreamFailed, removed } = counts;
  if (failed + upstreamFailed > 0) return 'upstream_failed';
  if (skipped > 0) return 'skipped';
  if (removed > 0 && success > 0 && mapIndex >= success) return 'removed';
  return expected - success - (mapIndex >= 0 ? removed : 0) <= 0 ? 'run' : 'wait';
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
  // A removed upstream only stops being waited for by instances that are mapped themselves.
  const awaited = expected - (mapIndex >= 0 ? removed : 0);
  switch (rule) {
    case 'all_success':
      return decideAllSuccess(counts, mapIndex);
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
