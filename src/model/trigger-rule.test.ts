import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  decideExpansion,
  isTriggerRule,
  type ScopeCounts,
  TRIGGER_RULES,
  type TriggerDecision,
  type TriggerRule,
} from './trigger-rule.ts';

const STATES = ['success', 'failed', 'skipped', 'upstream_failed', 'removed', 'open'] as const;
type State = (typeof STATES)[number];
interface Upstream {
  readonly state: State;
  readonly setup: boolean;
}

function count(states: readonly State[], ...wanted: State[]): number {
  return states.filter((state) => wanted.includes(state)).length;
}

function ask(rule: TriggerRule, upstream: readonly Upstream[], mapIndex: number, scope?: readonly State[]) {
  const states = upstream.map((each) => each.state);
  const setups = upstream.filter((each) => each.setup).map((each) => each.state);
  return decide({
    rule,
    mapIndex,
    counts: {
      expected: states.length,
      success: count(states, 'success'),
      failed: count(states, 'failed'),
      skipped: count(states, 'skipped'),
      upstreamFailed: count(states, 'upstream_failed'),
      removed: count(states, 'removed'),
      successSetup: count(setups, 'success'),
      skippedSetup: count(setups, 'skipped'),
    },
    upstreamSetups: setups.length,
    ...(scope === undefined ? {} : { scope: scopeCounts(scope) }),
  });
}

function scopeCounts(states: readonly State[]): ScopeCounts {
  return {
    expected: states.length,
    success: count(states, 'success'),
    failed: count(states, 'failed', 'upstream_failed'),
    skipped: count(states, 'skipped'),
    removed: count(states, 'removed'),
  };
}

/** The rules over the list of upstream states, as their descriptions tell them and without any counting. */
function byList(rule: TriggerRule, upstream: readonly Upstream[], mapIndex: number): TriggerDecision {
  const states = upstream.map((each) => each.state);
  const has = (...wanted: State[]) => states.some((state) => wanted.includes(state));
  const only = (...wanted: State[]) => states.every((state) => wanted.includes(state));
  const onlyOrGone = (...wanted: State[]) => only(...wanted, 'removed');
  const allDone = !has('open');
  const firstOf = (...steps: [boolean, TriggerDecision][]) => steps.find(([holds]) => holds)?.[1] ?? 'wait';
  if (states.length === 0) return 'run';
  switch (rule) {
    case 'always':
      return 'run';
    case 'all_success':
      return firstOf(
        [has('failed', 'upstream_failed'), 'upstream_failed'],
        [has('skipped'), 'skipped'],
        [
          has('removed') &&
            has('success') &&
            states.filter((state) => state === 'success')[mapIndex] === undefined &&
            mapIndex >= 0,
          'removed',
        ],
        [onlyOrGone('success'), 'run'],
      );
    case 'all_failed':
      return firstOf([has('success', 'skipped'), 'skipped'], [onlyOrGone('failed', 'upstream_failed'), 'run']);
    case 'all_done':
      return firstOf([allDone, 'run']);
    case 'all_done_min_one_success':
      return firstOf([has('skipped'), 'skipped'], [allDone && has('success'), 'run'], [allDone, 'upstream_failed']);
    case 'all_skipped':
      return firstOf([has('success', 'failed', 'upstream_failed'), 'skipped'], [only('skipped'), 'run']);
    case 'one_success':
      return firstOf([has('success'), 'run'], [only('skipped'), 'skipped'], [allDone, 'upstream_failed']);
    case 'one_failed':
      return firstOf([has('failed', 'upstream_failed'), 'run'], [allDone, 'skipped']);
    case 'one_done':
      return firstOf([has('success', 'failed'), 'run'], [allDone, 'skipped']);
    case 'none_failed':
      return firstOf([has('failed', 'upstream_failed'), 'upstream_failed'], [onlyOrGone('success', 'skipped'), 'run']);
    case 'none_failed_min_one_success':
      return firstOf(
        [has('failed', 'upstream_failed'), 'upstream_failed'],
        [only('skipped'), 'skipped'],
        [allDone && !has('success'), 'upstream_failed'],
        [onlyOrGone('success', 'skipped'), 'run'],
      );
    case 'none_skipped':
      return firstOf([has('skipped'), 'skipped'], [allDone, 'run']);
    case 'all_done_setup_success': {
      const setups = upstream.filter((each) => each.setup).map((each) => each.state);
      return firstOf(
        [!allDone, 'wait'],
        [setups.length === 0 || setups.includes('success'), 'run'],
        [setups.every((state) => state === 'skipped'), 'skipped'],
        [true, 'upstream_failed'],
      );
    }
  }
}

/** All ways to choose up to `size` of the items, order ignored, with repetition. */
function multisets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  const result: T[][] = [[]];
  items.forEach((item, index) => {
    for (const rest of multisets(items.slice(index), size - 1)) result.push([item, ...rest]);
  });
  return result;
}

