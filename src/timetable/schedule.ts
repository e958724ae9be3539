import { MillraceError } from '../model/errors.ts';
import { type AssetCondition, parseAssetCondition } from './asset-condition.ts';
import { CronExpression } from './cron-expression.ts';
import { isPositive, parseSpan, type Span, type SpanInput } from './span.ts';
import { zoneOf } from './zone.ts';

/** A schedule as stored in a workflow's spec: plain JSON, told apart by `kind`. Times and lengths in milliseconds. */
export type ScheduleSpec = NoneSchedule | TimeSchedule | AssetSchedule;

/** A schedule that creates runs by time. */
export type TimeSchedule =
  | OnceSchedule
  | ContinuousSchedule
  | CronSchedule
  | CronIntervalSchedule
  | DeltaSchedule
  | DeltaIntervalSchedule
  | EventsSchedule;

export interface NoneSchedule {
  readonly kind: 'none';
}

export interface OnceSchedule {
  readonly kind: 'once';
}

export interface ContinuousSchedule {
  readonly kind: 'continuous';
}

/** Runs at the ticks of one or more cron expressions. */
export interface CronSchedule {
  readonly kind: 'cron';
  readonly expressions: readonly string[];
  readonly timezone: string;
  /** Length of the data interval that ends at the tick; default 0. */
  readonly interval?: Span;
  /** Without start date and runs: begin with the tick before now. A number: if it is no longer ago than this. */
  readonly runImmediately?: boolean | number;
}

/** Data intervals from tick to tick of a cron expression. */
export interface CronIntervalSchedule {
  readonly kind: 'cron_interval';
  readonly expression: string;
  readonly timezone: string;
}

/** Runs again after a length of time. */
export interface DeltaSchedule {
  readonly kind: 'delta';
  readonly every: Span;
  /** Length of the data interval that ends at the run; default 0. */
  readonly interval?: Span;
}

/** Data intervals of a length of time. */
export interface DeltaIntervalSchedule {
  readonly kind: 'delta_interval';
  readonly every: Span;
}

export interface EventsSchedule {
  readonly kind: 'events';
  readonly dates: readonly number[];
  /** Manual runs take the date of the latest event instead of their own. */
  readonly restrictToEvents: boolean;
  readonly description?: string;
}

/** Runs when assets were updated and, independently of that, by a time schedule if there is one. */
export interface AssetSchedule {
  readonly kind: 'assets';
  readonly condition: AssetCondition;
  readonly time: TimeSchedule | null;
}

/** What a pipeline's author may write as a schedule. A bare cron text runs at its ticks (Airflow 3's default). */
export type ScheduleInput =
  | null
  | string
  | CronInput
  | DeltaInput
  | EventsInput
  | AssetInput
  | readonly AssetCondition[];

export interface CronInput {
  /** One or more cron expressions, or presets such as '@daily'. */
  readonly cron: string | readonly string[];
  /** Default: the workflow's time zone. */
  readonly timezone?: string;
  /** True: the data intervals reach from tick to tick and runs start at their end. A length: it ends at the tick. */
  readonly dataInterval?: true | SpanInput;
  readonly runImmediately?: boolean | SpanInput;
}

export interface DeltaInput {
  readonly every: SpanInput;
  /** True: the data intervals follow one another and runs start at their end. A length: it ends at the run. */
  readonly dataInterval?: true | SpanInput;
}

export interface EventsInput {
  readonly events: readonly (Date | string | number)[];
  /** Manual runs take the date of the latest event instead of their own. Default false. */
  readonly restrictToEvents?: boolean;
  readonly description?: string;
}

/** A list of conditions as the whole schedule means all of them. */
export interface AssetInput {
  readonly assets: AssetCondition | readonly AssetCondition[];
  /** A time schedule beside the assets. */
  readonly orAt?: ScheduleInput;
}

export interface ScheduleDefaults {
  /** Time zone of schedules that name none. Default 'UTC'. */
  readonly timezone?: string;
  /**
   * True: cron texts and lengths of time that do not say otherwise have data intervals from tick to tick, as in
   * Airflow 2 (its create_cron_data_intervals). Default false.
   */
  readonly dataIntervals?: boolean;
}

const WRITE_ONE =
  "Write null, '@once', '@continuous', a preset such as '@daily', a cron text, { cron, timezone }, { every }, { events } or a list of assets.";

/** Presets that a spec spells out, so that people see the cron expression itself. */
const SPELLED_OUT: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
};

/**
 * Reads a schedule as written by a pipeline's author. Throws `invalid_cron`, `unknown_timezone`, `invalid_duration`,
 * `invalid_date` or `invalid_option`.
 */
