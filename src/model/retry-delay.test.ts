import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedRetryDelay, logicalDateText, type RetryDelayOptions, retryDelay } from './retry-delay.ts';

const DAY = 86_400_000;
const base: RetryDelayOptions = {
  dagId: 'etl',
  taskId: 'load',
  logicalDateText: '2026-01-01 00:00:00+00:00',
  attempt: 1,
  retryDelayMs: 10_000,
  backoff: 2,
};

describe('retryDelay', () => {
  it.each([-2, 0, 1])('is constant and uncapped for multiplier %i', (backoff) => {
    const options = { ...base, backoff, retryDelayMs: 2 * DAY, maxRetryDelayMs: 1000 };
    expect([1, 2, 50].map((attempt) => retryDelay({ ...options, attempt }))).toEqual([2 * DAY, 2 * DAY, 2 * DAY]);
  });

  it('lies between the grown delay and twice of it, in whole seconds, the same every time', () => {
    const options = fc.record({
      dagId: fc.string(),
      taskId: fc.string(),
      logicalDateText: fc.string(),
      attempt: fc.integer({ min: 1, max: 12 }),
      retryDelayMs: fc.integer({ min: 0, max: 20_000 }),
      backoff: fc.integer({ min: 2, max: 4 }),
    });
    fc.assert(
      fc.property(options, (given) => {
        const delay = retryDelay(given);
        const grown = Math.max(1, Math.ceil((given.retryDelayMs / 1000) * given.backoff ** (given.attempt - 1))) * 1000;
        expect(delay).toBeGreaterThanOrEqual(Math.min(grown, DAY));
        expect(delay).toBeLessThan(Math.max(2 * grown, 1));
        expect(delay).toBeLessThanOrEqual(DAY);
        expect(delay % 1000).toBe(0);
        expect(retryDelay({ ...given })).toBe(delay);
      }),
    );
  });

  it('stays within a day when the power overflows, also for a delay of 0', () => {
    expect(retryDelay({ ...base, attempt: 5000 })).toBe(DAY);
    expect(retryDelay({ ...base, attempt: 5000, backoff: 1.5 })).toBe(DAY);
    expect(retryDelay({ ...base, attempt: 5000, retryDelayMs: 0 })).toBe(DAY);
  });

  it('is capped by the maximum, but not by a maximum of 0', () => {
    expect(retryDelay({ ...base, attempt: 9, maxRetryDelayMs: 1500 })).toBe(1500);
    expect(retryDelay({ ...base, attempt: 1, maxRetryDelayMs: 0 })).toBe(retryDelay({ ...base, attempt: 1 }));
  });
});

describe('listedRetryDelay', () => {
  it('takes the nth delay, and the last one from there on', () => {
    expect([1, 2, 3, 9].map((attempt) => listedRetryDelay([1000, 5000, 60_000], attempt))).toEqual([
      1000, 5000, 60_000, 60_000,
    ]);
    expect(listedRetryDelay([], 1)).toBe(0);
  });
});

describe('logicalDateText', () => {
  it("is the date's text in Airflow", () => {
    expect(logicalDateText(Date.parse('2026-06-20T02:00:00Z'))).toBe('2026-06-20 02:00:00+00:00');
    expect(logicalDateText(Date.parse('2025-08-03T01:14:12.269Z'))).toBe('2025-08-03 01:14:12.269000+00:00');
    expect(logicalDateText(null)).toBe('None');
  });
});
