import { MillraceError } from '../../model/errors.ts';
import type { AssetCondition } from '../asset-condition.ts';
import { type CronInput, parseSchedule, type ScheduleInput, type ScheduleSpec } from '../schedule.ts';
import { checkScheduleSettings } from '../schedule-rules.ts';
import { timetableFor } from '../timetable-for.ts';
import { zoneOf } from '../zone.ts';
import { type DurationForm, optionalForm, spanOf, specOf, type TimetableForm } from './forms.ts';
import { type Case, type Verdict, verdict } from './verdict.ts';

type ConditionForm = { readonly string: string } | AssetCondition;

interface ScheduleForm {
  readonly string?: string;
  readonly duration?: NonNullable<DurationForm>;
  readonly asset_list?: readonly ConditionForm[];
  readonly asset_expression?: AssetCondition;
  readonly asset_or_time?: { readonly timetable: TimetableForm; readonly assets: AssetCondition };
}

export type MappingCase = Case<
  {
    readonly schedule: ScheduleForm;
    readonly create_cron_data_intervals: boolean;
    readonly start_date: { readonly local: string; readonly timezone: string } | null;
    readonly catchup: boolean;
    readonly max_active_runs: number | null;
  },
  {
    readonly valid: boolean;
    readonly timetable?: MappedForm;
    readonly periodic?: boolean;
    readonly can_be_scheduled?: boolean;
    readonly active_runs_limit?: number | null;
    readonly start_date?: string | null;
    readonly max_active_runs?: number;
  }
>;

type MappedForm = Omit<TimetableForm, 'timezone'> & {
  readonly timezone?: string | number;
  readonly condition?: AssetCondition;
  readonly timetable?: TimetableForm;
};

/** Airflow's max_active_runs_per_dag. */
const DEFAULT_ACTIVE_RUNS = 16;

/** What a schedule value with a workflow's settings comes to. */
export function checkMapping({ input, expected }: MappingCase): Verdict {
  const start = input.start_date;
  const timezone = start?.timezone ?? 'UTC';
  const startDate = start && zoneOf(timezone).toInstant(Date.parse(`${start.local}Z`));
  const maxActiveRuns = input.max_active_runs ?? DEFAULT_ACTIVE_RUNS;
  let spec: ScheduleSpec;
  try {
    spec = parseSchedule(writtenSchedule(input.schedule), {
      timezone,
      dataIntervals: input.create_cron_data_intervals,
    });
    checkScheduleSettings(spec, { catchup: input.catchup, startDate, maxActiveRuns });
  } catch (error) {
    if (!MillraceError.is(error)) throw error;
    return verdict({ valid: false }, { valid: expected.valid });
  }
  const timetable = timetableFor(spec);
  const got = {
    valid: true,
    timetable: normalised(spec),
    periodic: timetable.periodic,
    can_be_scheduled: timetable.canBeScheduled,
    active_runs_limit: timetable.activeRunsLimit,
    start_date: optionalForm(startDate),
    max_active_runs: maxActiveRuns,
  };
  const { valid, periodic, can_be_scheduled, active_runs_limit, start_date, max_active_runs } = expected;
  const rest = { valid, periodic, can_be_scheduled, active_runs_limit, start_date, max_active_runs };
  return verdict(got, { ...rest, timetable: expected.timetable && normalised(expectedSpec(expected.timetable)) });
}

/** The schedule as an author writes it. */
function writtenSchedule(form: ScheduleForm): ScheduleInput {
  if (form.string !== undefined) return form.string;
  if (form.duration) return { every: 'seconds' in form.duration ? form.duration.seconds : form.duration.relative };
  if (form.asset_list) return form.asset_list as readonly AssetCondition[];
  if (form.asset_expression) return { assets: form.asset_expression };
  if (form.asset_or_time) return { assets: form.asset_or_time.assets, orAt: writtenTime(form.asset_or_time.timetable) };
  return null;
}

function writtenTime(form: TimetableForm): ScheduleInput {
  if (form.delta && 'seconds' in form.delta) return { every: form.delta.seconds, dataInterval: 0 };
  const cron: CronInput = { cron: form.cron ?? '', dataInterval: 0, runImmediately: form.run_immediately === true };
  return form.timezone === undefined ? cron : { ...cron, timezone: form.timezone };
}

function expectedSpec(form: MappedForm): ScheduleSpec | null {
  if (form.condition) {
    const time = form.timetable ? expectedSpec(form.timetable) : null;
    return {
      kind: 'assets',
      condition: form.condition,
      time: time?.kind === 'none' || time?.kind === 'assets' ? null : time,
    };
  }
  const { timezone, ...rest } = form;
  if (timezone === undefined) return specOf(rest);
  return specOf({ ...rest, timezone: typeof timezone === 'number' ? offsetName(timezone) : timezone });
}

function offsetName(seconds: number): string {
  const minutes = Math.abs(seconds) / 60;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${seconds < 0 ? '-' : '+'}${hour}:${minute}`;
}

/** Absent and default settings are the same; Airflow has no difference between false and absent here. */
function normalised(spec: ScheduleSpec | null): unknown {
  if (spec?.kind === 'cron')
    return { ...spec, interval: spec.interval ?? 0, runImmediately: spec.runImmediately ?? false };
  if (spec?.kind === 'delta') return { ...spec, interval: spec.interval ?? spanOf(null) };
  if (spec?.kind === 'assets') return { ...spec, time: normalised(spec.time) };
  return spec;
}
