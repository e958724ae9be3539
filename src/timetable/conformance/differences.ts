import { MONTH_FIELD, WEEKDAY_FIELD } from '../cron-field.ts';
import { instantOf } from './forms.ts';
import type { LimitsCase } from './limits.ts';
import type { ParseCase, StepsCase } from './schedules.ts';

/** Where Millrace decides otherwise than Airflow on purpose: a rule on the input of a case, and why. */
export interface Difference {
  readonly kind: string;
  readonly reason: string;
  applies(input: never): boolean;
}

const STALL =
  'A continuous workflow goes on after a first interval without length. Airflow gives the second run the logical date ' +
  'of the first, which may not occur twice: the workflow stalls.';

/** Airflow's scheduler reads a definition again at most this often (core.min_serialized_dag_fetch_interval). */
const FETCH_INTERVAL = 10_000;

/** What a case says of its cron expression or expressions, whatever its kind. */
interface CronInput {
  readonly cron?: string;
  readonly timetable?: { readonly cron?: string; readonly crons?: readonly string[] };
}

function cronsOf({ cron, timetable }: CronInput): string[] {
  return [cron, timetable?.cron, ...(timetable?.crons ?? [])].filter((text) => text !== undefined);
}

const NAMES = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat/gi;
const NUMBER_OF: ReadonlyMap<string, number> = new Map(
  [MONTH_FIELD, WEEKDAY_FIELD].flatMap(({ names, min }) => names.map((name, index) => [name, index + min])),
);

/** Whether a range begins and ends with the same value, however it is written: 5-5, FRI-5, 7-SUN. */
function hasEqualEnds(cron: string): boolean {
  const numbers = cron.replace(NAMES, (name) => String(NUMBER_OF.get(name.toLowerCase())));
  return [...numbers.matchAll(/(?:^|[\s,])(\d+)-(\d+)(?=$|[\s,/#])/g)].some(
    ([, low, high]) => Number(low) === Number(high) || (low === '7' && high === '0'),
  );
}

const EQUAL_ENDS = ['cron-parse', 'cron-align', 'cron-trigger', 'cron-interval', 'multi-cron'].map((kind) => ({
  kind,
  reason: 'A range with equal ends, such as 5-5, is that one value. Airflow reads the whole field: every minute.',
  applies: (input: CronInput) => cronsOf(input).some(hasEqualEnds),
}));

/** A field such as R, R/5 or R(0-30). */
const RANDOM_FIELD = /(?:^|\s)r(?:\(\d+-\d+\))?(?:\/\d+)?(?=$|\s)/i;

const YEARS_OVER = ['cron-interval', 'multi-cron'].map((kind) => ({
  kind,
  reason:
    'A cron expression whose years are over has had its last interval, and others beside it go on. Airflow plans ' +
    'nothing then.',
  applies: (input: CronInput) => cronsOf(input).some((cron) => cron.trim().split(/\s+/).length === 7),
}));

export const DIFFERENCES: readonly Difference[] = [
  ...EQUAL_ENDS,
  ...YEARS_OVER,
  {
    kind: 'cron-parse',
    reason: 'A random time (R) is refused. Airflow draws another one whenever it reads the expression.',
    applies: (input: CronInput) => cronsOf(input).some((cron) => RANDOM_FIELD.test(cron)),
  },
  {
    kind: 'cron-parse',
    reason: 'Presets may be written in any case. Airflow accepts @Daily but not @Quarterly.',
    applies: ({ cron }: ParseCase['input']) => cron !== '@quarterly' && cron.toLowerCase() === '@quarterly',
  },
  {
    kind: 'next-run-limits',
    reason:
      'A changed definition counts at once. Airflow plans with the one it has cached if another came within seconds ' +
      'and no run was created in between.',
    applies: ({ actions }: LimitsCase['input']) => {
      const parses = actions.filter((action) => action.do === 'parse');
      return parses.some(({ now, dag }, index) => {
        const before = parses[index - 1];
        if (!before || instantOf(now) - instantOf(before.now) >= FETCH_INTERVAL) return false;
        return (dag.catchup && !before.dag.catchup) || (dag.end_date !== null && before.dag.end_date === null);
      });
    },
  },
  {
    kind: 'next-run-limits',
    reason:
      'When a run of a paused workflow ends, there is room for another. Airflow takes the workflow to be at its limit ' +
      'until its file is parsed again.',
    applies: ({ actions }: LimitsCase['input']) => {
      let paused = false;
      return actions.some((action, index) => {
        if (action.do === 'parse' && index === 0) paused = action.dag.paused_upon_creation;
        if (action.do === 'pause' || action.do === 'unpause') paused = action.do === 'pause';
        return paused && action.do === 'finish';
      });
    },
  },
  {
    kind: 'simple',
    reason: STALL,
    applies: ({ timetable, last_run, start_date, events }: StepsCase['input']) => {
      if (timetable.type !== 'continuous' || last_run) return false;
      // Without a start date the first interval begins and ends when it is planned.
      if (start_date === null) return true;
      const start = instantOf(start_date);
      const created = events.findIndex((event) => event.schedule && instantOf(event.now) >= start);
      const planned = events.slice(0, created + 1).findLast((event) => event.parse);
      return planned !== undefined && instantOf(planned.now) <= start;
    },
  },
  {
    kind: 'next-run-limits',
    reason: STALL,
    applies: ({ actions }: LimitsCase['input']) => {
      const first = actions[0];
      return first?.do === 'parse' && first.dag.timetable.type === 'continuous' && first.dag.start_date === null;
    },
  },
];
