import { describe, expect, it } from 'vitest';
import { RUN_STATES } from '../model/states.ts';
import { REPROCESS_BEHAVIORS } from '../store/rows.ts';
import type { ScheduleSpec } from '../timetable/schedule.ts';
import { timetableFor } from '../timetable/timetable-for.ts';
import { type BackfillSubject, type BackfillWindow, planSlot, refusalOf, slotsOf } from './backfill-plan.ts';
import { dagSpec, type TaskSketch } from './testing/spec-builder.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 31, 12);
const day = (n: number) => Date.UTC(2026, 0, n);
const daily: ScheduleSpec = { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' };

const window = (change: Partial<BackfillWindow> = {}): BackfillWindow => ({
  from: day(1),
  to: day(5),
  reverse: false,
  reprocess: 'none',
  ...change,
});

const subject = (schedule: ScheduleSpec = daily, task: TaskSketch = {}): BackfillSubject => ({
  spec: dagSpec('d', { t: task }),
  timetable: timetableFor(schedule),
  now: NOW,
  another: false,
});

describe('a window is refused', () => {
  it('for a schedule without regular dates', () => {
    for (const kind of ['none', 'once', 'continuous'] as const) {
      expect(refusalOf(window(), subject({ kind }))).toBe('not_periodic');
    }
    expect(refusalOf(window(), subject())).toBeNull();
  });

  it('upside down, and when it lies wholly in the future', () => {
    expect(refusalOf(window({ from: day(6) }), subject())).toBe('from_after_to');
    expect(refusalOf(window({ from: NOW, to: NOW + DAY }), subject())).toBe('in_the_future');
    expect(refusalOf(window({ from: NOW - 1, to: NOW + DAY }), subject())).toBeNull();
  });

  it('backwards, or over finished runs, where tasks depend on the past', () => {
    const past = subject(daily, { dependsOnPast: true });
    expect(refusalOf(window({ reverse: true, reprocess: 'failed' }), past)).toBe('reverse_with_past');
    expect(refusalOf(window(), past)).toBe('reprocess_with_past');
    expect(refusalOf(window({ reprocess: 'failed' }), past)).toBeNull();
  });

  it('for the first of several reasons', () => {
    const past = { ...subject(daily, { dependsOnPast: true }), another: true };
    expect(refusalOf(window({ from: day(6), reverse: true }), past)).toBe('from_after_to');
    expect(refusalOf(window({ reverse: true }), past)).toBe('another');
    expect(refusalOf(window({ reverse: true }), { ...past, another: false })).toBe('reverse_with_past');
  });
});

describe('the slots of a window', () => {
  const dates = (change: Partial<BackfillWindow>) =>
    slotsOf(timetableFor(daily), window(change), NOW)?.map(({ ordinal, logicalDate }) => [
      ordinal,
      (logicalDate - day(0)) / DAY,
    ]);

  it('are those of the schedule, both ends included, whose intervals have ended', () => {
    expect(dates({ from: day(1), to: day(3) })).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(dates({ from: day(29), to: day(40) })).toEqual([
      [1, 29],
      [2, 30],
    ]);
    expect(dates({ from: day(1) + 1, to: day(2) - 1 })).toEqual([]);
  });

  it('are numbered in the order in which they are taken', () => {
    expect(dates({ from: day(1), to: day(2), reverse: true })).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it('are not counted without end', () => {
    expect(dates({ from: Date.UTC(1700, 0), to: day(1) })).toBeUndefined();
  });
});

it('what becomes of a slot depends on the run that is there', () => {
  const plans = Object.fromEntries(
    REPROCESS_BEHAVIORS.map((reprocess) => [
      reprocess,
      [null, ...RUN_STATES].map((state) => planSlot(state, reprocess)),
    ]),
  );
  const open = ['create', 'in_flight', 'in_flight'];
  expect(plans).toEqual({
    none: [...open, 'exists', 'exists', 'exists'],
    failed: [...open, 'exists', 'clear', 'clear'],
    completed: [...open, 'clear', 'clear', 'clear'],
  });
});
