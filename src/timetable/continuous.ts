import type { DataInterval, RunDates, RunRestriction, Timetable } from './timetable.ts';

/** One run after the other without pause, each over the time since the end of the last interval ('@continuous'). */
export class ContinuousTimetable implements Timetable {
  readonly periodic = false;
  readonly activeRunsLimit = 1;
  readonly canBeScheduled = true;

  nextRun(last: DataInterval | null, { earliest, latest, now }: RunRestriction): RunDates | null {
    let start = earliest ?? now;
    let end = Math.max(start, now);
    if (last && last.end > now) {
      end = start + (last.end - last.start);
    } else if (last) {
      // After an interval without length its end would repeat its logical date, which no second run may have.
      start = last.end > last.start ? last.end : last.end + 1;
      end = Math.max(start, now);
    }
    if (latest !== null && end > latest) return null;
    return { logicalDate: start, interval: { start, end }, runAfter: end };
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
    return 'Continuously, one run at a time';
  }
}
