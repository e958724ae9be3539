import { MillraceError } from '../model/errors.ts';
import type { ScheduleSpec } from './schedule.ts';
import { timetableFor } from './timetable-for.ts';

export interface ScheduleSettings {
  readonly catchup: boolean;
  /** Milliseconds since the epoch, or null: none. */
  readonly startDate: number | null;
  readonly maxActiveRuns: number;
}

/** Throws `invalid_option` when a workflow's settings do not go with its schedule. */
export function checkScheduleSettings(schedule: ScheduleSpec, settings: ScheduleSettings): void {
  const { activeRunsLimit: limit, canBeScheduled } = timetableFor(schedule);
  if (limit !== null && settings.maxActiveRuns > limit) {
    throw new MillraceError(
      'invalid_option',
      `The schedule allows ${limit} active run, but maxActiveRuns is ${settings.maxActiveRuns}`,
      {
        fix: `Set maxActiveRuns to ${limit}.`,
      },
    );
  }
  if (settings.catchup && canBeScheduled && settings.startDate === null) {
    throw new MillraceError('invalid_option', 'catchup needs a start date to catch up from', {
      fix: 'Set startDate, or leave catchup out.',
    });
  }
}
