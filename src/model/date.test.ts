import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type DateInput, dateForms, parseDate } from './date.ts';
import { MillraceError } from './errors.ts';

describe('parseDate', () => {
  it.each<[DateInput, string]>([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T06:00', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31 06:00:07', '2026-01-31T06:00:07.000Z'],
    ['2026-01-31T06:00:00.123456Z', '2026-01-31T06:00:00.123Z'],
    ['2026-01-31T06:00:00.5', '2026-01-31T06:00:00.500Z'],
    ['2026-01-31T06:00:00+01:30', '2026-01-31T04:30:00.000Z'],
    ['2026-01-31T06:00:00-0800', '2026-01-31T14:00:00.000Z'],
    ['2026-01-31T06:00:00+01', '2026-01-31T05:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    [new Date(1000), '1970-01-01T00:00:01.000Z'],
    [Temporal.Instant.from('2026-01-31T06:00:00Z'), '2026-01-31T06:00:00.000Z'],
    [Temporal.ZonedDateTime.from('2026-07-01T06:00:00[Europe/Berlin]'), '2026-07-01T04:00:00.000Z'],
  ])('reads %s as UTC without a zone', (value, iso) => {
    expect(new Date(parseDate(value)).toISOString()).toBe(iso);
  });

  it.each<unknown>([
    '',
    'yesterday',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-01-31T24:00',
    '2026-01-31T06:60',
    '2026-01-31T06:00:00+25:00',
    '2026-01-31T06:00:00+01:75',
    '31.01.2026',
    '2026-01-31T06:00:00[Europe/Berlin]',
    new Date(Number.NaN),
    Temporal.PlainDate.from('2026-01-31'),
    1_700_000_000,
    null,
    undefined,
  ])('refuses %s', (value) => {
    const parse = () => parseDate(value as DateInput);
    expect(parse).toThrow(MillraceError);
    expect(parse).toThrow(expect.objectContaining({ code: 'invalid_date', fix: expect.stringContaining('ISO 8601') }));
  });

  it('reads back every ISO text', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
        expect(parseDate(date)).toBe(date.getTime());
      }),
    );
  });
});

describe('dateForms', () => {
  it("has Airflow's texts", () => {
    expect(dateForms(Date.parse('2026-05-11T20:25:00Z'))).toEqual({
      ds: '2026-05-11',
      dsNodash: '20260511',
      ts: '2026-05-11T20:25:00+00:00',
      tsNodash: '20260511T202500',
      tsNodashWithTz: '20260511T202500+0000',
    });
  });

  it('has fractions of a second in two of them, with six digits', () => {
    expect(dateForms(Date.parse('2026-02-12T14:32:33.261Z'))).toEqual({
      ds: '2026-02-12',
      dsNodash: '20260212',
      ts: '2026-02-12T14:32:33.261000+00:00',
      tsNodash: '20260212T143233',
      tsNodashWithTz: '20260212T143233.261000+0000',
    });
  });
});
