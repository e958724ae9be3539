import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MillraceError } from '../model/errors.ts';
import { CronExpression } from './cron-expression.ts';
import { DAY, MINUTE } from './span.ts';

const list = (min: number, max: number) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 5 })
    .map((values) => values.sort((a, b) => a - b));

/** An expression of plain lists (null: a star), and what it allows, said a second time. */
const lists = fc.record({
  minute: fc.option(list(0, 59)),
  hour: fc.option(list(0, 23)),
  day: fc.option(list(1, 28)),
  month: fc.option(list(1, 12)),
  weekday: fc.option(list(0, 6)),
});

function allows(fields: { [field: string]: number[] | null }, at: number): boolean {
  const date = new Date(at);
  const { minute, hour, day, month, weekday } = fields;
  const dayOk = day?.includes(date.getUTCDate());
  const weekdayOk = weekday?.includes(date.getUTCDay());
  return (
    (minute?.includes(date.getUTCMinutes()) ?? true) &&
    (hour?.includes(date.getUTCHours()) ?? true) &&
    (month?.includes(date.getUTCMonth() + 1) ?? true) &&
    (day && weekday ? Boolean(dayOk || weekdayOk) : (dayOk ?? weekdayOk ?? true))
  );
}

function textOf(fields: { [field: string]: number[] | null }): string {
  return ['minute', 'hour', 'day', 'month', 'weekday'].map((name) => fields[name]?.join(',') ?? '*').join(' ');
}

const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) });

describe('cron expression', () => {
  it('ticks at the next allowed minute and at none before it', () => {
    fc.assert(
      fc.property(lists, instants, (fields, at) => {
        const next = new CronExpression(textOf(fields)).next(at) as number;
        expect(next).toBeGreaterThan(at);
        expect(allows(fields, next)).toBe(true);
        const first = Math.floor(at / MINUTE) * MINUTE + MINUTE;
        for (let minute = first; minute < Math.min(next, first + 3 * DAY); minute += MINUTE) {
          if (allows(fields, minute)) expect.fail(`passed over ${new Date(minute).toISOString()}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('goes back the way it came', () => {
    fc.assert(
      fc.property(lists, instants, (fields, at) => {
        const cron = new CronExpression(textOf(fields));
        const ticks: number[] = [];
        for (let tick = cron.next(at); tick !== null && ticks.length < 20; tick = cron.next(tick)) ticks.push(tick);
        let tick = cron.next(ticks.at(-1) as number);
        for (const expected of ticks.reverse()) {
          tick = cron.previous(tick as number);
          expect(tick).toBe(expected);
        }
      }),
    );
  });

  it('knows the last day, nth weekdays and working days of a month', () => {
    const next = (text: string, at: string) =>
      new Date(new CronExpression(text).next(Date.parse(at)) as number).toISOString();
    expect(next('0 0 L * *', '2024-02-01T00:00:00Z')).toBe('2024-02-29T00:00:00.000Z');
    expect(next('0 0 * * L5', '2026-01-15T00:00:00Z')).toBe('2026-01-30T00:00:00.000Z');
    expect(next('0 0 * * mon#3', '2026-01-01T00:00:00Z')).toBe('2026-01-19T00:00:00.000Z');
    expect(next('0 0 15W * *', '2026-02-01T00:00:00Z')).toBe('2026-02-16T00:00:00.000Z');
    expect(next('0 0 1W * *', '2026-07-31T12:00:00Z')).toBe('2026-08-03T00:00:00.000Z');
    expect(next('0 12 * * * 30 2030', '2026-01-01T00:00:00Z')).toBe('2030-01-01T12:00:30.000Z');
  });

  it.each([
    ['a range whose step leads over the turn', '0 21-20/4 * * *', '2014-08-23T23:00Z', '2014-08-24T02:00Z'],
    ['a range that ends below the first day', '0 0 30-0 * *', '2026-01-01T00:00Z', '2026-01-30T00:00Z'],
    ['an nth weekday beside itself', '0 0 * * 7#4,SUN', '2026-01-01T00:00Z', '2026-01-25T00:00Z'],
    ['an nth weekday beside a star', '0 0 13 * *,5#2', '2026-01-01T00:00Z', '2026-02-13T00:00Z'],
    ['the nth weekday where a date is, too', '0 0 13 * fri#02', '2026-01-01T00:00Z', '2026-01-09T00:00Z'],
    ['a working day where a weekday is, too', '0 0 27W * 4', '1996-02-01T00:00Z', '1996-02-27T00:00Z'],
    ['a working day that is an nth weekday', '0 0 15W * wed#3', '2026-01-01T00:00Z', '2026-04-15T00:00Z'],
  ])('reads %s as Airflow does', (_, text, at, tick) => {
    expect(new CronExpression(text).next(Date.parse(at))).toBe(Date.parse(tick));
  });

  it.each([
    ['a date and an nth weekday', '* 13 16 * wed#5'],
    ['a working day and a weekday', '0 0 11W * 0'],
    ['a working day and an nth weekday', '0 0 20W 12 wed#5'],
  ])('has no tick where %s never fall together', (_, text) => {
    expect(new CronExpression(text).next(0)).toBe(null);
  });

  it('has a tick in every hour only where the hours are a star alone or a list of all', () => {
    const everyHour = (hours: string) => new CronExpression(`0 ${hours} * * *`).everyHour;
    expect(['*', '0-23', '*/1', '*,1-23', '*,5', '0-22'].map(everyHour)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('parts fields at ASCII blanks only', () => {
    expect(new CronExpression('0\t1\n* *  *').next(0)).toBe(3_600_000);
    expect(catchError(() => new CronExpression('0 1\u00a0 * * *')).code).toBe('invalid_cron');
  });

  it('has no tick where no date allows one', () => {
    const cron = new CronExpression('0 0 31 2 *');
    expect([cron.next(0), cron.previous(Date.UTC(2026, 0, 1))]).toEqual([null, null]);
  });

  it.each([
    ['61 * * * *', 'minute', '0 to 59'],
    ['0 24 * * *', 'hour', '0 to 23'],
    ['0 0 32 * *', 'day of month', '1 to 31'],
    ['0 0 * FOO *', 'month', '1 to 12 or JAN to DEC'],
    ['0 0 * * 8', 'day of week', '0 to 6 or SUN to SAT'],
    ['0 0 * * * 60', 'second', '0 to 59'],
    ['*/0 * * * *', 'minute', '0 to 59'],
  ])('refuses %s and names the field and its range', (text, field, range) => {
    const error = catchError(() => new CronExpression(text));
    expect(error.code).toBe('invalid_cron');
    expect(error.message).toContain(`the ${field} field`);
    expect(error.fix).toContain(range);
  });

  it('refuses a wrong number of fields', () => {
    const error = catchError(() => new CronExpression('0 22 * *'));
    expect(error.message).toContain('has 4 fields');
  });
});

function catchError(body: () => unknown): MillraceError {
  try {
    body();
  } catch (error) {
    if (MillraceError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
