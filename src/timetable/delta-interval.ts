import { deltaTicks } from './delta-trigger.ts';
import { intervalRun, nextInterval } from './interval-run.ts';
import { addSpan, describeSpan, type Span, subtractSpan } from './span.ts';
import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';
import { runsBetween, type Ticks } from './trigger-run.ts';

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

  /** The start of the latest complete interval, but not before the start date. */
  #latestStart(now: number, earliest: number | null): number {
    const start = subtractSpan(this.#lastEnd(now, earliest), this.#every);
    return earliest === null ? start : Math.max(start, earliest);
  }

  /**
   * The last end of an interval until `instant`. Fixed lengths end on a grid that starts at the epoch; lengths in
   * months are counted from the start date or, without one, backwards from the instant itself. As in Airflow.
   */
  #lastEnd(instant: number, anchor: number | null): number {
    const every = this.#every;
    if (typeof every === 'number') return instant - (instant % every);
    let end = anchor ?? instant;
    for (let next = addSpan(end, every); next <= instant && next > end; next = addSpan(end, every)) end = next;
    return end;
  }

  previousRun(before: number): RunDates {
    const grid = this.#lastEnd(before, null);
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
