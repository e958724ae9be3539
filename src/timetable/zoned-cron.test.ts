import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from './span.ts';
import { zoneOf } from './zone.ts';
import { ZonedCron } from './zoned-cron.ts';

const WHOLE_HOUR_ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Zurich',
  'America/Santiago',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/Havana',
  'Pacific/Chatham',
];
const ZONES = [...WHOLE_HOUR_ZONES, 'Australia/Lord_Howe'];
const FROM = Date.UTC(2023, 0, 1);
const TO = Date.UTC(2030, 0, 1);

/** The instants at which a zone's offset changes. */
function changesOf(name: string): number[] {
  const zone = zoneOf(name);
  const changes: number[] = [];
  for (let at = FROM; at < TO; at += HOUR) {
    if (zone.offsetAt(at) === zone.offsetAt(at - HOUR)) continue;
    let exact = at - HOUR;
    while (zone.offsetAt(exact) === zone.offsetAt(at - HOUR)) exact += MINUTE;
    changes.push(exact);
  }
  return changes;
}
const changes = new Map(ZONES.map((zone) => [zone, changesOf(zone)]));

const minutes = fc.oneof(
  fc.constantFrom('0', '*/15', '5,50', '30', '*/7'),
  fc.integer({ min: 0, max: 59 }).map(String),
);
const fixedHours = fc.constantFrom('0', '2', '1,2,3', '*/2', '*/5', '0-4', '2-3', '23', '22-2');
const days = fc.constantFrom(
  '* * *',
  '1 * *',
  'L * *',
  '* * 1-5',
  '13 * 5',
  '*/3 */2 *',
  '* * FRI#2',
  '15W * *',
  '* * SUN',
);
const fixedHourCron = fc.tuple(minutes, fixedHours, days).map((fields) => fields.join(' '));
const everyHourCron = minutes.map((minute) => `${minute} * * * *`);

/** A zone, a cron and a window around one of the zone's changes of the clock, its ends well away from any. */
function windows(zones: readonly string[], cron: fc.Arbitrary<string>) {
  return fc
    .tuple(
      fc.constantFrom(...zones),
      cron,
      fc.nat(),
      fc.integer({ min: 4 * 60, max: 3 * 24 * 60 }),
      fc.integer({ min: 4 * 60, max: 30 * 24 * 60 }),
    )
    .map(([zone, expression, pick, before, after]) => {
      const all = changes.get(zone) ?? [];
      const change = all[pick % Math.max(all.length, 1)] ?? FROM + (pick % (TO - FROM));
      return { zone, expression, start: change - before * MINUTE, end: change + after * MINUTE };
    })
    .filter(({ zone, start, end }) => isCalm(zone, start) && isCalm(zone, end));
}

function isCalm(zone: string, ...instants: readonly (number | null)[]): boolean {
  const near = (change: number, at: number | null) => at !== null && Math.abs(change - at) <= 3 * HOUR;
  return (changes.get(zone) ?? []).every((change) => !instants.some((at) => near(change, at)));
}

function forward(cron: ZonedCron, start: number, end: number): number[] {
  const ticks: number[] = [];
  for (let at = cron.next(start); at !== null && at < end; at = cron.next(at)) ticks.push(at);
  return ticks;
}

function backward(cron: ZonedCron, start: number, end: number): number[] {
  const ticks: number[] = [];
  for (let at = cron.lastBefore(end); at !== null && at > start; at = cron.lastBefore(at)) ticks.unshift(at);
  return ticks;
}

describe('ticks of a cron expression in a zone', () => {
  it.each([
    ['fixed hours, every zone', ZONES, fixedHourCron],
    ['every hour, zones whose clocks change by whole hours', WHOLE_HOUR_ZONES, everyHourCron],
  ] as const)('are the same forward and backward, and strictly increase: %s', (_, zones, crons) => {
    fc.assert(
      fc.property(windows(zones, crons), ({ zone, expression, start, end }) => {
        const cron = new ZonedCron(expression, zone);
        const ticks = forward(cron, start, end);
        expect(backward(cron, start, end)).toEqual(ticks);
        expect(ticks.every((tick, index) => index === 0 || tick > (ticks[index - 1] as number))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('strictly increase for every expression, also by the hour where clocks change by half an hour', () => {
    fc.assert(
      fc.property(
        windows(
          ZONES,
          fc.oneof(
            fixedHourCron,
            everyHourCron,
            days.map((day) => `30 * ${day}`),
          ),
        ),
        (input) => {
          const cron = new ZonedCron(input.expression, input.zone);
          let last = input.start;
          for (const tick of forward(cron, input.start, Math.min(input.end, input.start + 20 * DAY))) {
            expect(tick).toBeGreaterThan(last);
            last = tick;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('stay where they are when aligned, except next to a change of the clock', () => {
    fc.assert(
      fc.property(
        windows(WHOLE_HOUR_ZONES, fc.oneof(fixedHourCron, everyHourCron)),
        fc.integer({ min: -180, max: 180 }),
        ({ zone, expression, start }, minute) => {
          const cron = new ZonedCron(expression, zone);
          const next = cron.alignNext(start + minute * MINUTE);
          const previous = cron.alignPrevious(start + minute * MINUTE);
          if (next !== null && isCalm(zone, next, cron.next(next))) expect(cron.alignNext(next)).toBe(next);
          if (previous !== null && isCalm(zone, previous, cron.previous(previous)))
            expect(cron.alignPrevious(previous)).toBe(previous);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('show the wall-clock time of the expression, unless the clock skips it', () => {
    fc.assert(
      fc.property(windows(ZONES, fixedHourCron), ({ zone, expression, start, end }) => {
        const cron = new ZonedCron(expression, zone);
        for (const tick of forward(cron, start, Math.min(end, start + 10 * DAY))) {
          const local = cron.zone.toLocal(tick);
          if (cron.expression.next(local - 1) === local) continue;
          const skipped = local - (cron.zone.offsetAt(tick) - cron.zone.offsetAt(tick - 3 * HOUR));
          expect(cron.expression.next(skipped - 1)).toBe(skipped);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('go through the changes of the clock in Zurich as documented', () => {
    const daily = new ZonedCron('30 2 * * *', 'Europe/Zurich');
    const utc = (text: string) => Date.parse(text);
    expect(daily.next(utc('2026-03-28T12:00:00Z'))).toBe(utc('2026-03-29T01:30:00Z'));
    expect(daily.next(utc('2026-03-29T01:30:00Z'))).toBe(utc('2026-03-30T00:30:00Z'));
    expect(daily.next(utc('2026-10-24T12:00:00Z'))).toBe(utc('2026-10-25T01:30:00Z'));
    const hourly = new ZonedCron('30 * * * *', 'Europe/Zurich');
    expect(forward(hourly, utc('2026-10-24T23:00:00Z'), utc('2026-10-25T03:00:00Z'))).toHaveLength(4);
    expect(forward(hourly, utc('2026-03-28T23:00:00Z'), utc('2026-03-29T03:00:00Z'))).toHaveLength(4);
  });
});
