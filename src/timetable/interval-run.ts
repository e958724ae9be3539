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
  const start = firstStart(ticks, last, earliest);
  if (start === null) return null;
  if (restriction.latest !== null && start > restriction.latest) return null;
  const end = ticks.next(start);
  return end === null ? null : intervalRun(start, end);
}

/**
 * Where the next interval starts: after the last one, and not before `earliest`. The end of the last one is no tick
 * when the schedule was changed: then the interval around it comes next, unless that would begin no later than the
 * last one, whose logical date it would repeat or precede.
 */
function firstStart(ticks: Ticks, last: DataInterval | null, earliest: number | null): number | null {
  const aligned = last && ticks.alignPrevious(last.end);
  const start = aligned === null || earliest === null ? (aligned ?? earliest) : Math.max(aligned, earliest);
  return start !== null && last && start <= last.start ? ticks.next(start) : start;
}
