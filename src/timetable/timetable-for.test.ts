import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule, type ScheduleSpec } from './schedule.ts';
import { DAY, HOUR } from './span.ts';
import type { DataInterval, RunDates, Timetable } from './timetable.ts';
import { timetableFor } from './timetable-for.ts';

const timezone = fc.constantFrom(
  'UTC',
  'America/New_York',
  'Europe/Zurich',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
);
const expression = fc.constantFrom(
  '@hourly',
  '@daily',
  '30 2 * * *',
  '0 */6 * * *',
  '*/20 1-3 * * *',
  '0 9 * * 1-5',
  '0 0 L * *',
  '0 12 13 * 5',
);
const span = fc.oneof(fc.constantFrom(HOUR, DAY, 90 * 60_000), fc.constant({ months: 1, ms: 0 }));

const intervalSpec: fc.Arbitrary<ScheduleSpec> = fc.oneof(
  fc.record({ kind: fc.constant('cron_interval' as const), expression, timezone }),
  fc.record({ kind: fc.constant('delta_interval' as const), every: span }),
);
const triggerSpec: fc.Arbitrary<ScheduleSpec> = fc.oneof(
  fc.record({
    kind: fc.constant('cron' as const),
    expressions: fc.array(expression, { minLength: 1, maxLength: 3 }),
    timezone,
  }),
  fc.record({ kind: fc.constant('delta' as const), every: span }),
);
const date = fc
  .integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) })
  .map((at) => Math.floor(at / 60_000) * 60_000);

/** The runs that a scheduler creates which looks at the given times. */
function drive(timetable: Timetable, start: number | null, catchup: boolean, looks: readonly number[]): RunDates[] {
  const runs: RunDates[] = [];
  let last: DataInterval | null = null;
  for (const now of looks) {
    const restriction = { earliest: start, latest: null, catchup, now };
    let next = timetable.nextRun(last, restriction);
    while (next && next.runAfter <= now && runs.length < 60) {
      runs.push(next);
      last = next.interval;
      next = timetable.nextRun(last, restriction);
    }
  }
  return runs;
}

describe('timetables', () => {
  it('with data intervals and catch-up leave no gap and no overlap', () => {
    fc.assert(
      fc.property(intervalSpec, date, (spec, start) => {
        fc.pre(
          !(spec.kind === 'cron_interval' && spec.timezone === 'Australia/Lord_Howe' && spec.expression === '@hourly'),
        );
        const runs = drive(timetableFor(spec), start, true, [start + 20 * DAY]);
        for (const [index, run] of runs.entries()) {
          expect(run.runAfter).toBe(run.interval.end);
          expect(run.logicalDate).toBe(run.interval.start);
          expect(run.interval.end).toBeGreaterThan(run.interval.start);
          if (index > 0) expect(run.interval.start).toBe(runs[index - 1]?.interval.end);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never repeat a logical date or go back, whenever the scheduler looks', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          intervalSpec,
          triggerSpec,
          fc.constant<ScheduleSpec>({ kind: 'continuous' }),
          fc.constant<ScheduleSpec>({ kind: 'once' }),
        ),
        fc.option(date),
        date,
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 3 * DAY }), { maxLength: 12 }),
        (spec, start, first, catchup, gaps) => {
          const looks = [first];
          for (const gap of gaps) looks.push((looks.at(-1) as number) + gap);
          const runs = drive(timetableFor(spec), start, catchup, looks);
          runs.forEach((run, index) => {
            const before = runs[index - 1];
            if (before) expect(run.logicalDate).toBeGreaterThan(before.logicalDate);
            if (start !== null && spec.kind !== 'delta_interval') expect(run.runAfter).toBeGreaterThanOrEqual(start);
          });
        },
      ),
      { numRuns: 600 },
    );
  });

  it('list as slots what catch-up creates', () => {
    fc.assert(
      fc.property(fc.oneof(intervalSpec, triggerSpec), date, (spec, start) => {
        const timetable = timetableFor(spec);
        const slots = [...timetable.slots(start, start + 3 * DAY)];
        expect(slots.every((slot) => slot.logicalDate >= start && slot.logicalDate <= start + 3 * DAY)).toBe(true);
        const runs = drive(timetable, start, true, [start + 200 * DAY]);
        expect(runs.slice(0, Math.min(slots.length, 60))).toEqual(slots.slice(0, 60));
      }),
      { numRuns: 200 },
    );
  });

  it('know the run before an instant', () => {
    const daily = timetableFor(parseSchedule({ cron: '30 2 * * *', timezone: 'Europe/Zurich' }));
    expect(daily.previousRun(Date.parse('2026-03-29T01:30:00Z'))?.runAfter).toBe(Date.parse('2026-03-28T01:30:00Z'));
    expect(daily.previousRun(Date.parse('2026-03-29T01:30:01Z'))?.runAfter).toBe(Date.parse('2026-03-29T01:30:00Z'));
    const interval = timetableFor(parseSchedule('@daily', { dataIntervals: true }));
    expect(interval.previousRun(Date.UTC(2026, 0, 5, 12))?.interval).toEqual({
      start: Date.UTC(2026, 0, 4),
      end: Date.UTC(2026, 0, 5),
    });
  });

  it('begin at the start date although the clocks change between it and a last run off the ticks', () => {
    const spec: ScheduleSpec = { kind: 'cron_interval', expression: '0 * * * 1', timezone: 'Europe/Dublin' };
    const at = Date.parse('1991-03-30T20:14Z');
    const earliest = Date.parse('1991-03-31T05:15Z');
    const run = timetableFor(spec).nextRun({ start: at, end: at }, { earliest, latest: null, catchup: true, now: at });
    expect(run?.logicalDate).toBe(Date.parse('1991-03-31T23:00Z'));
  });

  it('do not stall when a continuous run takes no time', () => {
    const timetable = timetableFor({ kind: 'continuous' });
    const at = (now: number) => ({ earliest: null, latest: null, catchup: false, now });
    const first = timetable.nextRun(null, at(1000)) as RunDates;
    const second = timetable.nextRun(first.interval, at(1000)) as RunDates;
    expect(second.logicalDate).toBeGreaterThan(first.logicalDate);
  });

  it.each([
    [{ kind: 'none' }, 'Never by itself'],
    [{ kind: 'once' }, 'Once, as soon as possible'],
    [{ kind: 'cron', expressions: ['0 6 * * *'], timezone: 'UTC' }, 'Every day at 06:00, UTC'],
    [
      { kind: 'cron', expressions: ['30 6,18 * * 1-5'], timezone: 'Europe/Zurich' },
      'Monday to Friday at 06:30 and 18:30, Europe/Zurich',
    ],
    [{ kind: 'cron_interval', expression: '*/5 * * * *', timezone: 'UTC' }, 'Every 5 minutes, UTC'],
    [{ kind: 'cron_interval', expression: '0 0 L * FRI', timezone: 'UTC' }, '0 0 L * FRI, UTC'],
    [{ kind: 'delta', every: 5_400_000 }, 'Every 1 h 30 min'],
    [{ kind: 'delta_interval', every: { months: 1, ms: 0 } }, 'Every 1 month'],
    [{ kind: 'events', dates: [1, 2], restrictToEvents: false }, '2 events'],
    [{ kind: 'assets', condition: { asset: 'a' }, time: null }, 'When assets are updated'],
  ] satisfies [ScheduleSpec, string][])('describe themselves: %j', (spec, text) => {
    expect(timetableFor(spec).describe()).toBe(text);
  });
});
