import { expect, test } from 'vitest';
import { about, duration } from './duration.ts';

test('durations in two units, exact', () => {
  expect([0, 0.64, 4, 4.25, 59.6, 133, 3600, 11_640, 187_200].map(duration)).toEqual([
    '0 ms',
    '640 ms',
    '4 s',
    '4.3 s',
    '1 m 00 s',
    '2 m 13 s',
    '1 h 00 m',
    '3 h 14 m',
    '2 d 4 h',
  ]);
});

test('durations in one unit, for sentences', () => {
  expect([0.02, 52, 960, 5400, 200_000].map(about)).toEqual(['20 ms', '52 s', '16 min', '1.5 h', '2 d']);
});
