import { MillraceError } from '../model/errors.ts';
import {
  type CronField,
  DAY_FIELD,
  HOUR_FIELD,
  MINUTE_FIELD,
  MONTH_FIELD,
  type NthWeekday,
  parseField,
  SECOND_FIELD,
  WEEKDAY_FIELD,
  YEAR_FIELD,
} from './cron-field.ts';
import { DAY, HOUR, MINUTE, SECOND } from './span.ts';

const PRESETS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** No expression that matches at all leaves more than this many years between two matches. */
const LONGEST_GAP_YEARS = 50;

/**
 * A cron expression on a clock without time zone. Local times are written as the instant at which a clock in UTC shows
 * them. Fields are minute, hour, day of month, month, day of week, and optionally second and year, as Airflow reads
 * them; day of month and day of week are alternatives when both are restricted.
 */
export class CronExpression {
  readonly text: string;
  /** True when it has a tick in every hour of its days, which decides how it goes through a change of the clock. */
  readonly everyHour: boolean;
  readonly #minutes: readonly number[];
  readonly #hours: readonly number[];
  readonly #seconds: readonly number[];
  readonly #months: readonly boolean[];
  readonly #years: ReadonlySet<number> | null;
  readonly #day: CronField;
  readonly #weekday: CronField;
  readonly #days: readonly boolean[];
  readonly #weekdays: readonly boolean[];
  readonly #rule: DayRule;
  /** A rule that must have a day, too, for there to be any tick. */
  readonly #condition: DayRule | null;
  readonly #unit: number;

