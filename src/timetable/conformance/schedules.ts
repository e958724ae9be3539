import { MillraceError } from '../../model/errors.ts';
import { CronExpression } from '../cron-expression.ts';
import type { RunDates } from '../timetable.ts';
import { timetableFor } from '../timetable-for.ts';
import { ZonedCron } from '../zoned-cron.ts';
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
} from './forms.ts';
import { type Case, type Verdict, verdict } from './verdict.ts';

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
