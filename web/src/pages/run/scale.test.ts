import { expect, it } from 'vitest';
import { idleIn, scaleOf } from './scale.ts';

const span = (from: number, to: number) => ({ from, to });

it('spans what happened, with round ticks', () => {
  const scale = scaleOf([0, 7_500]);
  expect(scale.place(0)).toBe('0.000%');
  expect(scale.to).toBe(7_950);
  expect(scale.ticks).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
  expect(scaleOf([0, 75]).ticks).toEqual([0, 20, 40, 60]);
  expect(scale.width(0, 7_950)).toBe('100.000%');
});

it('draws what is idle short, without ticks in it', () => {
  const hour = 3_600_000;
  const scale = scaleOf([0, 2000, hour, hour + 2000], [span(2000, hour)]);
  expect(scale.share(2000)).toBeGreaterThan(0.4);
  expect(scale.share(hour) - scale.share(2000)).toBeLessThan(0.1);
  expect(scale.share(hour / 2)).toBeGreaterThan(scale.share(2000));
  expect(scale.ticks.filter((at) => at > 2000 && at < hour)).toEqual([]);
  expect(scale.ticks.length).toBeLessThan(12);
});

it('knows idle stretches by what is usual, and only where they take most of the room', () => {
  // Five tasks one after the other, 10 ms apart, and an hour before the last.
  const chain = [0, 1010, 2020, 3030].map((from) => span(from, from + 1000));
  expect(idleIn([...chain, span(3_600_000, 3_601_000)])).toEqual([span(4030, 3_600_000)]);
  // A wait of three seconds in a run of seven.
  expect(idleIn([span(0, 756), span(760, 1900), span(4900, 7000), span(7010, 7400)])).toEqual([]);
  // One gap: only if it is ten times as long as all that happened.
  expect(idleIn([span(0, 1000), span(9000, 10_000)])).toEqual([]);
  expect(idleIn([span(0, 1000), span(62_000, 63_000)])).toEqual([span(1000, 62_000)]);
  expect(idleIn([])).toEqual([]);
});
