import type { WorkflowSpec } from '../model/spec.ts';
import type { DataInterval, RunDates } from '../timetable/timetable.ts';
import { timetableFor } from '../timetable/timetable-for.ts';

/** A schedule in a few words. */
export function scheduleText({ schedule }: Pick<WorkflowSpec, 'schedule'>): string {
  return schedule.kind === 'none' ? 'none' : timetableFor(schedule).describe();
}

/** The next runs that the schedule would make after the last one, as if none of them were held up. */
export function nextRuns(
  spec: Pick<WorkflowSpec, 'schedule' | 'startDate' | 'endDate' | 'catchup'>,
  { last, now, count }: { readonly last: DataInterval | null; readonly now: number; readonly count: number },
): RunDates[] {
  const timetable = timetableFor(spec.schedule);
  const runs: RunDates[] = [];
  let after = last;
  let at = now;
  while (timetable.canBeScheduled && runs.length < count) {
    const next = timetable.nextRun(after, {
      earliest: spec.startDate,
      latest: spec.endDate,
      catchup: spec.catchup,
      now: at,
    });
    if (!next || next.runAfter === runs.at(-1)?.runAfter) break;
    runs.push(next);
    after = next.interval;
    at = Math.max(now, next.runAfter);
  }
  return runs;
}
