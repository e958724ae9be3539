import { MillraceError } from '../model/errors.ts';

/** One of the fields of a cron expression, in the order in which they are written. */
export interface CronFieldKind {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names that stand for numbers: JAN, MON. */
  readonly names: readonly string[];
}

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const MINUTE_FIELD: CronFieldKind = { name: 'minute', min: 0, max: 59, names: [] };
export const HOUR_FIELD: CronFieldKind = { name: 'hour', min: 0, max: 23, names: [] };
export const DAY_FIELD: CronFieldKind = { name: 'day of month', min: 1, max: 31, names: [] };
export const MONTH_FIELD: CronFieldKind = { name: 'month', min: 1, max: 12, names: MONTH_NAMES };
export const WEEKDAY_FIELD: CronFieldKind = { name: 'day of week', min: 0, max: 6, names: WEEKDAY_NAMES };
export const SECOND_FIELD: CronFieldKind = { name: 'second', min: 0, max: 59, names: [] };
export const YEAR_FIELD: CronFieldKind = { name: 'year', min: 1970, max: 2099, names: [] };

/** The nth weekday of a month (nth 1 to 5), or the last one. */
export interface NthWeekday {
  readonly weekday: number;
  readonly nth: number | 'last';
}

/** What a field allows. */
export interface CronField {
  /** Allowed numbers, ascending. */
  readonly values: readonly number[];
  /** True when the field has a star (or a question mark) among its elements. */
  readonly star: boolean;
  /** True when it names as many different things as there are values: all of them, or a star or L in the place of one. */
  readonly complete: boolean;
  /** Day of month only: the last day of the month is allowed too. */
  readonly lastDay: boolean;
  /** Day of month only: the weekday nearest to this day. */
  readonly nearestWeekday: number | null;
  /** Day of week only: such weekdays instead of every one. */
  readonly nthWeekdays: readonly NthWeekday[];
}