export function parseSchedule(value: ScheduleInput, defaults: ScheduleDefaults = {}): ScheduleSpec {
  if (value === null) return { kind: 'none' };
  if (value === '@once') return { kind: 'once' };
  if (value === '@continuous') return { kind: 'continuous' };
  if (typeof value === 'string') return parseCron({ cron: value }, defaults);
  if (typeof value === 'object') {
    if (isList(value)) return { kind: 'assets', condition: parseAssetCondition(value), time: null };
    const given = ['cron', 'every', 'events', 'assets'].filter((name) => name in value);
    if (given.length > 1) throw invalidSchedule(`A schedule has either ${given.join(' or ')}, not both`);
    if ('cron' in value) return parseCron(value, defaults);
    if ('every' in value) return parseDelta(value, defaults);
    if ('events' in value) return parseEvents(value);
    if ('assets' in value) return parseAssets(value, defaults);
  }
  throw invalidSchedule(`${JSON.stringify(value) ?? typeof value} is not a schedule`);
}

function isList(value: ScheduleInput): value is readonly AssetCondition[] {
  return Array.isArray(value);
}

function parseAssets(input: AssetInput, defaults: ScheduleDefaults): ScheduleSpec {
  refuseOthers(input, ['assets', 'orAt']);
  const time = parseSchedule(input.orAt ?? null, defaults);
  if (time.kind === 'assets') throw invalidSchedule('orAt must be a schedule by time, not by assets');
  return { kind: 'assets', condition: parseAssetCondition(input.assets), time: time.kind === 'none' ? null : time };
}

function parseCron(input: CronInput, defaults: ScheduleDefaults): ScheduleSpec {
  refuseOthers(input, ['cron', 'timezone', 'dataInterval', 'runImmediately']);
  const { cron, runImmediately } = input;
  const written = typeof cron === 'string' ? [cron] : cron;
  if (!Array.isArray(written) || written.length === 0 || written.some((text) => typeof text !== 'string')) {
    throw invalidSchedule('cron must be a cron text or a list of at least one');
  }
  const expressions = written.map((text: string) => new CronExpression(SPELLED_OUT[text] ?? text).text);
  const timezone = zoneOf(input.timezone ?? defaults.timezone ?? 'UTC').name;
  const byDefault =
    defaults.dataIntervals && expressions.length === 1 && runImmediately === undefined ? true : undefined;
  const dataInterval = input.dataInterval ?? byDefault;
  if (dataInterval === true) {
    if (runImmediately !== undefined) throw invalidSchedule('runImmediately has no meaning beside dataInterval: true');
    if (expressions.length > 1) throw invalidSchedule('dataInterval: true takes one cron expression, not several');
    return { kind: 'cron_interval', expression: expressions[0] as string, timezone };
  }
  return {
    kind: 'cron',
    expressions,
    timezone,
    ...(dataInterval === undefined ? {} : { interval: parseSpan(dataInterval) }),
    ...(runImmediately === undefined ? {} : { runImmediately: parseRunImmediately(runImmediately) }),
  };
}

function parseRunImmediately(value: boolean | SpanInput): boolean | number {
  if (typeof value === 'boolean') return value;
  const span = parseSpan(value);
  if (typeof span !== 'number') throw invalidSchedule('runImmediately cannot be a length in months');
  return span;
}

function parseDelta(input: DeltaInput, defaults: ScheduleDefaults): ScheduleSpec {
  refuseOthers(input, ['every', 'dataInterval']);
  const every = parseSpan(input.every);
  if (!isPositive(every)) {
    throw new MillraceError('invalid_option', `A schedule cannot repeat every ${JSON.stringify(input.every)}`, {
      fix: 'Write a length of time above zero.',
    });
  }
  const dataInterval = input.dataInterval ?? (defaults.dataIntervals ? true : undefined);
  if (dataInterval === true) return { kind: 'delta_interval', every };
  return { kind: 'delta', every, ...(dataInterval === undefined ? {} : { interval: parseSpan(dataInterval) }) };
}

function parseEvents(input: EventsInput): ScheduleSpec {
  refuseOthers(input, ['events', 'restrictToEvents', 'description']);
  const { events, description } = input;
  if (!Array.isArray(events)) throw invalidSchedule('events must be a list of dates');
  const dates = events.map((event: Date | string | number) => parseDate(event)).sort((a, b) => a - b);
  const restrictToEvents = input.restrictToEvents ?? false;
  return { kind: 'events', dates, restrictToEvents, ...(description === undefined ? {} : { description }) };
}

function parseDate(value: Date | string | number): number {
  const hasZone = typeof value !== 'string' || /^\d{4}-\d\d-\d\d$|(?:Z|[+-]\d\d:?\d\d)$/.test(value);
  const instant = hasZone ? new Date(value).getTime() : Number.NaN;
  if (Number.isFinite(instant)) return instant;
  throw new MillraceError('invalid_date', `${JSON.stringify(value) ?? String(value)} is not a date`, {
    fix: "Write a Date or an ISO 8601 text with its zone, such as '2026-01-31T06:00:00Z'.",
  });
}

function refuseOthers(value: object, allowed: readonly string[]): void {
  const other = Object.keys(value).find((name) => !allowed.includes(name));
  if (other) throw invalidSchedule(`A schedule with ${allowed[0]} has no option ${JSON.stringify(other)}`, allowed);
}

function invalidSchedule(message: string, allowed?: readonly string[]): MillraceError {
  const fix = allowed ? `The options are ${allowed.join(', ')}.` : WRITE_ONE;
  return new MillraceError('invalid_option', message, { fix });
}
