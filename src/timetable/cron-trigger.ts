import { describeCron } from './cron-text.ts';
import { MINUTE, type Span, subtractSpan } from './span.ts';
import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';
import { nextTrigger, runsBetween, triggeredRun } from './trigger-run.ts';
import type { ZonedCron } from './zoned-cron.ts';

/** What the first run of a workflow without start date does: see `firstTick`. */
export type RunImmediately = boolean | number | undefined;

/** Runs at each tick of one or more cron expressions (Airflow's CronTriggerTimetable and MultipleCronTriggerTimetable). */
export class CronTriggerTimetable implements Timetable {
  readonly periodic = true;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = true;
  readonly #crons: readonly ZonedCron[];
  readonly #interval: Span;
  readonly #runImmediately: RunImmediately;

  constructor(crons: readonly ZonedCron[], interval: Span, runImmediately: RunImmediately) {
    this.#crons = crons;
    this.#interval = interval;
    this.#runImmediately = runImmediately;
  }

  nextRun(last: DataInterval | null, restriction: RunRestriction): RunDates | null {
    let best: RunDates | null = null;
    for (const cron of this.#crons) {
      const tick = nextTrigger(cron, (now) => firstTick(cron, now, this.#runImmediately), last, restriction);
      if (tick === null) continue;
      const run = triggeredRun(tick, this.#interval);
      if (best === null || this.#precedes(run, best, restriction)) best = run;
    }
    return best;
  }

  /** With catch-up the earlier run goes first. Without, the latest one that is due does, else the earliest to come. */
  #precedes(run: RunDates, other: RunDates, { catchup, now }: RunRestriction): boolean {
    if (catchup) return run.logicalDate < other.logicalDate;
    const rank = (date: number) => (date <= now ? -date : date);
    return rank(run.logicalDate) < rank(other.logicalDate);
  }

  previousRun(before: number): RunDates | null {
    let latest: number | null = null;
    for (const cron of this.#crons) {
      const tick = cron.lastBefore(before);
      if (tick !== null && (latest === null || tick > latest)) latest = tick;
    }
    return latest === null ? null : triggeredRun(latest, this.#interval);
  }

  manualInterval(runAfter: number): DataInterval {
    return { start: subtractSpan(runAfter, this.#interval), end: runAfter };
  }

  slots(from: number, to: number): Iterable<RunDates> {
    return runsBetween((last, restriction) => this.nextRun(last, restriction), from, to);
  }

  describe(): string {
    return this.#crons.map((cron) => describeCron(cron)).join('; ');
  }
}

/**
 * The tick at which a workflow without start date begins: the one before `now` if `runImmediately` is true or if that
 * tick is no longer ago than the given milliseconds; else the next one. False and undefined allow a tenth of the gap
 * between the two ticks, but at least five minutes (Airflow's code treats both alike).
 */
function firstTick(cron: ZonedCron, now: number, runImmediately: RunImmediately): number | null {
  const past = cron.alignPrevious(now);
  const next = cron.alignNext(now);
  if (past === null || next === null) return next;
  if (runImmediately === true) return past;
  const buffer = typeof runImmediately === 'number' ? runImmediately : Math.max((next - past) / 10, 5 * MINUTE);
  return now - past <= buffer ? past : next;
}
