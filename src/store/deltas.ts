import type { CountDelta, InstanceKey, LimitDelta, RunCounters, UpstreamCounters } from './rows.ts';

/** Several changes of one row, made into one: a statement changes a row once. Order of first appearance is kept. */

export const instanceKey = ({ run, task, index }: InstanceKey): string => `${run}/${task}/${index}`;

export function summedCounts(deltas: readonly CountDelta[]): readonly CountDelta[] {
  return summed(
    deltas,
    ({ run, task, index }) => `${run}/${task}/${index}`,
    (a, b) => ({ ...a, counters: addCounters(a.counters, b.counters) }),
  );
}

export function summedLimits(deltas: readonly LimitDelta[]): readonly LimitDelta[] {
  return summed(
    deltas,
    ({ key }) => key,
    (a, b) => ({ key: a.key, used: a.used + b.used, parked: a.parked + b.parked }),
  );
}

export function summedRuns<T extends { readonly id: number } & RunCounters>(deltas: readonly T[]): readonly T[] {
  return summed(
    deltas,
    ({ id }) => id,
    (a, b) => ({ ...a, unfinished: a.unfinished + b.unfinished, active: a.active + b.active, bad: a.bad + b.bad }),
  );
}

function addCounters(a: UpstreamCounters, b: UpstreamCounters): UpstreamCounters {
  return {
    expected: a.expected + b.expected,
    success: a.success + b.success,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    upstreamFailed: a.upstreamFailed + b.upstreamFailed,
    removed: a.removed + b.removed,
    successSetup: a.successSetup + b.successSetup,
    skippedSetup: a.skippedSetup + b.skippedSetup,
    scope: {
      expected: a.scope.expected + b.scope.expected,
      success: a.scope.success + b.scope.success,
      failed: a.scope.failed + b.scope.failed,
      skipped: a.scope.skipped + b.scope.skipped,
      removed: a.scope.removed + b.scope.removed,
    },
  };
}

function summed<T>(deltas: readonly T[], key: (delta: T) => string | number, add: (a: T, b: T) => T): readonly T[] {
  if (deltas.length < 2) return deltas;
  const sums = new Map<string | number, T>();
  for (const delta of deltas) {
    const name = key(delta);
    const known = sums.get(name);
    sums.set(name, known === undefined ? delta : add(known, delta));
  }
  return sums.size === deltas.length ? deltas : [...sums.values()];
}

/**
 * Rows in lists in which no instance comes twice: one statement moves a row once only, and in no particular order.
 * Nearly always that is one list.
 */
export function rounds<T extends InstanceKey>(rows: readonly T[]): readonly (readonly T[])[] {
  if (rows.length < 2) return rows.length === 0 ? [] : [rows];
  const times = new Map<string, number>();
  const lists: T[][] = [];
  for (const row of rows) {
    const key = instanceKey(row);
    const round = times.get(key) ?? 0;
    times.set(key, round + 1);
    lists[round] ??= [];
    lists[round].push(row);
  }
  return lists;
}
