import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';

/** Runs that assets start, which no timetable can foresee, beside those of a time schedule if there is one. */
export class AssetTimetable implements Timetable {
  readonly canBeScheduled = true;
  readonly #time: Timetable | null;

  constructor(time: Timetable | null) {
    this.#time = time;
  }

  get periodic(): boolean {
    return this.#time?.periodic ?? false;
  }

  get activeRunsLimit(): number | null {
    return this.#time?.activeRunsLimit ?? null;
  }

  nextRun(last: DataInterval | null, restriction: RunRestriction): RunDates | null {
    return this.#time?.nextRun(last, restriction) ?? null;
  }

  previousRun(before: number): RunDates | null {
    return this.#time?.previousRun(before) ?? null;
  }

  manualInterval(runAfter: number): DataInterval {
    return this.#time?.manualInterval(runAfter) ?? { start: runAfter, end: runAfter };
  }

  slots(from: number, to: number): Iterable<RunDates> {
    return this.#time?.slots(from, to) ?? [];
  }

  describe(): string {
    return this.#time ? `When assets are updated, or: ${this.#time.describe()}` : 'When assets are updated';
  }
}
