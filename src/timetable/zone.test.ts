import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MillraceError } from '../model/errors.ts';
import { HOUR, MINUTE } from './span.ts';
import { zoneOf } from './zone.ts';

const ZONES = [
  'America/New_York',
  'Europe/Zurich',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
];

describe('zone', () => {
  it('has the offsets of the platform', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(1985, 0, 1), max: Date.UTC(2060, 0, 1) }),
        (name, instant) => {
          const parts = new Intl.DateTimeFormat('sv', {
            timeZone: name,
            dateStyle: 'short',
            timeStyle: 'medium',
          }).format(instant);
          const local = Date.parse(`${parts.replace(' ', 'T')}Z`);
          expect(zoneOf(name).toLocal(Math.floor(instant / 1000) * 1000)).toBe(local);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds the instant of every local time that exists, the later one of two', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2040, 0, 1) }),
        (name, instant) => {
          const zone = zoneOf(name);
          const found = zone.toInstant(zone.toLocal(instant));
          expect(found).toBeGreaterThanOrEqual(instant);
          expect(found - instant).toBeLessThanOrEqual(HOUR);
          expect(zone.toLocal(found)).toBe(zone.toLocal(instant));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('moves skipped local times past the gap', () => {
    const zurich = zoneOf('Europe/Zurich');
    expect(zurich.toInstant(Date.UTC(2026, 2, 29, 2, 30))).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(zurich.toInstant(Date.UTC(2026, 9, 25, 2, 30))).toBe(Date.UTC(2026, 9, 25, 1, 30));
    const lordHowe = zoneOf('Australia/Lord_Howe');
    expect(lordHowe.toLocal(lordHowe.toInstant(Date.UTC(2026, 9, 4, 2, 10)))).toBe(Date.UTC(2026, 9, 4, 2, 40));
    const apia = zoneOf('Pacific/Apia');
    expect(apia.toLocal(apia.toInstant(Date.UTC(2011, 11, 30, 12)))).toBe(Date.UTC(2011, 11, 31, 12));
  });

  it('takes fixed offsets', () => {
    expect(zoneOf('+02:00').offsetAt(0)).toBe(2 * HOUR);
    expect(zoneOf('-03:30').toInstant(0)).toBe(3 * HOUR + 30 * MINUTE);
  });

  it('refuses unknown names', () => {
    expect(() => zoneOf('Europe/Atlantis')).toThrow(MillraceError);
    expect(() => zoneOf('')).toThrow(MillraceError);
    expect(() => zoneOf('+25:00')).toThrow(MillraceError);
  });
});