const plain = multisets(STATES, 4).map((states) => states.map((state) => ({ state, setup: false })));
const withSetups = multisets(
  STATES.flatMap((state) => [
    { state, setup: false },
    { state, setup: true },
  ]),
  3,
);
const MAP_INDEXES = [-1, 0, 1, 2, 5];

describe('decide', () => {
  it.each(TRIGGER_RULES)('%s agrees with the list formulation for every combination', (rule) => {
    for (const upstream of [...plain, ...withSetups]) {
      for (const mapIndex of MAP_INDEXES) {
        const got = ask(rule, upstream, mapIndex);
        const wanted = byList(rule, upstream, mapIndex);
        if (got !== wanted)
          expect({ upstream, mapIndex, decision: got }).toEqual({ upstream, mapIndex, decision: wanted });
      }
    }
  });

  it('lets setups in scope go first, and a teardown wait for its scope', () => {
    const prefer = (mapIndex: number, scope: readonly State[], direct: TriggerDecision): TriggerDecision => {
      if (scope.includes('failed') || scope.includes('upstream_failed')) return 'upstream_failed';
      if (scope.includes('skipped')) return 'skipped';
      const met = scope.every((state) => state === 'success' || (state === 'removed' && mapIndex >= 0));
      return met || direct !== 'run' ? direct : 'wait';
    };
    for (const rule of TRIGGER_RULES) {
      for (const scope of multisets(STATES, 2)) {
        for (const upstream of plain) {
          for (const mapIndex of [-1, 0, 1]) {
            const direct = byList(rule, upstream, mapIndex);
            const wanted =
              rule === 'always' || upstream.length === 0
                ? 'run'
                : rule !== 'all_done_setup_success'
                  ? prefer(mapIndex, scope, direct)
                  : direct === 'run' && scope.includes('open')
                    ? 'wait'
                    : direct;
            const got = ask(rule, upstream, mapIndex, scope);
            if (got !== wanted) expect({ rule, scope, upstream, got }).toEqual({ rule, scope, upstream, got: wanted });
          }
        }
      }
    }
  });

  // `removed` is left out: it only comes from editing by hand or from reruns, where all_success of a mapped instance
  // compares the map index with a count that still grows.
  const state = fc.constantFrom(...STATES.filter((each) => each !== 'removed'));
  const upstreams = fc.array(fc.record({ state, setup: fc.boolean() }), { maxLength: 8 });
  const rules = fc.constantFrom(...TRIGGER_RULES);

  it('never goes back to wait when more of the upstream finishes', () => {
    fc.assert(
      fc.property(
        rules,
        upstreams,
        fc.array(state),
        fc.integer({ min: -1, max: 4 }),
        (rule, before, later, mapIndex) => {
          const after = before.map((each, index) =>
            each.state === 'open' ? { ...each, state: later[index] ?? 'open' } : each,
          );
          if (ask(rule, before, mapIndex) !== 'wait') expect(ask(rule, after, mapIndex)).not.toBe('wait');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never waits once everything has finished', () => {
    fc.assert(
      fc.property(rules, upstreams, (rule, upstream) => {
        const finished = upstream.filter((each) => each.state !== 'open');
        expect(ask(rule, finished, -1)).not.toBe('wait');
      }),
    );
  });

  it('knows the rules that users may choose', () => {
    expect(isTriggerRule('one_done')).toBe(true);
    expect(isTriggerRule('all_done_setup_success')).toBe(false);
    expect(isTriggerRule('dummy')).toBe(false);
    expect(isTriggerRule(undefined)).toBe(false);
  });
});

describe('decideExpansion', () => {
  it('ends what can never be expanded, and lets a final state of the rule stand', () => {
    const expansion = (direct: TriggerDecision, ...sources: State[]) => decideExpansion(direct, scopeCounts(sources));
    expect(expansion('run', 'success', 'success')).toBe('run');
    expect(expansion('run')).toBe('run');
    expect(expansion('wait', 'success')).toBe('wait');
    expect(expansion('wait', 'open')).toBe('wait');
    expect(expansion('wait', 'failed')).toBe('upstream_failed');
    expect(expansion('run', 'skipped', 'upstream_failed')).toBe('upstream_failed');
    expect(expansion('wait', 'skipped')).toBe('skipped');
    expect(expansion('run', 'open')).toBe('upstream_failed');
    expect(expansion('run', 'removed', 'success')).toBe('wait');
    expect(expansion('run', 'removed', 'failed')).toBe('upstream_failed');
    expect(expansion('upstream_failed', 'skipped')).toBe('upstream_failed');
    expect(expansion('skipped', 'failed')).toBe('skipped');
  });
});
