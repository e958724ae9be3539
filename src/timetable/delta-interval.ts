import { deltaTicks } from './delta-trigger.ts';
import { intervalRun, nextInterval } from './interval-rule.ts';
import { describeSpan, nominalMs, type Span, subtractSpan } from './span.ts';
import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';
import { runsBetween, type Ticks } from './trigger-rule.ts';

/** Data intervals of one length, one after the other; each run is due at its end (DeltaDataIntervalTimetable). */
export class DeltaIntervalTimetable implements Timetable {
  readonly periodic = true;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = true;
  readonly #every: Span;
  readonly #ticks: Ticks;

  constructor(every: Span) {
    this.#every = every;
    this.#ticks = deltaTicks(every);
  }

  nextRun(last: DataInterval | null, restriction: RunRestriction): RunDates | null {
    return nextInterval(this.#ticks, (now, earliest) => this.#latestStart(now, earliest), last, restriction);
  }

  /** Without catch-up intervals lie on a grid that starts at the epoch, unless the start date is later. */
  #latestStart(now: number, earliest: number | null): number {
    const start = subtractSpan(this.#floor(now), this.#every);
    return earliest === null ? start : Math.max(start, earliest);
  }

  #floor(instant: number): number {
    return instant - (instant % nominalMs(this.#every));
  }

  previousRun(before: number): RunDates {
    const grid = this.#floor(before);
    const end = grid < before ? grid : subtractSpan(grid, this.#every);
    return intervalRun(subtractSpan(end, this.#every), end);
  }

  manualInterval(runAfter: number): DataInterval {
    return { start: subtractSpan(runAfter, this.#every), end: runAfter };
  }

  slots(from: number, to: number): Iterable<RunDates> {
    return runsBetween((last, restriction) => this.nextRun(last, restriction), from, to);
  }

  describe(): string {
    return `Every ${describeSpan(this.#every)}`;
  }
}
