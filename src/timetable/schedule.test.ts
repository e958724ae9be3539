import { describe, expect, it } from 'vitest';
import { MillraceError } from '../model/errors.ts';
import { parseSchedule, type ScheduleInput } from './schedule.ts';
import { checkScheduleSettings } from './schedule-rules.ts';

function codeOf(value: unknown): string {
  try {
    parseSchedule(value as ScheduleInput);
  } catch (error) {
    if (MillraceError.is(error) && error.fix) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('parseSchedule', () => {
  it.each([
    [null, { kind: 'none' }],
    ['@once', { kind: 'once' }],
    ['@continuous', { kind: 'continuous' }],
    ['@daily', { kind: 'cron', expressions: ['0 0 * * *'], timezone: 'Europe/Zurich' }],
    ['15 6 * * *', { kind: 'cron', expressions: ['15 6 * * *'], timezone: 'Europe/Zurich' }],
    [
      { cron: '@hourly', timezone: 'UTC' },
      { kind: 'cron', expressions: ['0 * * * *'], timezone: 'UTC' },
    ],
    [
      { cron: ['0 6 * * *', '0 18 * * 5'], dataInterval: '1h', runImmediately: '10m' },
      {
        kind: 'cron',
        expressions: ['0 6 * * *', '0 18 * * 5'],
        timezone: 'Europe/Zurich',
        interval: 3_600_000,
        runImmediately: 600_000,
      },
    ],
    [
      { cron: '@daily', dataInterval: true },
      { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'Europe/Zurich' },
    ],
    [{ every: '5m' }, { kind: 'delta', every: 300_000 }],
    [{ every: 90 }, { kind: 'delta', every: 90_000 }],
    [
      { every: 'PT1H30M', dataInterval: true },
      { kind: 'delta_interval', every: 5_400_000 },
    ],
    [{ every: { months: 1, days: 2 } }, { kind: 'delta', every: { months: 1, ms: 172_800_000 } }],
    [
      { events: ['2026-02-01T00:00:00Z', new Date(0)], restrictToEvents: true },
      { kind: 'events', dates: [0, 1_769_904_000_000], restrictToEvents: true },
    ],
    [[{ asset: 'a' }], { kind: 'assets', condition: { all: [{ asset: 'a' }] }, time: null }],
    [
      { assets: { any: [{ asset: 'a' }, { alias: 'b' }] }, orAt: '@once' },
      { kind: 'assets', condition: { any: [{ asset: 'a' }, { alias: 'b' }] }, time: { kind: 'once' } },
    ],
  ] as [ScheduleInput, unknown][])('reads %j', (value, spec) => {
    const parsed = parseSchedule(value, { timezone: 'Europe/Zurich' });
    expect(parsed).toEqual(spec);
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
  });

  it.each([
    ['0 25 * * *', 'invalid_cron'],
    ['@never', 'invalid_cron'],
    ['', 'invalid_cron'],
    [{ cron: '@daily', timezone: 'Mars/Olympus' }, 'unknown_timezone'],
    [{ cron: [] }, 'invalid_option'],
    [{ cron: '@daily', tz: 'UTC' }, 'invalid_option'],
    [{ cron: '@daily', every: '5m' }, 'invalid_option'],
    [{ every: 0 }, 'invalid_option'],
    [{ every: -60 }, 'invalid_option'],
    [{ every: 'soon' }, 'invalid_duration'],
    [{ every: '5m5m' }, 'invalid_duration'],
    [{ every: {} }, 'invalid_duration'],
    [{ every: Number.NaN }, 'invalid_duration'],
    [{ events: ['2026-02-01T00:00:00'] }, 'invalid_date'],
    [{ events: ['next week'] }, 'invalid_date'],
    [['a'], 'invalid_option'],
    [{}, 'invalid_option'],
    [42, 'invalid_option'],
    [undefined, 'invalid_option'],
    [true, 'invalid_option'],
  ])('refuses %j with %s and a fix', (value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it('checks the settings beside the schedule', () => {
    const settings = { catchup: false, startDate: null, maxActiveRuns: 16 };
    expect(() => checkScheduleSettings({ kind: 'continuous' }, settings)).toThrow(/maxActiveRuns is 16/);
    expect(() => checkScheduleSettings({ kind: 'once' }, { ...settings, catchup: true })).toThrow(/start date/);
    // Nothing is caught up where nothing is scheduled.
    expect(() => checkScheduleSettings({ kind: 'none' }, { ...settings, catchup: true })).not.toThrow();
    expect(() => checkScheduleSettings({ kind: 'continuous' }, { ...settings, maxActiveRuns: 1 })).not.toThrow();
  });
});
