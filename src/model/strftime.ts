import { MillraceError } from './errors.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const DAY_MS = 86_400_000;

const digits = (value: number, length = 2) => String(value).padStart(length, '0');
const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS);
/** Weeks begin on the given day; days before the first of them are in week 0. */
const week = (date: Date, first: 0 | 1) => Math.floor((dayOfYear(date) + 7 - ((date.getUTCDay() + 7 - first) % 7)) / 7);

const WRITERS: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => digits(date.getUTCFullYear(), 4),
  y: (date) => digits(date.getUTCFullYear() % 100),
  m: (date) => digits(date.getUTCMonth() + 1),
  B: (date) => MONTHS[date.getUTCMonth()]!,
  b: (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  d: (date) => digits(date.getUTCDate()),
  j: (date) => digits(dayOfYear(date) + 1, 3),
  A: (date) => DAYS[date.getUTCDay()]!,
  a: (date) => DAYS[date.getUTCDay()]!.slice(0, 3),
  w: (date) => String(date.getUTCDay()),
  u: (date) => String(date.getUTCDay() || 7),
  U: (date) => digits(week(date, 0)),
  W: (date) => digits(week(date, 1)),
  H: (date) => digits(date.getUTCHours()),
  I: (date) => digits(date.getUTCHours() % 12 || 12),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  M: (date) => digits(date.getUTCMinutes()),
  S: (date) => digits(date.getUTCSeconds()),
  f: (date) => digits(date.getUTCMilliseconds() * 1000, 6),
  z: () => '+0000',
  Z: () => 'UTC',
  '%': () => '%',
};

/**
 * A date in Python's directives, in UTC and in English: `%Y-%m-%d`.
 * @throws MillraceError `invalid_argument` for a directive that is not known.
 */
export function strftime(milliseconds: number, format: string): string {
  const date = new Date(milliseconds);
  return format.replaceAll(/%(.?)/gs, (_, directive: string) => {
    const write = WRITERS[directive];
    if (!write) throw unknownDirective(directive, Object.keys(WRITERS));
    return write(date);
  });
}

interface Parts {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  /** From 1; instead of month and day. */
  dayOfYear?: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const named = (names: readonly string[]) => names.join('|');
const indexIn = (names: readonly string[], text: string) =>
  names.findIndex((name) => name.toLowerCase() === text.toLowerCase());
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));

/** The pattern of a directive, and what its text says of the date. */
const READERS: Readonly<Record<string, readonly [pattern: string, read: (parts: Parts, text: string) => void]>> = {
  Y: ['\\d{4}', (parts, text) => Object.assign(parts, { year: Number(text) })],
  y: ['\\d{2}', (parts, text) => Object.assign(parts, { year: Number(text) + (Number(text) < 69 ? 2000 : 1900) })],
  m: ['1[0-2]|0?[1-9]', (parts, text) => Object.assign(parts, { month: Number(text) })],
  B: [named(MONTHS), (parts, text) => Object.assign(parts, { month: indexIn(MONTHS, text) + 1 })],
  b: [named(short(MONTHS)), (parts, text) => Object.assign(parts, { month: indexIn(short(MONTHS), text) + 1 })],
  d: ['3[01]|[12]\\d|0?[1-9]', (parts, text) => Object.assign(parts, { day: Number(text) })],
  j: ['36[0-6]|3[0-5]\\d|[12]\\d\\d|0?\\d?\\d', (parts, text) => Object.assign(parts, { dayOfYear: Number(text) })],
  A: [named(DAYS), () => {}],
  a: [named(short(DAYS)), () => {}],
  H: ['2[0-3]|[01]?\\d', (parts, text) => Object.assign(parts, { hour: Number(text) })],
  M: ['[0-5]?\\d', (parts, text) => Object.assign(parts, { minute: Number(text) })],
  S: ['[0-5]?\\d', (parts, text) => Object.assign(parts, { second: Number(text) })],
  f: ['\\d{1,6}', (parts, text) => Object.assign(parts, { millisecond: Number(text.padEnd(6, '0').slice(0, 3)) })],
  '%': ['%', () => {}],
};

/**
 * Milliseconds since the epoch of a date that is written in Python's directives, in UTC.
 * @throws MillraceError `invalid_date` for a text of another form, `invalid_argument` for a directive that is not known.
 */
export function strptime(text: string, format: string): number {
  const reads: ((parts: Parts, text: string) => void)[] = [];
  const pattern = format
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\s+/g, '\\s+')
    .replaceAll(/%(.?)/gs, (_, directive: string) => {
      const reader = READERS[directive];
      if (!reader) throw unknownDirective(directive, Object.keys(READERS));
      reads.push(reader[1]);
      return `(${reader[0]})`;
    });
  const found = new RegExp(`^${pattern}$`, 'i').exec(text);
  const parts: Parts = { year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  for (const [at, read] of reads.entries()) read(parts, found?.[at + 1] ?? '');
  const { year, month, day, hour, minute, second, millisecond } = parts;
  const [monthOf, dayOf] = parts.dayOfYear === undefined ? [month, day] : [1, parts.dayOfYear];
  const date = new Date(Date.UTC(year, monthOf - 1, dayOf, hour, minute, second, millisecond));
  date.setUTCFullYear(year, monthOf - 1, dayOf);
  if (found && date.getUTCFullYear() === year && (parts.dayOfYear !== undefined || date.getUTCDate() === day)) {
    return date.getTime();
  }
  throw new MillraceError('invalid_date', `'${text}' is no date of the form '${format}'`, {
    fix: 'Give a date of that form, or another form.',
  });
}

function unknownDirective(directive: string, known: readonly string[]): MillraceError {
  return new MillraceError('invalid_argument', `there is no directive %${directive} here`, {
    fix: `Use one of ${known.map((one) => `%${one}`).join(' ')}.`,
  });
}