  /** Throws `invalid_cron`. */
  constructor(text: string) {
    this.text = text;
    const lower = text.toLowerCase();
    const fields = (PRESETS[lower] ?? lower).split(/[ \t\n\r\f\v]+/).filter((field) => field !== '');
    if (fields.length < 5 || fields.length > 7) throw wrongFieldCount(text, fields.length);
    const [minute = '', hour = '', day = '', month = '', weekday = '', second, year] = fields;
    this.#minutes = parseField(minute, MINUTE_FIELD).values;
    const hours = parseField(hour, HOUR_FIELD);
    this.#hours = hours.values;
    this.#day = parseField(day, DAY_FIELD);
    const months = new Set(parseField(month, MONTH_FIELD).values);
    this.#months = Array.from({ length: 13 }, (_, index) => months.has(index));
    this.#weekday = parseField(weekday, WEEKDAY_FIELD);
    this.#seconds = second === undefined ? [0] : parseField(second, SECOND_FIELD).values;
    const years = year === undefined ? null : parseField(year, YEAR_FIELD);
    this.#years = years && !years.star ? new Set(years.values) : null;
    this.#unit = second === undefined ? MINUTE : SECOND;
    // A star beside other hours is every hour, too, but Airflow does not see that.
    this.everyHour = hour === '*' || hours.complete;
    this.#days = Array.from({ length: 32 }, (_, index) => this.#day.values.includes(index));
    this.#weekdays = Array.from({ length: 7 }, (_, index) => this.#weekday.values.includes(index));
    // A complete list counts as a star only beside a field that is written with a star.
    const anyDay = this.#day.star || (this.#day.complete && weekday.includes('*'));
    const anyWeekday = this.#weekday.star || (this.#weekday.complete && day.includes('*'));
    [this.#rule, this.#condition] = dayRules(this.#day, this.#weekday, { anyDay, anyWeekday });
  }

  /** The first tick after a local time, or null when none follows. */
  next(local: number): number | null {
    if (this.#condition && this.#nextBy(this.#condition, local) === null) return null;
    return this.#nextBy(this.#rule, local);
  }

  /** The last tick before a local time, or null when there is none. */
  previous(local: number): number | null {
    if (this.#condition && this.#previousBy(this.#condition, local) === null) return null;
    return this.#previousBy(this.#rule, local);
  }

  #nextBy(rule: DayRule, local: number): number | null {
    const from = Math.floor(local / this.#unit) * this.#unit + this.#unit;
    const firstDay = Math.floor(from / DAY);
    const onFirstDay = this.#matchingDay(rule, firstDay, 1);
    if (onFirstDay === null) return null;
    if (onFirstDay > firstDay) return onFirstDay * DAY + this.#firstTime();
    const time = this.#timeFrom(from - firstDay * DAY);
    if (time !== null) return firstDay * DAY + time;
    const day = this.#matchingDay(rule, firstDay + 1, 1);
    return day === null ? null : day * DAY + this.#firstTime();
  }

  #previousBy(rule: DayRule, local: number): number | null {
    const until = Math.ceil(local / this.#unit) * this.#unit - this.#unit;
    const lastDay = Math.floor(until / DAY);
    const onLastDay = this.#matchingDay(rule, lastDay, -1);
    if (onLastDay === null) return null;
    if (onLastDay < lastDay) return onLastDay * DAY + this.#lastTime();
    const time = this.#timeUntil(until - lastDay * DAY);
    if (time !== null) return lastDay * DAY + time;
    const day = this.#matchingDay(rule, lastDay - 1, -1);
    return day === null ? null : day * DAY + this.#lastTime();
  }

  #firstTime(): number {
    return timeOf(this.#hours[0], this.#minutes[0], this.#seconds[0]);
  }

  #lastTime(): number {
    return timeOf(this.#hours.at(-1), this.#minutes.at(-1), this.#seconds.at(-1));
  }

  /** The first allowed time of day at or after `time`. */
  #timeFrom(time: number): number | null {
    const atHour = Math.floor(time / HOUR);
    const hour = this.#hours.find((value) => value >= atHour);
    if (hour === undefined) return null;
    if (hour > atHour) return timeOf(hour, this.#minutes[0], this.#seconds[0]);
    const atMinute = Math.floor((time - hour * HOUR) / MINUTE);
    const minute = this.#minutes.find((value) => value >= atMinute);
    if (minute !== undefined) {
      if (minute > atMinute) return timeOf(hour, minute, this.#seconds[0]);
      const atSecond = (time - hour * HOUR - minute * MINUTE) / SECOND;
      const second = this.#seconds.find((value) => value >= atSecond);
      if (second !== undefined) return timeOf(hour, minute, second);
      const later = this.#minutes.find((value) => value > minute);
      if (later !== undefined) return timeOf(hour, later, this.#seconds[0]);
    }
    const laterHour = this.#hours.find((value) => value > hour);
    return laterHour === undefined ? null : timeOf(laterHour, this.#minutes[0], this.#seconds[0]);
  }

  /** The last allowed time of day at or before `time`. */
  #timeUntil(time: number): number | null {
    const atHour = Math.floor(time / HOUR);
    const hour = this.#hours.findLast((value) => value <= atHour);
    if (hour === undefined) return null;
    if (hour < atHour) return timeOf(hour, this.#minutes.at(-1), this.#seconds.at(-1));
    const atMinute = Math.floor((time - hour * HOUR) / MINUTE);
    const minute = this.#minutes.findLast((value) => value <= atMinute);
    if (minute !== undefined) {
      if (minute < atMinute) return timeOf(hour, minute, this.#seconds.at(-1));
      const atSecond = (time - hour * HOUR - minute * MINUTE) / SECOND;
      const second = this.#seconds.findLast((value) => value <= atSecond);
      if (second !== undefined) return timeOf(hour, minute, second);
      const earlier = this.#minutes.findLast((value) => value < minute);
      if (earlier !== undefined) return timeOf(hour, earlier, this.#seconds.at(-1));
    }
    const earlierHour = this.#hours.findLast((value) => value < hour);
    return earlierHour === undefined ? null : timeOf(earlierHour, this.#minutes.at(-1), this.#seconds.at(-1));
  }

  /** The nearest allowed day at or beyond `day` (days since the epoch) in one direction. */
  #matchingDay(rule: DayRule, day: number, direction: 1 | -1): number | null {
    const date = new Date(day * DAY);
    let year = date.getUTCFullYear();
    let month = date.getUTCMonth() + 1;
    let dayOfMonth = date.getUTCDate();
    const lastYear = year + direction * LONGEST_GAP_YEARS;
    for (;;) {
      if ((year - lastYear) * direction > 0) return null;
      if (this.#years && !this.#years.has(year)) {
        year += direction;
        month = direction > 0 ? 1 : 12;
        dayOfMonth = 0;
        continue;
      }
      if (this.#months[month]) {
        const firstOfMonth = Math.floor(Date.UTC(year, month - 1, 1) / DAY);
        const length = daysInMonth(year, month);
        const start = dayOfMonth || (direction > 0 ? 1 : length);
        for (let at = start; at >= 1 && at <= length; at += direction) {
          if (this.#allowsDay(rule, at, length, weekdayOf(firstOfMonth + at - 1))) return firstOfMonth + at - 1;
        }
      }
      month += direction;
      dayOfMonth = 0;
      if (month < 1 || month > 12) {
        year += direction;
        month = direction > 0 ? 1 : 12;
      }
    }
  }

  #allowsDay(rule: DayRule, day: number, monthLength: number, weekday: number): boolean {
    switch (rule) {
      case 'every':
        return true;
      case 'day':
        return this.#allowsDayOfMonth(day, monthLength, weekday);
      case 'weekday':
        return this.#allowsWeekday(day, monthLength, weekday);
      case 'either':
        return this.#allowsDayOfMonth(day, monthLength, weekday) || this.#allowsWeekday(day, monthLength, weekday);
      case 'both':
        return this.#allowsDayOfMonth(day, monthLength, weekday) && this.#allowsWeekday(day, monthLength, weekday);
    }
  }

  #allowsDayOfMonth(day: number, monthLength: number, weekday: number): boolean {
    const nearest = this.#day.nearestWeekday;
    if (nearest !== null) return day === nearestWeekdayTo(nearest, day, monthLength, weekday);
    return this.#days[day] === true || (this.#day.lastDay && day === monthLength);
  }

  #allowsWeekday(day: number, monthLength: number, weekday: number): boolean {
    const nths = this.#weekday.nthWeekdays;
    if (nths.length === 0) return this.#weekdays[weekday] === true;
    return nths.some((wanted) => isNthWeekday(wanted, day, monthLength, weekday));
  }
}

/** Which days an expression allows, by its day of month and its day of week. */
type DayRule = 'every' | 'day' | 'weekday' | 'either' | 'both';

/**
 * The rule for the days, and the rule that must have a day as well. Two restricted fields are alternatives, but not as
 * soon as a W or an nth weekday is among them. As in Airflow the one that is written with W or # then decides alone,
 * provided that some day (in the 50 years that are searched) satisfies both; with W and # it has to satisfy both.
 */
function dayRules(
  { nearestWeekday }: CronField,
  { nthWeekdays }: CronField,
  { anyDay, anyWeekday }: { readonly anyDay: boolean; readonly anyWeekday: boolean },
): [DayRule, DayRule | null] {
  const nearest = nearestWeekday !== null;
  if (nthWeekdays.length > 0) {
    if (nearest) return ['both', null];
    if (anyDay) return ['weekday', null];
    return anyWeekday ? ['both', null] : ['weekday', 'both'];
  }
  if (nearest) return ['day', anyWeekday ? null : 'both'];
  if (anyDay) return [anyWeekday ? 'every' : 'weekday', null];
  return [anyWeekday ? 'day' : 'either', null];
}

function timeOf(hour = 0, minute = 0, second = 0): number {
  return hour * HOUR + minute * MINUTE + second * SECOND;
}

function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isNthWeekday(wanted: NthWeekday, day: number, monthLength: number, weekday: number): boolean {
  if (weekday !== wanted.weekday) return false;
  return wanted.nth === 'last' ? day + 7 > monthLength : Math.ceil(day / 7) === wanted.nth;
}

/** The working day nearest to `wanted` in the month in which `day` falls on `weekday`; it never leaves the month. */
function nearestWeekdayTo(wanted: number, day: number, monthLength: number, weekday: number): number {
  const target = Math.min(wanted, monthLength);
  const on = (((weekday + target - day) % 7) + 7) % 7;
  if (on === 6) return target > 1 ? target - 1 : target + 2;
  if (on === 0) return target < monthLength ? target + 1 : target - 2;
  return target;
}

function wrongFieldCount(text: string, count: number): MillraceError {
  return new MillraceError(
    'invalid_cron',
    `${JSON.stringify(text)} has ${count} fields; a cron expression has 5, 6 or 7`,
    {
      fix: `Write minute, hour, day of month, month and day of week, such as '30 6 * * 1-5', or one of ${Object.keys(PRESETS).join(', ')}.`,
    },
  );
}
