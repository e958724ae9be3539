import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type Case,
  checkPriority,
  checkRetries,
  checkRunState,
  checkTriggerRules,
  type Verdict,
} from './conformance.ts';

function cases<Each extends Case<unknown, unknown>>(name: string): Each[] {
  const file = new URL(`../../test/conformance/airflow/${name}.json.gz`, import.meta.url);
  return (JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Each[] }).cases;
}

function disagreements<Each extends Case<unknown, unknown>>(all: readonly Each[], check: (each: Each) => Verdict) {
  return all.flatMap((each) => {
    const verdict = check(each);
    return verdict.agree ? [] : [{ id: each.id, got: verdict.got, expected: each.expected }];
  });
}

describe("Airflow's decisions", () => {
  it.each([
    ['trigger-rules-1', 1464],
    ['trigger-rules-2', 1465],
  ])('%s', (name, number) => {
    const all = cases<Parameters<typeof checkTriggerRules>[0]>(name);
    expect(all).toHaveLength(number);
    expect(disagreements(all, checkTriggerRules)).toEqual([]);
  });

  it('retries', () => {
    const all = cases<Parameters<typeof checkRetries>[0]>('retries');
    expect(all).toHaveLength(420);
    expect(disagreements(all, checkRetries)).toEqual([]);
  });

  it('priority', () => {
    const all = cases<Parameters<typeof checkPriority>[0]>('priority');
    expect(all).toHaveLength(120);
    expect(disagreements(all, checkPriority)).toEqual([]);
  });

  it('run-state, without the cases in which Airflow overwrites an active instance', () => {
    const all = cases<Parameters<typeof checkRunState>[0]>('run-state');
    const copied = all.filter((each) => !each.input.tags.includes('active-instance-changed'));
    expect([all.length, copied.length]).toEqual([422, 415]);
    expect(disagreements(copied, checkRunState)).toEqual([]);
  });
});
