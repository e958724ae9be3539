import { MillraceError } from './errors.ts';

/** A point in time: a Date, an ISO 8601 text (UTC when it has no zone), or a Temporal.Instant or ZonedDateTime. */
export type DateInput = Date | string | { readonly epochMilliseconds: number };

const ISO =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * Milliseconds since the epoch. Finer fractions of a second are cut off.
 * @throws MillraceError `invalid_date` for what is no date, such as 30 February, or has a zone by name only.
 */
export function parseDate(value: DateInput): number {
  if (typeof value === 'string') return fromText(value);
  const milliseconds = value instanceof Date ? value.getTime() : value?.epochMilliseconds;
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds))
    throw invalid(value, 'it is not a point in time');
  return Math.floor(milliseconds);
}

function fromText(value: string): number {
  const match = ISO.exec(value.trim());
  if (!match) throw invalid(value, 'it is not in ISO 8601');
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  // Date.parse moves 30 February into March; a date that does not exist is an error here.
  if (Number.isNaN(local) || hour === '24' || new Date(local).getUTCDate() !== Number(day)) {
    throw invalid(value, 'there is no such date');
  }
  return local - zoneOffset(value, zone);
}

function zoneOffset(value: string, zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const [hours = 0, minutes = 0] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  if (hours > 23 || minutes > 59) throw invalid(value, 'there is no such offset from UTC');
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function invalid(value: unknown, why: string): MillraceError {
  const shown = typeof value === 'string' ? `'${value}'` : String(value);
  return new MillraceError('invalid_date', `${shown} cannot be used as a date: ${why}`, {
    fix: "Write an ISO 8601 text such as '2026-01-31' or '2026-01-31T06:00:00+01:00' (UTC without an offset), or give a Date or a Temporal.Instant.",
  });
}

/** The texts of a run's logical date that Airflow's templates know, in UTC. */
export interface DateForms {
  /** `2026-01-31` */
  readonly ds: string;
  /** `20260131` */
  readonly dsNodash: string;
  /** `2026-01-31T06:00:00+00:00`, with six digits of fraction where there is one. */
  readonly ts: string;
  /** `20260131T060000` */
  readonly tsNodash: string;
  /** `20260131T060000+0000` */
  readonly tsNodashWithTz: string;
}

export function dateForms(milliseconds: number): DateForms {
  const iso = new Date(milliseconds).toISOString();
  const ds = iso.slice(0, -14);
  const time = iso.slice(-13, -5);
  const fraction = iso.slice(-4, -1);
  const ts = `${ds}T${time}${fraction === '000' ? '' : `.${fraction}000`}+00:00`;
  const dsNodash = ds.replaceAll('-', '');
  return {
    ds,
    dsNodash,
    ts,
    tsNodash: `${dsNodash}T${time.replaceAll(':', '')}`,
    tsNodashWithTz: ts.replaceAll(/[-:]/g, ''),
  };
}
