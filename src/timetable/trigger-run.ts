import { type Span, subtractSpan } from './span.ts';
import type { DataInterval, RunDates, RunRestriction } from './timetable.ts';

/** Where the ticks of a schedule lie. Null means: no such tick. */
export interface Ticks {
  next(instant: number): number | null;
  previous(instant: number): number | null;
  alignNext(instant: number): number | null;
  alignPrevious(instant: number): number | null;
}

/** The run that a trigger timetable creates at a tick. */
export function triggeredRun(tick: number, interval: Span): RunDates {
  const start = subtractSpan(tick, interval);
  return { logicalDate: start, interval: { start, end: tick }, runAfter: tick };
}

/**
 * The next tick of a trigger timetable. `firstRun` decides where a workflow without start date and runs begins. With
 * catch-up each tick gets its run; without, the latest that is due, or the first to come.
 */
export function nextTrigger(
  ticks: Ticks,
  firstRun: (now: number) => number | null,
  last: DataInterval | null,
  restriction: RunRestriction,
): number | null {
  const { earliest, latest, catchup, now } = restriction;
  const candidates: (number | null)[] = [];
  if (last) candidates.push(ticks.next(last.end));
  else if (earliest === null) candidates.push(firstRun(now));
  if (catchup) {
    if (candidates.length === 0 && earliest !== null) candidates.push(ticks.alignNext(earliest));
  } else {
    if (earliest !== null) candidates.push(ticks.alignNext(earliest));
    const due = ticks.alignPrevious(now);
    // Nothing due yet is no reason to stop: the other candidates lie in the future then.
    if (due !== null) candidates.push(due);
  }
  let tick = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === null) return null;
    tick = Math.max(tick, candidate);
  }
  return latest !== null && latest < tick ? null : tick;
}

/** All runs of a trigger or interval timetable in a window, each derived from the one before. */
export function* runsBetween(
  nextRun: (last: DataInterval | null, restriction: RunRestriction) => RunDates | null,
  from: number,
  to: number,
): Iterable<RunDates> {
  const restriction: RunRestriction = { earliest: from, latest: to, catchup: true, now: to };
  let run = nextRun(null, restriction);
  while (run) {
    yield run;
    run = nextRun(run.interval, restriction);
  }
}
