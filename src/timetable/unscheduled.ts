import type { DataInterval, RunDates, Timetable } from './timetable.ts';

/** No run by time: manual runs (and those that other events start) only. */
export class UnscheduledTimetable implements Timetable {
  readonly periodic = false;
  readonly activeRunsLimit = null;
  readonly canBeScheduled = false;

  nextRun(): null {
    return null;
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
    return 'Never by itself';
  }
}
