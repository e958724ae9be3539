import fc from 'fast-check';
import { expect, it } from 'vitest';
import { strftime, strptime } from './strftime.ts';

const at = (text: string) => Date.parse(text);

it('writes dates in the directives of Python', () => {
  const date = at('2026-02-03T04:05:06.250Z');
  expect(strftime(date, '%Y/%m/%d %H:%M:%S.%f%z %%')).toBe('2026/02/03 04:05:06.250000+0000 %');
  expect(strftime(date, '%A %a %B %b %y %j %w %u %p %I %Z')).toBe('Tuesday Tue February Feb 26 034 2 2 AM 04 UTC');
});

// Taken from Python's strftime: the first days of years that begin on each day of the week.
it.each([
  ['2023-01-01', '01 00'],
  ['2024-01-01', '00 01'],
  ['2024-01-07', '01 01'],
  ['2025-01-05', '01 00'],
  ['2025-01-06', '01 01'],
  ['2026-12-31', '52 52'],
])('counts weeks as Python does: %s', (day, weeks) => {
  expect(strftime(at(day), '%U %W')).toBe(weeks);
});

it('reads what it writes', () => {
  const date = fc.integer({ min: at('1000-01-01'), max: at('9999-12-31') });
  fc.assert(
    fc.property(
      date,
      fc.constantFrom('%Y-%m-%dT%H:%M:%S.%f', '%d %B %Y %H.%M.%S,%f', '%Y %j %H%M%S%f'),
      (ms, format) => {
        expect(strptime(strftime(ms, format), format)).toBe(ms);
      },
    ),
  );
});

it('refuses dates that do not exist, texts of another form and unknown directives', () => {
  expect(() => strptime('2026-02-30', '%Y-%m-%d')).toThrow("'2026-02-30' is no date of the form '%Y-%m-%d'");
  expect(() => strptime('2026-02-03 ', '%Y-%m-%d')).toThrow('is no date');
  expect(() => strftime(0, '%Q')).toThrow('there is no directive %Q here');
  expect(() => strptime('x', '%Q')).toThrow('there is no directive %Q here');
});
