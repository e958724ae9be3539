import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';

/** A run at each of some given dates (EventsTimetable). */
export class EventsTimetable implements Timetable {
  readonly periodic = true;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = true;
  readonly #dates: readonly number[];
  readonly #restrictToEvents: boolean;
  readonly #description: string | undefined;

  constructor(dates: readonly number[], restrictToEvents: boolean, description?: string) {
    this.#dates = [...new Set(dates)].sort((a, b) => a - b);
    this.#restrictToEvents = restrictToEvents;
    this.#description = description;
  }

  nextRun(last: DataInterval | null, { earliest, latest, catchup, now }: RunRestriction): RunDates | null {
    const from = catchup ? (earliest ?? Number.NEGATIVE_INFINITY) : Math.max(now, earliest ?? now);
    const date = this.#dates.find((event) => event >= from && (last === null || event > last.end));
    if (date === undefined || (latest !== null && date > latest)) return null;
    return exactRun(date);
  }

  previousRun(before: number): RunDates | null {
    const date = this.#dates.findLast((event) => event < before);
    return date === undefined ? null : exactRun(date);
  }

  /** The instant itself or, if only events may run, the last event until then, or the very first. */
  manualInterval(runAfter: number): DataInterval {
    const first = this.#dates[0];
    if (!this.#restrictToEvents || first === undefined) return { start: runAfter, end: runAfter };
    const date = this.#dates.findLast((event) => event <= runAfter) ?? first;
    return { start: date, end: date };
  }

  *slots(from: number, to: number): Iterable<RunDates> {
    for (const date of this.#dates) if (date >= from && date <= to) yield exactRun(date);
  }

  describe(): string {
    return this.#description ?? `${this.#dates.length} ${this.#dates.length === 1 ? 'event' : 'events'}`;
  }
}

/** A run without duration: its interval starts and ends at one instant. */
export function exactRun(instant: number): RunDates {
  return { logicalDate: instant, interval: { start: instant, end: instant }, runAfter: instant };
}
