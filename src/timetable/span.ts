import { MillraceError } from '../model/errors.ts';

/**
 * A length of time as stored in a spec: milliseconds, or a calendar length. A calendar length is applied to the UTC
 * date: first the months, with the day clamped to the length of the month, then the milliseconds.
 */
export type Span = number | CalendarSpan;

export interface CalendarSpan {
  readonly months: number;
  readonly ms: number;
}

/** What a user may write for a length of time in a schedule. A number is seconds. */
export type SpanInput = number | string | SpanParts;

export interface SpanParts {
  readonly years?: number;
  readonly months?: number;
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const MS_OF_PART = {
  weeks: 7 * DAY,
  days: DAY,
  hours: HOUR,
  minutes: MINUTE,
  seconds: SECOND,
  milliseconds: 1,
} as const;

const UNIT_NAMES: Readonly<Record<string, keyof SpanParts>> = {
  ms: 'milliseconds',
  s: 'seconds',
  sec: 'seconds',
  m: 'minutes',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  w: 'weeks',
  mo: 'months',
  y: 'years',
};

const ISO_PATTERN =
  /^P(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads a length of time: seconds as a number, '5m', '1h30m', ISO 8601 ('PT5M', 'P1M'), or an object of parts. Months
 * and years give a calendar span. Throws `invalid_duration`. It may be zero or negative: the caller decides.
 */
export function parseSpan(value: SpanInput): Span {
  if (typeof value === 'number') return spanOf({ seconds: value }, value);
  if (typeof value === 'string') return spanOf(partsOf(value), value);
  if (typeof value === 'object' && value !== null) return spanOf(value, value);
  throw invalidDuration(value);
}

function partsOf(text: string): SpanParts {
  const trimmed = text.trim();
  const iso = ISO_PATTERN.exec(trimmed);
  const parts: Record<string, number> = {};
  if (iso?.groups && /\d/.test(trimmed) && !trimmed.endsWith('T')) {
    for (const [name, digits] of Object.entries(iso.groups)) if (digits !== undefined) parts[name] = Number(digits);
    return parts;
  }
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/.test(trimmed)) throw invalidDuration(text);
  for (const [, digits, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const name = UNIT_NAMES[unit ?? ''];
    if (!name || parts[name] !== undefined) throw invalidDuration(text);
    parts[name] = Number(digits);
  }
  return parts;
}

function spanOf(parts: SpanParts, written: unknown): Span {
  let months = 0;
  let ms = 0;
  const names = Object.keys(parts);
  if (names.length === 0) throw invalidDuration(written);
  for (const [name, amount] of Object.entries(parts) as [string, unknown][]) {
    if (typeof amount !== 'number' || !Number.isFinite(amount)) throw invalidDuration(written);
    if (name === 'months' || name === 'years') {
      if (!Number.isInteger(amount)) throw invalidDuration(written);
      months += name === 'years' ? amount * 12 : amount;
    } else if (name in MS_OF_PART) {
      ms += amount * MS_OF_PART[name as keyof typeof MS_OF_PART];
    } else throw invalidDuration(written);
  }
  return months === 0 ? ms : { months, ms };
}

function invalidDuration(value: unknown): MillraceError {
  return new MillraceError('invalid_duration', `${JSON.stringify(value)} is not a length of time`, {
    fix: "Write a number of seconds, a text such as '5m', '1h30m' or 'PT5M', or an object such as { minutes: 5 }.",
  });
}

/** The instant one span after `instant`. */
export function addSpan(instant: number, span: Span): number {
  return typeof span === 'number' ? instant + span : addMonths(instant, span.months) + span.ms;
}

/** The instant one span before `instant`; with months this is not always the inverse of `addSpan`. */
export function subtractSpan(instant: number, span: Span): number {
  return typeof span === 'number' ? instant - span : addMonths(instant, -span.months) - span.ms;
}

function addMonths(instant: number, months: number): number {
  const timeOfDay = ((instant % DAY) + DAY) % DAY;
  const date = new Date(instant - timeOfDay);
  const firstOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const year = firstOfMonth.getUTCFullYear();
  const month = firstOfMonth.getUTCMonth();
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + timeOfDay;
}

/** The span as a fixed length: a month counts 30 days and a year 365. For rounding to a grid only. */
export function nominalMs(span: Span): number {
  if (typeof span === 'number') return span;
  const years = Math.trunc(span.months / 12);
  return years * 365 * DAY + (span.months - years * 12) * 30 * DAY + span.ms;
}

/** True when adding the span moves an instant forward. */
export function isPositive(span: Span): boolean {
  return nominalMs(span) > 0;
}

/** A short text such as '1 h 30 min' or '1 month'. */
export function describeSpan(span: Span): string {
  const words: string[] = [];
  let ms = span as number;
  if (typeof span !== 'number') {
    const years = Math.trunc(span.months / 12);
    const months = span.months - years * 12;
    if (years) words.push(`${years} ${Math.abs(years) === 1 ? 'year' : 'years'}`);
    if (months) words.push(`${months} ${Math.abs(months) === 1 ? 'month' : 'months'}`);
    ms = span.ms;
  }
  const sign = ms < 0 ? '-' : '';
  let rest = Math.abs(ms);
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['min', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ] as const) {
    const amount = Math.floor(rest / size);
    if (amount > 0) words.push(`${sign}${amount} ${unit}`);
    rest -= amount * size;
  }
  return words.length > 0 ? words.join(' ') : '0 s';
}
