import type { DataInterval, RunDates, RunRestriction } from './timetable.ts';
import type { Ticks } from './trigger-run.ts';

/** The run of a data-interval timetable over one interval: due when the interval ends. */
export function intervalRun(start: number, end: number): RunDates {
  return { logicalDate: start, interval: { start, end }, runAfter: end };
}

/**
 * The next interval of a data-interval timetable. `latestStart` gives the start of the latest complete interval, from
 * which a workflow without catch-up goes on.
 */
export function nextInterval(
  ticks: Ticks,
  latestStart: (now: number, earliest: number | null) => number | null,
  last: DataInterval | null,
  restriction: RunRestriction,
): RunDates | null {
  let earliest = restriction.earliest;
  if (!restriction.catchup) earliest = latestStart(restriction.now, earliest);
  else if (earliest !== null) earliest = ticks.alignNext(earliest);
  if (earliest === null && (restriction.earliest !== null || last === null)) return null;
  const from = last ? followingStart(ticks, last) : null;
  const start = Math.max(from ?? Number.NEGATIVE_INFINITY, earliest ?? Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(start)) return null;
  if (restriction.latest !== null && start > restriction.latest) return null;
  const end = ticks.next(start);
  return end === null ? null : intervalRun(start, end);
}

/**
 * Where the interval after `last` starts. Its end is no tick when the schedule was changed: then the interval around
 * it comes next, unless that would begin no later than the last one, whose logical date it would repeat or precede.
 */
function followingStart(ticks: Ticks, last: DataInterval): number | null {
  const start = ticks.alignPrevious(last.end);
  return start !== null && start <= last.start ? ticks.next(start) : start;
}
