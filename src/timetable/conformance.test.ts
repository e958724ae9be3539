import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Case, differencesOf, TIMETABLE_CHECKS } from './conformance.ts';

/** Number of cases by kind, so that a lost file or case does not go unnoticed. */
const CASES: Readonly<Record<string, number>> = {
  'cron-trigger': 450,
  'cron-interval': 450,
  delta: 220,
  'multi-cron': 180,
  events: 140,
  simple: 120,
  'cron-align': 260,
  'cron-parse': 300,
  'schedule-mapping': 191,
  'next-run-limits': 160,
  'run-id': 150,
  'asset-condition': 200,
};

function casesOf(kind: string): Case<unknown, unknown>[] {
  const file = new URL(`../../test/conformance/airflow/${kind}.json.gz`, import.meta.url);
  expect(existsSync(file)).toBe(true);
  return (JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Case<unknown, unknown>[] }).cases;
}

describe("Airflow's schedules", () => {
  it.each(Object.entries(TIMETABLE_CHECKS))('%s', (kind, check) => {
    const cases = casesOf(kind);
    expect(cases).toHaveLength(CASES[kind] ?? 0);
    const different = cases.filter((each) => differencesOf(kind, each).length > 0);
    const disagreements = cases
      .filter((each) => !different.includes(each))
      .flatMap((each) => {
        const verdict = check(each);
        return verdict.agree ? [] : [{ id: each.id, got: verdict.got, expected: each.expected }];
      });
    expect(disagreements).toEqual([]);
    expect(different.length / cases.length).toBeLessThan(0.05);
  });

  it('has no documented difference without a case that shows it', () => {
    for (const [kind, check] of Object.entries(TIMETABLE_CHECKS)) {
      const shown = new Set(
        casesOf(kind)
          .filter((each) => !check(each).agree)
          .flatMap((each) => differencesOf(kind, each)),
      );
      const documented = casesOf(kind).flatMap((each) => differencesOf(kind, each));
      expect([...new Set(documented)].filter((difference) => !shown.has(difference))).toEqual([]);
    }
  });
});
