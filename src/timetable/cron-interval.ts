import { describeCron } from './cron-text.ts';
import { intervalRun, nextInterval } from './interval-run.ts';
import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';
import { runsBetween } from './trigger-run.ts';
import type { ZonedCron } from './zoned-cron.ts';

/** Data intervals from tick to tick of a cron expression; each run is due at its end (CronDataIntervalTimetable). */
export class CronIntervalTimetable implements Timetable {
  readonly periodic = true;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = true;
  readonly #cron: ZonedCron;

  constructor(cron: ZonedCron) {
    this.#cron = cron;
  }

  nextRun(last: DataInterval | null, restriction: RunRestriction): RunDates | null {
    return nextInterval(this.#cron, (now, earliest) => this.#latestStart(now, earliest), last, restriction);
  }

  /** On a tick the interval that ends now is the latest complete one; between ticks it is the one before the current. */
  #latestStart(now: number, earliest: number | null): number | null {
    const lastTick = this.#cron.previous(now);
    const nextTick = lastTick === null ? null : this.#cron.next(lastTick);
    const start = lastTick === null || nextTick === now ? lastTick : this.#cron.previous(lastTick);
    if (earliest === null) return start;
    const aligned = this.#cron.alignNext(earliest);
    return start === null || aligned === null ? aligned : Math.max(start, aligned);
  }

  previousRun(before: number): RunDates | null {
    const end = this.#cron.lastBefore(before);
    const start = end === null ? null : this.#cron.lastBefore(end);
    return end === null || start === null ? null : intervalRun(start, end);
  }

  /** The last complete interval before the run. */
  manualInterval(runAfter: number): DataInterval {
    const end = this.#cron.alignPrevious(runAfter) ?? runAfter;
    return { start: this.#cron.previous(end) ?? end, end };
  }

  slots(from: number, to: number): Iterable<RunDates> {
    return runsBetween((last, restriction) => this.nextRun(last, restriction), from, to);
  }

  describe(): string {
    return describeCron(this.#cron);
  }
}
