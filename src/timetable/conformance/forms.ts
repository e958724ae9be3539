import { isoInstant } from '../run-id.ts';
import type { ScheduleSpec } from '../schedule.ts';
import { parseSpan, type Span, type SpanParts } from '../span.ts';
import type { DataInterval, RunDates } from '../timetable.ts';

/** The forms in which conformance cases write durations, timetables, instants and runs. */
export type DurationForm = null | { readonly seconds: number } | { readonly relative: SpanParts };

export interface TimetableForm {
  readonly type: string;
  readonly cron?: string;
  readonly crons?: readonly string[];
  readonly timezone?: string;
  readonly interval?: DurationForm;
  readonly delta?: DurationForm;
  readonly run_immediately?: boolean | null | { readonly seconds: number };
  readonly event_dates?: readonly string[];
  readonly restrict_to_events?: boolean;
}

export interface RunForm {
  readonly logical_date: string | null;
  readonly data_interval_start: string | null;
  readonly data_interval_end: string | null;
  readonly run_after: string;
}

export interface IntervalForm {
  readonly data_interval_start: string;
  readonly data_interval_end: string;
}

/** Instants of the cases have microseconds, which a fractional millisecond carries exactly enough. */
export function instantOf(text: string): number {
  const match = /^(.*\d\d:\d\d:\d\d)(?:\.(\d{6}))?Z$/.exec(text);
  return match ? Date.parse(`${match[1]}Z`) + Number(match[2] ?? 0) / 1000 : Date.parse(text);
}

export function optionalInstant(text: string | null | undefined): number | null {
  return text == null ? null : instantOf(text);
}

export function instantForm(instant: number): string {
  return isoInstant(instant).replace('+00:00', 'Z');
}

export function optionalForm(instant: number | null): string | null {
  return instant === null ? null : instantForm(instant);
}

export function spanOf(duration: DurationForm | undefined): Span {
  if (duration == null) return 0;
  return 'seconds' in duration ? duration.seconds * 1000 : parseSpan(duration.relative);
}

export function runForm(run: RunDates): RunForm {
  return {
    logical_date: instantForm(run.logicalDate),
    data_interval_start: instantForm(run.interval.start),
    data_interval_end: instantForm(run.interval.end),
    run_after: instantForm(run.runAfter),
  };
}

export function pairForm(interval: DataInterval): [string, string] {
  return [instantForm(interval.start), instantForm(interval.end)];
}

export function intervalOf(form: IntervalForm | null | undefined): DataInterval | null {
  return form ? { start: instantOf(form.data_interval_start), end: instantOf(form.data_interval_end) } : null;
}

/** The spec of a case's timetable; null for kinds that the timetables here do not cover. */
export function specOf(form: TimetableForm): ScheduleSpec | null {
  const { cron = '', timezone = 'UTC' } = form;
  switch (form.type) {
    case 'none':
    case 'once':
    case 'continuous':
      return { kind: form.type };
    case 'cron_trigger':
    case 'multi_cron_trigger': {
      const immediately = form.run_immediately;
      return {
        kind: 'cron',
        expressions: form.crons ?? [cron],
        timezone,
        interval: spanOf(form.interval),
        ...(immediately == null
          ? {}
          : { runImmediately: typeof immediately === 'boolean' ? immediately : immediately.seconds * 1000 }),
      };
    }
    case 'cron_interval':
      return { kind: 'cron_interval', expression: cron, timezone };
    case 'delta_trigger':
      return { kind: 'delta', every: spanOf(form.delta), interval: spanOf(form.interval) };
    case 'delta_interval':
      return { kind: 'delta_interval', every: spanOf(form.delta) };
    case 'events': {
      const dates = (form.event_dates ?? []).map(instantOf);
      return { kind: 'events', dates, restrictToEvents: form.restrict_to_events ?? false };
    }
    default:
      return null;
  }
}
