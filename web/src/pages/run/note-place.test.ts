import { expect, it } from 'vitest';
import { notePlace } from './note-place.ts';
import { scaleOf } from './scale.ts';

const scale = scaleOf([0, 10_000]);

it('stands behind the bars, before them where there is no room, and nowhere between them', () => {
  expect(notePlace('2.9 s', { from: 0, to: 5_000 }, scale)).toEqual({ side: 'behind', at: 5_000 });
  expect(notePlace('2.9 s', { from: 2_000, to: 10_000 }, scale)).toEqual({ side: 'before', at: 2_000 });
  expect(notePlace('2.9 s', { from: 0, to: 10_000 }, scale)).toBeUndefined();
});