/** Reads one field, in lower case. Throws `invalid_cron` with the field's name and range. */
export function parseField(text: string, kind: CronFieldKind): CronField {
  const isDay = kind === DAY_FIELD;
  const isWeekday = kind === WEEKDAY_FIELD;
  if (text === '?' && (isDay || isWeekday)) return fieldOf(everyValue(kind), { star: true });
  const nearest = isDay ? /^(?:(\d+)w|w(\d+))$/.exec(text) : null;
  if (nearest) return fieldOf([], { nearestWeekday: numberOf(nearest[1] ?? nearest[2] ?? '', text, kind) });

  const values = new Set<number>();
  const nthWeekdays: NthWeekday[] = [];
  let star = false;
  let lastDay = false;
  for (const element of text.split(',')) {
    if (element === '*') star = true;
    else if (isDay && element === 'l') lastDay = true;
    else if (isWeekday && /^l\d+$|#/.test(element)) nthWeekdays.push(...parseNthWeekday(element, kind));
    else for (const value of parseRange(element, kind)) values.add(value);
  }
  const nth = new Set(nthWeekdays.map(({ weekday }) => weekday));
  const named = values.union(nth).size + Number(star) + Number(lastDay);
  const complete = named === everyValue(kind).length;
  // Beside the whole week, and beside itself, a plain weekday adds nothing: the nth weekdays decide.
  if (nth.size > 0 && !complete && values.difference(nth).size > 0) {
    throw invalidField(text, kind, 'mixes plain weekdays with nth weekdays');
  }
  if (star) return fieldOf(everyValue(kind), { star, complete, nthWeekdays });
  return fieldOf(
    [...values].sort((a, b) => a - b),
    { complete, lastDay, nthWeekdays },
  );
}

function fieldOf(values: readonly number[], rest: Partial<CronField>): CronField {
  return { values, star: false, complete: false, lastDay: false, nearestWeekday: null, nthWeekdays: [], ...rest };
}

function everyValue(kind: CronFieldKind): number[] {
  return Array.from({ length: kind.max - kind.min + 1 }, (_, index) => kind.min + index);
}

function parseNthWeekday(element: string, kind: CronFieldKind): NthWeekday[] {
  const last = /^l(\d+)$/.exec(element);
  if (last) return [{ weekday: numberOf(last[1] ?? '', element, kind), nth: 'last' }];
  const match = /^(?:(\d+|[a-z]+)|([a-z]+)-([a-z]+))#0*([1-5])$/.exec(element);
  if (!match) throw invalidField(element, kind, 'is not a weekday with a number from 1 to 5, such as fri#2');
  const nth = Number(match[4]);
  if (match[1] !== undefined) return [{ weekday: numberOf(match[1], element, kind), nth }];
  return parseRange(`${match[2]}-${match[3]}`, kind).map((weekday) => ({ weekday, nth }));
}

/** `*∕n`, `a`, `a-b`, `a∕n` (up to the field's maximum), `a-b∕n`. A range may wrap around, as in `22-2` or `fri-mon`. */
function parseRange(element: string, kind: CronFieldKind): number[] {
  const match = /^(?:(\*)|([^-/*]+)(?:-([^-/*]+))?)(?:\/(\d+))?$/.exec(element);
  if (!match) throw invalidField(element, kind);
  const [, star, from, to, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) throw invalidField(element, kind, 'has a step of 0');
  const low = star ? kind.min : numberOf(from ?? '', element, kind);
  const high = star || (to === undefined && stepText !== undefined) ? kind.max : rangeEnd(to, low, element, kind);
  if (high >= low) return stepped(low, high, step);
  const beforeTurn = stepped(low, kind.max, step);
  return [...beforeTurn, ...stepped(kind.min + skippedAtTurn(beforeTurn.at(-1) ?? low, step, kind), high, step)];
}

function stepped(low: number, high: number, step: number): number[] {
  const values: number[] = [];
  for (let value = low; value <= high; value += step) values.push(value);
  return values;
}

/** As in Airflow, a step that leads beyond the field's maximum lands one later than counting through would. */
function skippedAtTurn(last: number, step: number, { max }: CronFieldKind): number {
  const rest = max - last;
  return rest < step - 1 ? step - rest : 0;
}

function rangeEnd(to: string | undefined, low: number, element: string, kind: CronFieldKind): number {
  if (to === undefined) return low;
  if (kind === DAY_FIELD && to === 'l') return kind.max;
  // Sunday is 0 at the start of a range and 7 at its end, so that 0-7 is the whole week.
  if (kind === WEEKDAY_FIELD && Number(to) === 7 && low === 0) return kind.max;
  // A range that ends below the first value, such as 25-0 among days, turns around and takes nothing more.
  if (/^\d+$/.test(to) && Number(to) < kind.min) return Number(to);
  return numberOf(to, element, kind);
}

function numberOf(text: string, element: string, kind: CronFieldKind): number {
  const named = kind.names.indexOf(text);
  if (named >= 0) return named + kind.min;
  if (!/^\d+$/.test(text)) throw invalidField(element, kind);
  const value = kind === WEEKDAY_FIELD && Number(text) === 7 ? 0 : Number(text);
  if (value < kind.min || value > kind.max) throw invalidField(element, kind, 'is out of range');
  return value;
}

function invalidField(text: string, kind: CronFieldKind, what = 'cannot be read'): MillraceError {
  const names =
    kind.names.length > 0 ? ` or ${kind.names[0]?.toUpperCase()} to ${kind.names.at(-1)?.toUpperCase()}` : '';
  return new MillraceError(
    'invalid_cron',
    `${JSON.stringify(text)} in the ${kind.name} field of a cron expression ${what}`,
    {
      fix: `Use ${kind.min} to ${kind.max}${names}, *, lists (1,2), ranges (1-5) or steps (*/2) in the ${kind.name} field.`,
    },
  );
}
