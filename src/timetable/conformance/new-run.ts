import type { RunType } from '../../model/states.ts';
import { manualRun } from '../manual-run.ts';
import { runIdOf } from '../run-id.ts';
import { timetableFor } from '../timetable-for.ts';
import {
  instantForm,
  instantOf,
  optionalForm,
  optionalInstant,
  type RunForm,
  specOf,
  type TimetableForm,
} from './forms.ts';
import { type Case, type Verdict, verdict } from './verdict.ts';

export type RunIdCase = Case<
  {
    readonly timetable: TimetableForm;
    readonly source: RunType;
    readonly now: string;
    readonly request: {
      readonly logical_date: string | null;
      readonly run_after?: string;
      readonly data_interval_start?: string;
      readonly data_interval_end?: string;
      readonly dag_run_id?: string;
    } | null;
    readonly run_after: string | null;
    readonly logical_date: string | null;
    readonly partition_key: string | null;
  },
  RunForm & { readonly run_id: string }
>;

/** Id and dates of a new run. */
export function checkRunId({ input, expected }: RunIdCase): Verdict {
  const { request } = input;
  const random = '<random>';
  const partition = input.timetable.type === 'cron_partition' ? { key: input.partition_key } : undefined;
  if (!request) {
    const runAfter = instantOf(input.run_after ?? input.now);
    const run_id = runIdOf({ type: input.source, runAfter, partition, random });
    // Dates of such runs come from the timetable; the kinds of schedules check them.
    return verdict(
      { run_id, run_after: instantForm(runAfter) },
      { run_id: expected.run_id, run_after: expected.run_after },
    );
  }
  const timetable = timetableFor(specOf(input.timetable) ?? { kind: 'none' });
  const { data_interval_start: start, data_interval_end: end } = request;
  const dates = manualRun(
    timetable,
    {
      logicalDate: optionalInstant(request.logical_date),
      runAfter: optionalInstant(request.run_after),
      interval: start && end ? { start: instantOf(start), end: instantOf(end) } : null,
    },
    instantOf(input.now),
  );
  const got = {
    run_id: request.dag_run_id ?? runIdOf({ type: 'manual', runAfter: dates.runAfter, partition, random }),
    logical_date: optionalForm(dates.logicalDate),
    data_interval_start: optionalForm(dates.interval?.start ?? null),
    data_interval_end: optionalForm(dates.interval?.end ?? null),
    run_after: instantForm(dates.runAfter),
  };
  return verdict(got, expected);
}
