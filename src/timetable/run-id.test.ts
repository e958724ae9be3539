import { expect, it } from 'vitest';
import { ALLOWED_RUN_ID, isoInstant, runIdOf } from './run-id.ts';

it('makes ids that are allowed', () => {
  const runAfter = Date.parse('2026-01-31T06:00:00.250Z');
  const ids = [
    runIdOf({ type: 'scheduled', runAfter, random: 'Xy12' }),
    runIdOf({ type: 'asset_triggered', runAfter, random: 'Xy12' }),
    runIdOf({ type: 'backfill', runAfter, partition: { key: '2026-01-31' }, random: 'Xy12' }),
  ];
  expect(ids).toEqual([
    'scheduled__2026-01-31T06:00:00.250000+00:00',
    'asset_triggered__2026-01-31T06:00:00.250000+00:00_Xy12',
    'backfill__2026-01-31T06:00:00.250000+00:00__2026-01-31__Xy12',
  ]);
  expect(ids.every((id) => ALLOWED_RUN_ID.test(id))).toBe(true);
});

it('writes instants as Python does', () => {
  expect(isoInstant(0)).toBe('1970-01-01T00:00:00+00:00');
  expect(isoInstant(-1)).toBe('1969-12-31T23:59:59.999000+00:00');
});
