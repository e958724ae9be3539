import type { TriggerRule } from '../../model/trigger-rule.ts';

/**
 * The trigger rules once more, written from Airflow's description and not from the engine's code: what the engine
 * decides is compared with this.
 */
export type Decision = 'wait' | 'run' | 'skipped' | 'upstream_failed';

/** Instances upstream of one instance, counted. */
export interface Tally {
  /** Instances directly upstream, finished or not. */
  total: number;
  success: number;
  failed: number;
  skipped: number;
  upstreamFailed: number;
  /** Setups among them, where the instance is a teardown's. */
  setups: number;
  setupSuccess: number;
  setupSkipped: number;
  /** Not directly upstream: setups that it lies in the scope of; for a teardown, all that is in its scope. */
  scopeTotal: number;
  scopeSuccess: number;
  scopeFailed: number;
  scopeSkipped: number;
}

export function emptyTally(): Tally {
  return {
    total: 0,
    success: 0,
    failed: 0,
    skipped: 0,
    upstreamFailed: 0,
    setups: 0,
    setupSuccess: 0,
    setupSkipped: 0,
    scopeTotal: 0,
    scopeSuccess: 0,
    scopeFailed: 0,
    scopeSkipped: 0,
  };
}

export function decisionByTheBook(rule: TriggerRule, tally: Tally): Decision {
  if (tally.total === 0 || rule === 'always') return 'run';
  const direct = directly(rule, tally);
  if (rule === 'all_done_setup_success') {
    const scopeDone = tally.scopeSuccess + tally.scopeFailed + tally.scopeSkipped;
    return direct === 'run' && scopeDone < tally.scopeTotal ? 'wait' : direct;
  }
  if (tally.scopeFailed > 0) return 'upstream_failed';
  if (tally.scopeSkipped > 0) return 'skipped';
  return direct === 'run' && tally.scopeSuccess < tally.scopeTotal ? 'wait' : direct;
}

function directly(rule: Exclude<TriggerRule, 'always'>, tally: Tally): Decision {
  const { total, success, skipped } = tally;
  const bad = tally.failed + tally.upstreamFailed;
  const allDone = success + skipped + bad === total;
  const no = (decision: Decision, unless: boolean): Decision => (unless ? 'run' : decision);
  switch (rule) {
    case 'all_success':
      return bad > 0 ? 'upstream_failed' : skipped > 0 ? 'skipped' : no('wait', success === total);
    case 'all_failed':
      return success > 0 || skipped > 0 ? 'skipped' : no('wait', bad === total);
    case 'all_done':
      return no('wait', allDone);
    case 'all_done_min_one_success':
      return skipped > 0 ? 'skipped' : !allDone ? 'wait' : no('upstream_failed', success > 0);
    case 'all_skipped':
      return success > 0 || bad > 0 ? 'skipped' : no('wait', skipped === total);
    case 'one_success':
      if (success > 0) return 'run';
      return !allDone ? 'wait' : skipped === total ? 'skipped' : 'upstream_failed';
    case 'one_failed':
      return bad > 0 ? 'run' : allDone ? 'skipped' : 'wait';
    case 'one_done':
      return success + tally.failed > 0 ? 'run' : allDone ? 'skipped' : 'wait';
    case 'none_failed':
      return bad > 0 ? 'upstream_failed' : no('wait', success + skipped === total);
    case 'none_failed_min_one_success':
      return bad > 0 ? 'upstream_failed' : skipped === total ? 'skipped' : no('wait', success + skipped === total);
    case 'none_skipped':
      return skipped > 0 ? 'skipped' : no('wait', allDone);
    case 'all_done_setup_success':
      if (!allDone) return 'wait';
      if (tally.setups === 0 || tally.setupSuccess > 0) return 'run';
      return tally.setupSkipped === tally.setups ? 'skipped' : 'upstream_failed';
  }
}

const COUNTS = [
  'success',
  'failed',
  'skipped',
  'upstreamFailed',
  'scopeSuccess',
  'scopeFailed',
  'scopeSkipped',
] as const;
const MOST_PREFIXES = 3000;

/**
 * What an instance may have been decided to be on the way from one tally to a later one: upstream instances may have
 * been seen to end one by one, in any order, or many at once. Null: too many ways to say.
 */
export function decisionsOnTheWay(rule: TriggerRule, before: Tally, after: Tally): ReadonlySet<Decision> | null {
  const found = new Set<Decision>([decisionByTheBook(rule, after)]);
  let ways = 1;
  for (const name of COUNTS) ways *= Math.max(1, after[name] - before[name] + 1);
  if (ways > MOST_PREFIXES) return null;
  const tally = { ...after };
  const setupWays = after.setups > 0;
  const walk = (at: number): void => {
    const name = COUNTS[at];
    if (name === undefined) {
      if (!setupWays) {
        found.add(decisionByTheBook(rule, tally));
        return;
      }
      // Which of the successes are setups' is not told apart: only the ends matter to a teardown, which waits for all.
      tally.setupSuccess = tally.success === after.success ? after.setupSuccess : before.setupSuccess;
      tally.setupSkipped = tally.skipped === after.skipped ? after.setupSkipped : before.setupSkipped;
      found.add(decisionByTheBook(rule, tally));
      return;
    }
    for (let count = Math.min(before[name], after[name]); count <= after[name]; count++) {
      tally[name] = count;
      walk(at + 1);
    }
  };
  walk(0);
  return found;
}
