import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duration, formatDuration, parseDuration } from './duration.ts';
import { MillraceError } from './errors.ts';

describe('parseDuration', () => {
  it.each<[Duration | string, number]>([
    [0, 0],
    [90, 90_000],
    [0.0015, 1.5],
    ['850ms', 850],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    ['1h 30m 5s 20ms', 5_405_020],
    ['2w1d', 15 * 86_400_000],
    [' 10 s ', 10_000],
    ['0s', 0],
    ['PT5M', 300_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['PT0.25S', 250],
    ['pt1h', 3_600_000],
    [{ minutes: 5 }, 300_000],
    [{ weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 }, 694_861_001],
    [{ hours: 1, minutes: -5 }, 3_300_000],
  ])('reads %j', (value, milliseconds) => {
    expect(parseDuration(value)).toBe(milliseconds);
  });

  it.each<unknown>([
    '',
    '5',
    'm',
    '5 minutes',
    '5M',
    '30m1h',
    '1m1m',
    '-5m',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P3M',
    'PT5X',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    {},
    { minute: 5 },
    { minutes: '5' },
    { seconds: -1 },
    [5],
    null,
    undefined,
    true,
  ])('refuses %j', (value) => {
    const parse = () => parseDuration(value as Duration);
    expect(parse).toThrow(MillraceError);
    expect(parse).toThrow(expect.objectContaining({ code: 'invalid_duration', fix: expect.stringContaining('PT5M') }));
  });

  it('reads a number of seconds, a text and parts alike', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seconds) => {
        const wanted = seconds * 1000;
        expect(
          [seconds, `${seconds}s`, `PT${seconds}S`, { seconds }].map((each) => parseDuration(each as Duration)),
        ).toEqual([wanted, wanted, wanted, wanted]);
      }),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [850.9, '850ms'],
    [1000, '1s'],
    [12_345, '12.3s'],
    [59_999, '59.9s'],
    [60_000, '1m'],
    [65_000, '1m 5s'],
    [3_900_000, '1h 5m'],
    [3_605_000, '1h'],
    [86_400_000 * 2 + 1, '2d'],
    [86_400_000 + 3_600_000 * 3, '1d 3h'],
    [-65_000, '-1m 5s'],
  ])('shows %d as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
