import { type DateInput, parseDate } from '../model/date.ts';
import { type Duration, parseDuration } from '../model/duration.ts';
import { MillraceError } from '../model/errors.ts';
import { parseSchedule, type ScheduleInput, type ScheduleSpec } from '../timetable/schedule.ts';
import { zoneOf } from '../timetable/zone.ts';
import { placed } from './id.ts';
import { flag, type Readers, readOptions, text, textList, wholeNumber, withOwner } from './option-reader.ts';
import type { DefaultArgs } from './options.ts';
import type { ParamsInput } from './params.ts';
import { type Owner, type ParsedDefaults, parseDefaultArgs } from './parsed-options.ts';

/** The options of a DAG: Airflow's, in camelCase. */
export interface DagOptions<P = ParamsInput> {
  /** One line about it, shown in lists. */
  readonly description?: string;
  /**
   * When it runs: a cron text, a preset such as '@daily', '@once', '@continuous', or an object with cron, every or
   * events. Default null: only when somebody or something starts it.
   */
  readonly schedule?: ScheduleInput;
  /** Time zone of the schedule where it names none, by its IANA name. Default 'UTC'. */
  readonly timezone?: string;
  /** Nothing is scheduled before it. Without time zone: UTC. Default: none. */
  readonly startDate?: DateInput;
  /** Nothing is scheduled after it. Default: none. */
  readonly endDate?: DateInput;
  /** Whether intervals that were missed get their runs. Default false: only the latest. */
  readonly catchup?: boolean;
  /** The most runs that are active at once. Default 16. */
  readonly maxActiveRuns?: number;
  /** The most task instances that run at once in one run. Default: no limit of its own. */
  readonly maxActiveTasks?: number;
  /** Options of all its tasks, unless a group or the task says otherwise. */
  readonly defaultArgs?: DefaultArgs;
  /** How long a run may take; then it fails and what has not finished is skipped. Default: for ever. */
  readonly runTimeout?: Duration;
  /** A run that is not done this long after it was queued is reported. Default: none. */
  readonly deadline?: Duration;
  readonly tags?: readonly string[];
  /** Markdown, shown in the web page. */
  readonly docs?: string;
  /**
   * What a run can be given: a schema (zod and others, by Standard Schema), a JSON Schema with type 'object', or an
   * object of defaults. The body gets each as a wire.
   */
  readonly params?: P;
  /** The first failure ends the run; every task then needs trigger rule 'all_success'. Default false. */
  readonly failFast?: boolean;
  /** Who answers for it. Default 'millrace'. */
  readonly owner?: string;
  /** Whether it is paused when it is first seen. Default false. */
  readonly pausedUponCreation?: boolean;
}

/** DAG options, checked and in the units of the spec. `params` are read apart. */
export interface ParsedDagOptions {
  readonly description: string | null;
  readonly schedule: ScheduleSpec;
  readonly timezone: string;
  readonly startDate: number | null;
  readonly endDate: number | null;
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  readonly maxActiveTasks: number | null;
  readonly defaultArgs: Partial<ParsedDefaults>;
  readonly runTimeout: number | null;
  readonly deadline: number | null;
  readonly tags: readonly string[];
  readonly docs: string | null;
  readonly failFast: boolean;
  readonly owner: string;
  readonly pausedUponCreation: boolean;
  readonly params: unknown;
}

const UNSET: Omit<ParsedDagOptions, 'schedule'> = {
  description: null,
  timezone: 'UTC',
  startDate: null,
  endDate: null,
  catchup: false,
  maxActiveRuns: 16,
  maxActiveTasks: null,
  defaultArgs: {},
  runTimeout: null,
  deadline: null,
  tags: [],
  docs: null,
  failFast: false,
  owner: 'millrace',
  pausedUponCreation: false,
  params: undefined,
};

const LONGEST_TAG = 100;

type Unscheduled = Omit<ParsedDagOptions, 'schedule'> & { readonly schedule: ScheduleInput };

const readers = (owner: Owner): Readers<Unscheduled, keyof DagOptions> => ({
  description: (value, refuse) => ({ description: text(value, refuse) }),
  schedule: (value) => ({ schedule: value as ScheduleInput }),
  timezone: (value, refuse) => ({ timezone: zoneOf(text(value, refuse)).name }),
  startDate: (value) => ({ startDate: parseDate(value as DateInput) }),
  endDate: (value) => ({ endDate: parseDate(value as DateInput) }),
  catchup: (value, refuse) => ({ catchup: flag(value, refuse) }),
  maxActiveRuns: (value, refuse) => ({ maxActiveRuns: wholeNumber(value, 1, refuse) }),
  maxActiveTasks: (value, refuse) => ({ maxActiveTasks: wholeNumber(value, 1, refuse) }),
  defaultArgs: (value) => ({ defaultArgs: parseDefaultArgs(value, owner) }),
  runTimeout: (value, refuse) => {
    const runTimeout = parseDuration(value as Duration);
    return runTimeout > 0 ? { runTimeout } : refuse('is not above zero', 'Write a length of time above zero.');
  },
  deadline: (value, refuse) => {
    const deadline = parseDuration(value as Duration);
    return deadline > 0 ? { deadline } : refuse('is not above zero', 'Write a length of time above zero.');
  },
  tags: (value, refuse) => {
    const tags = [...new Set(textList(value, refuse))];
    if (tags.every((tag) => tag.length <= LONGEST_TAG)) return { tags };
    return refuse('has a tag that is too long', `Write tags of ${LONGEST_TAG} characters at most.`);
  },
  docs: (value, refuse) => ({ docs: text(value, refuse) }),
  params: (value) => ({ params: value }),
  failFast: (value, refuse) => ({ failFast: flag(value, refuse) }),
  owner: (value, refuse) => ({ owner: text(value, refuse) }),
  pausedUponCreation: (value, refuse) => ({ pausedUponCreation: flag(value, refuse) }),
});

/**
 * Reads a DAG's options. Throws `invalid_option`, `invalid_cron`, `unknown_timezone`, `invalid_date`,
 * `invalid_duration`, `unknown_trigger_rule` or `start_after_end`.
 */
export function parseDagOptions(options: unknown, owner: Owner): ParsedDagOptions {
  const read = { ...UNSET, schedule: null, ...readOptions(options, readers(owner), owner) };
  const { startDate, endDate, timezone } = read;
  if (startDate !== null && endDate !== null && startDate > endDate) {
    throw new MillraceError(
      'start_after_end',
      `${owner.owner} starts at ${new Date(startDate).toISOString()}, after its end at ${new Date(endDate).toISOString()}`,
      { fix: 'Give an endDate that is not before startDate.', ...placed(owner.place) },
    );
  }
  const schedule = withOwner(() => parseSchedule(read.schedule, { timezone }), {
    owner: `${owner.owner}: option 'schedule'`,
    place: owner.place,
  });
  return { ...read, schedule };
}
