import { useZone } from './zone.tsx';

/** By what they write, and by zone: a list writes hundreds of times. */
const formats = new Map<Intl.DateTimeFormatOptions, Map<string, Intl.DateTimeFormat>>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const ofZones = formats.get(options) ?? new Map<string, Intl.DateTimeFormat>();
  formats.set(options, ofZones);
  let found = ofZones.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
    ofZones.set(zone, found);
  }
  return found;
}

const MINUTES: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const SECONDS: Intl.DateTimeFormatOptions = { ...MINUTES, second: '2-digit' };
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const YEAR: Intl.DateTimeFormatOptions = { year: 'numeric' };
const WEEKDAY: Intl.DateTimeFormatOptions = { weekday: 'short' };

const parts = (at: Date, zone: string, options: Intl.DateTimeFormatOptions) =>
  Object.fromEntries(
    format(zone, options)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );

/** `06:15`. */
export function clockTime(at: Date, zone: string): string {
  const { hour, minute } = parts(at, zone, MINUTES);
  return `${hour}:${minute}`;
}

/** `06:15:04`. */
export function clockTimeWithSeconds(at: Date, zone: string): string {
  const { hour, minute, second } = parts(at, zone, SECONDS);
  return `${hour}:${minute}:${second}`;
}

/** `10 Mar`, and `10 Mar 2025` in another year than `now`. */
export function dayOf(at: Date, zone: string, now = new Date()): string {
  const { day, month, year } = parts(at, zone, DAY);
  return year === format(zone, YEAR).format(now) ? `${day} ${month}` : `${day} ${month} ${year}`;
}

export const weekday = (at: Date, zone: string): string => format(zone, WEEKDAY).format(at);

/** `Tue 10 Mar 06:00`. */
export const moment = (at: Date, zone: string, now?: Date): string =>
  `${weekday(at, zone)} ${dayOf(at, zone, now)} ${clockTime(at, zone)}`;

/** An absolute time with its zone; the exact one, with milliseconds, stands in the hover text. */
export function Time({ at, seconds = false }: { readonly at: string; readonly seconds?: boolean }) {
  const zone = useZone();
  const date = new Date(at);
  const text = seconds ? clockTimeWithSeconds(date, zone.name) : moment(date, zone.name);
  return (
    <time dateTime={at} title={date.toISOString()}>
      {text} {zone.label}
    </time>
  );
}
