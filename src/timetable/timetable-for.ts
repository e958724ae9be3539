import { AssetTimetable } from './asset-timetable.ts';
import { ContinuousTimetable } from './continuous.ts';
import { CronIntervalTimetable } from './cron-interval.ts';
import { CronTriggerTimetable } from './cron-trigger.ts';
import { DeltaIntervalTimetable } from './delta-interval.ts';
import { DeltaTriggerTimetable } from './delta-trigger.ts';
import { EventsTimetable } from './events.ts';
import { OnceTimetable } from './once.ts';
import type { ScheduleSpec } from './schedule.ts';
import type { Timetable } from './timetable.ts';
import { UnscheduledTimetable } from './unscheduled.ts';
import { ZonedCron } from './zoned-cron.ts';

/** The timetable of a stored schedule. Building one costs microseconds; keep it as long as the spec. */
export function timetableFor(spec: ScheduleSpec): Timetable {
  switch (spec.kind) {
    case 'none':
      return new UnscheduledTimetable();
    case 'assets':
      return new AssetTimetable(spec.time && timetableFor(spec.time));
    case 'once':
      return new OnceTimetable();
    case 'continuous':
      return new ContinuousTimetable();
    case 'cron': {
      const crons = spec.expressions.map((expression) => new ZonedCron(expression, spec.timezone));
      return new CronTriggerTimetable(crons, spec.interval ?? 0, spec.runImmediately);
    }
    case 'cron_interval':
      return new CronIntervalTimetable(new ZonedCron(spec.expression, spec.timezone));
    case 'delta':
      return new DeltaTriggerTimetable(spec.every, spec.interval ?? 0);
    case 'delta_interval':
      return new DeltaIntervalTimetable(spec.every);
    case 'events':
      return new EventsTimetable(spec.dates, spec.restrictToEvents, spec.description);
  }
}
