import { addSpan, describeSpan, type Span, subtractSpan } from './span.ts';
import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';
import { nextTrigger, runsBetween, type Ticks, triggeredRun } from './trigger-run.ts';

/** A fixed or calendar length has no grid of its own: every instant is a tick. */
export function deltaTicks(every: Span): Ticks {
  return {
    next: (instant) => addSpan(instant, every),
    previous: (instant) => subtractSpan(instant, every),
    alignNext: (instant) => instant,
    alignPrevious: (instant) => instant,
  };
}

/** Runs again and again after a length of time, in UTC (DeltaTriggerTimetable). */
export class DeltaTriggerTimetable implements Timetable {
  readonly periodic = true;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = true;
  readonly #every: Span;
  readonly #interval: Span;
  readonly #ticks: Ticks;

  constructor(every: Span, interval: Span) {
    this.#every = every;
    this.#interval = interval;
    this.#ticks = deltaTicks(every);
  }

  nextRun(last: DataInterval | null, restriction: RunRestriction): RunDates | null {
    const tick = nextTrigger(this.#ticks, (now) => now, last, restriction);
    return tick === null ? null : triggeredRun(tick, this.#interval);
  }

  /** Where the ticks lie depends on the runs so far, so there is none to name. */
  previousRun(): null {
    return null;
  }

  manualInterval(runAfter: number): DataInterval {
    return { start: subtractSpan(runAfter, this.#interval), end: runAfter };
  }

  slots(from: number, to: number): Iterable<RunDates> {
    return runsBetween((last, restriction) => this.nextRun(last, restriction), from, to);
  }

  describe(): string {
    return `Every ${describeSpan(this.#every)}`;
  }
}
