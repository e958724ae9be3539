import { MillraceError } from '../model/errors.ts';
import type { RunType } from '../model/states.ts';
import {
  type DurationForm,
  type IntervalForm,
  instantForm,
  instantOf,
  intervalOf,
  optionalForm,
  optionalInstant,
  pairForm,
  type RunForm,
  runForm,
  spanOf,
  specOf,
  type TimetableForm,
} from './conformance-forms.ts';
import { CronExpression } from './cron-expression.ts';
import { manualRun } from './manual-run.ts';
import { runIdOf } from './run-id.ts';
import type { RunDates } from './timetable.ts';
import { timetableFor } from './timetable-for.ts';
import { ZonedCron } from './zoned-cron.ts';

/** Whether the timetables come to what a case expects; if not, what they come to instead. */
export type Verdict = { readonly agree: true } | { readonly agree: false; readonly got: unknown };

export interface Case<Input, Expected> {
  readonly id: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** Kinds cron-trigger, cron-interval, delta, multi-cron, events and simple. */
export type StepsCase = Case<
  {
    readonly timetable: TimetableForm;
    readonly start_date: string | null;
    readonly end_date: string | null;
    readonly catchup: boolean;
    readonly last_run: IntervalForm | null;
    readonly events: readonly { readonly now: string; readonly parse: boolean; readonly schedule: boolean }[];
    readonly max_runs: number;
    readonly one_run_per_event?: boolean;
    readonly manual_run_after?: readonly string[];
  },
  { readonly steps: readonly { readonly created: readonly RunForm[]; readonly next: RunForm | null }[] }
>;

export type AlignCase = Case<
  { readonly cron: string; readonly timezone: string; readonly interval: DurationForm; readonly at: readonly string[] },
  { readonly rows: readonly unknown[] }
>;

export type ParseCase = Case<{ readonly cron: string; readonly at: string }, { readonly valid: boolean }>;

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

/** The runs that one schedule creates as it is parsed and scheduled at given times. */
export function checkSteps({ input, expected }: StepsCase): Verdict {
  const spec = specOf(input.timetable);
  if (!spec) return { agree: false, got: `no timetable ${input.timetable.type}` };
  const timetable = timetableFor(spec);
  const bounds = {
    earliest: optionalInstant(input.start_date),
    latest: optionalInstant(input.end_date),
    catchup: input.catchup,
  };
  let last = intervalOf(input.last_run);
  let next: RunDates | null = null;
  let total = 0;
  const steps = input.events.map((event) => {
    const now = instantOf(event.now);
    const created: RunForm[] = [];
    if (event.parse) next = timetable.nextRun(last, { ...bounds, now });
    while (event.schedule && next && next.runAfter <= now && total < input.max_runs) {
      created.push(runForm(next));
      total += 1;
      last = next.interval;
      next = timetable.nextRun(last, { ...bounds, now });
      if (input.one_run_per_event) break;
    }
    return { created, next: next && runForm(next) };
  });
  const manual = input.manual_run_after?.map((runAfter) => pairForm(timetable.manualInterval(instantOf(runAfter))));
  return verdict(manual ? { steps, manual } : { steps }, expected);
}

/** Ticks around given instants, and the data intervals of manual runs there. */
export function checkAlign({ input, expected }: AlignCase): Verdict {
  const cron = new ZonedCron(input.cron, input.timezone);
  const { timezone } = input;
  const interval = timetableFor({ kind: 'cron_interval', expression: input.cron, timezone });
  const trigger = timetableFor({ kind: 'cron', expressions: [input.cron], timezone, interval: spanOf(input.interval) });
  const rows = input.at.map((text) => {
    const at = instantOf(text);
    return {
      at: text,
      next: optionalForm(cron.next(at)),
      prev: optionalForm(cron.previous(at)),
      align_next: optionalForm(cron.alignNext(at)),
      align_prev: optionalForm(cron.alignPrevious(at)),
      manual_interval_cron_interval: pairForm(interval.manualInterval(at)),
      manual_interval_cron_trigger: pairForm(trigger.manualInterval(at)),
    };
  });
  return verdict({ rows }, expected);
}

/** Which cron expressions are accepted, and the ticks around an instant in UTC. */
export function checkParse({ input, expected }: ParseCase): Verdict {
  let cron: CronExpression;
  try {
    cron = new CronExpression(input.cron);
  } catch (error) {
    if (!MillraceError.is(error)) throw error;
    return verdict({ valid: false }, { valid: expected.valid });
  }
  const walk = (step: (at: number) => number | null, count: number) => {
    const ticks: string[] = [];
    let at = step(instantOf(input.at));
    for (; at !== null && ticks.length < count; at = step(at)) ticks.push(instantForm(at));
    return ticks;
  };
  const next = walk((at) => cron.next(at), 5);
  const prev = walk((at) => cron.previous(at), 3);
  return verdict({ valid: true, never: next.length === 0, next, prev }, expected);
}

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

export function verdict(got: unknown, expected: unknown): Verdict {
  return canonical(got) === canonical(expected) ? { agree: true } : { agree: false, got };
}

/** JSON with the keys of objects in order; the order of a list counts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
