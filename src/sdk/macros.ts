import { dateForms } from '../model/date.ts';
import { strftime, strptime } from '../model/strftime.ts';

const DAY_MS = 86_400_000;

/** Airflow's macros on dates, for templates and for those who come from there. */
export const macros = {
  /** A day (YYYY-MM-DD) so many days later; earlier for a negative number. Throws `invalid_date`. */
  dsAdd: (ds: string, days: number): string => dateForms(strptime(ds, '%Y-%m-%d') + days * DAY_MS).ds,

  /** A date in another form, both in Python's directives: dsFormat('2026-01-31', '%Y-%m-%d', '%d.%m.%y'). */
  dsFormat: (ds: string, from: string, to: string): string => strftime(strptime(ds, from), to),

  /** A date in Python's directives, in UTC. Throws `invalid_argument` for an unknown directive. */
  strftime: (date: Date, format: string): string => strftime(date.getTime(), format),
} as const;
