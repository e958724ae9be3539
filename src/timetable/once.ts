import { exactRun } from './events.ts';
import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';

/** One run at the start date, or as soon as possible, whatever catch-up says ('@once'). */
export class OnceTimetable implements Timetable {
  readonly periodic = false;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = true;

  nextRun(last: DataInterval | null, { earliest, latest, now }: RunRestriction): RunDates | null {
    const runAfter = earliest ?? now;
    return last !== null || (latest !== null && runAfter > latest) ? null : exactRun(runAfter);
  }

  previousRun(): null {
    return null;
  }

  manualInterval(runAfter: number): DataInterval {
    return { start: runAfter, end: runAfter };
  }

  slots(): readonly RunDates[] {
    return [];
  }

  describe(): string {
    return 'Once, as soon as possible';
  }
}
