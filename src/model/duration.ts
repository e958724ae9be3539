import { MillraceError } from './errors.ts';

type Unit = 'w' | 'd' | 'h' | 'm' | 's' | 'ms';
type DurationText = `${number}${Unit}` | `${number}${Unit}${number}${Unit}` | `P${string}`;

/** Parts of a duration, added up. A day is 24 hours and a week is seven days, whatever the clocks do. */
export interface DurationParts {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/**
 * A length of time: seconds as a number, a text such as '5m' or '1h30m' (units ms, s, m, h, d and w, each once, from
 * large to small), ISO 8601 such as 'PT5M' or 'P1DT12H' (without years and months, whose length varies), or parts.
 */
export type Duration = number | DurationText | DurationParts;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const LENGTHS = { weeks: WEEK, days: DAY, hours: HOUR, minutes: MINUTE, seconds: SECOND, milliseconds: 1 } as const;
const PARTS = Object.keys(LENGTHS) as (keyof DurationParts)[];

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const SHORT = new RegExp(
  `^${['w', 'd', 'h', 'm', 's', 'ms'].map((unit) => String.raw`(?:${NUMBER}\s*${unit}(?![a-z])\s*)?`).join('')}$`,
);
const ISO = new RegExp(`^P(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`);

/**
 * Milliseconds of a duration, exact to the microsecond.
 * @throws MillraceError `invalid_duration` for what is no duration, is negative or is not finite.
 */
export function parseDuration(value: Duration | string): number {
  if (typeof value === 'number') return checked(value, value * SECOND);
  if (typeof value === 'string') return fromText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(value, 'it is not a duration');
  const names = Object.keys(value);
  const unknown = names.find((name) => !(name in LENGTHS));
  if (unknown !== undefined) throw invalid(value, `it has no unit '${unknown}'`);
  if (names.length === 0) throw invalid(value, 'it has no parts');
  const amounts = PARTS.map((name) => value[name]);
  if (amounts.some((amount) => amount !== undefined && typeof amount !== 'number'))
    throw invalid(value, 'a part of it is not a number');
  return checked(value, sum(amounts));
}

function fromText(value: string): number {
  const text = value.trim();
  const found = ISO.exec(text.toUpperCase()) ?? SHORT.exec(text);
  const amounts = found?.slice(1).map((amount) => (amount === undefined ? undefined : Number(amount)));
  if (/^P\d+[YM]/i.test(text)) throw invalid(value, 'years and months have no fixed length');
  if (!amounts || amounts.every((amount) => amount === undefined) || /T$/i.test(text)) {
    throw invalid(value, 'it cannot be read');
  }
  return checked(value, sum(amounts));
}

function sum(amounts: readonly (number | undefined)[]): number {
  return amounts.reduce<number>((total, amount, index) => total + (amount ?? 0) * LENGTHS[PARTS[index]!], 0);
}

function checked(value: unknown, milliseconds: number): number {
  if (!Number.isFinite(milliseconds)) throw invalid(value, 'it is not finite');
  if (milliseconds < 0) throw invalid(value, 'it is negative');
  return Math.round(milliseconds * 1000) / 1000;
}

function invalid(value: unknown, why: string): MillraceError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : `'${String(value)}'`;
  return new MillraceError('invalid_duration', `${shown} cannot be used as a duration: ${why}`, {
    fix: "Write seconds as a number, a text such as '5m' or '1h30m', ISO 8601 such as 'PT5M', or parts such as { minutes: 5 }.",
  });
}

const SHOWN = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const;

/**
 * A duration in milliseconds as a short text with its two largest units: '1h 5m', '2d', '12.3s', '850ms'. What is left
 * below is cut off, so that a running time never shows what has not passed yet.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < SECOND) return `${Math.trunc(milliseconds)}ms`;
  if (milliseconds < MINUTE) return `${Math.trunc(milliseconds / 100) / 10}s`;
  const first = SHOWN.findIndex(([, length]) => milliseconds >= length);
  let rest = milliseconds;
  const texts = SHOWN.slice(first, first + 2).map(([unit, length]) => {
    const amount = Math.trunc(rest / length);
    rest -= amount * length;
    return amount === 0 ? '' : `${amount}${unit}`;
  });
  return texts.filter((text) => text !== '').join(' ');
}
