import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  type FinishedCounts,
  isTriggerRule,
  TRIGGER_RULES,
  type TriggerDecision,
  type TriggerRule,
  type UpstreamCounts,
} from './trigger-rule.ts';

const STATES = ['success', 'failed', 'skipped', 'upstream_failed', 'removed', 'open'] as const;
type State = (typeof STATES)[number];
interface Upstream {
  readonly state: State;
  readonly setup: boolean;
}

function finishedCounts(states: readonly State[]): FinishedCounts {
  const count = (wanted: State) => states.filter((state) => state === wanted).length;
  return {
    expected: states.length,
    success: count('success'),
    failed: count('failed'),
    skipped: count('skipped'),
    upstreamFailed: count('upstream_failed'),
    removed: count('removed'),
  };
}

function counts(upstream: readonly Upstream[]): UpstreamCounts {
  const setups = finishedCounts(upstream.filter((each) => each.setup).map((each) => each.state));
  return {
    ...finishedCounts(upstream.map((each) => each.state)),
    successSetup: setups.success,
    skippedSetup: setups.skipped,
  };
}

function ask(rule: TriggerRule, upstream: readonly Upstream[], mapIndex: number, setups?: readonly State[]) {
  return decide({
    rule,
    counts: counts(upstream),
    mapIndex,
    upstreamSetups: upstream.filter((each) => each.setup).length,
    ...(setups === undefined ? {} : { setups: finishedCounts(setups) }),
  });
}

/** The rules over the list of upstream states, as their descriptions tell them and without any counting. */
function byList(rule: TriggerRule, upstream: readonly Upstream[], mapIndex: number): TriggerDecision {
  const states = upstream.map((each) => each.state);
  const has = (...wanted: State[]) => states.some((state) => wanted.includes(state));
  const only = (...wanted: State[]) => states.every((state) => wanted.includes(state));
  const onlyOrGone = (...wanted: State[]) => only(...wanted, ...(mapIndex >= 0 ? (['removed'] as const) : []));
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

  it('lets setups in scope go first, for every rule but always and that of teardowns', () => {
    for (const rule of TRIGGER_RULES) {
      for (const setups of multisets(STATES, 2)) {
        for (const upstream of plain) {
          for (const mapIndex of [-1, 0, 1]) {
            const direct = byList(rule, upstream, mapIndex);
            const scope = byList(
              'all_success',
              setups.map((state) => ({ state, setup: true })),
              mapIndex,
            );
            const exempt = rule === 'always' || rule === 'all_done_setup_success' || upstream.length === 0;
            const wanted =
              exempt || scope === 'run' ? direct : scope !== 'wait' ? scope : direct === 'run' ? 'wait' : direct;
            const got = ask(rule, upstream, mapIndex, setups);
            if (got !== wanted)
              expect({ rule, setups, upstream, got }).toEqual({ rule, setups, upstream, got: wanted });
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
