import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startMillrace } from '../../src/cli/server/index.ts';
import { type RestFinding, restAgreement } from '../../src/testing/conformance/rest/agreement.ts';
import { REST_DIFFERENCES } from '../../src/testing/conformance/rest/differences.ts';
import { NOT_BUILT } from '../../src/testing/conformance/rest/not-built.ts';

const folder = fileURLToPath(new URL('../conformance/rest', import.meta.url));
const page = readFileSync(new URL('../../docs/FROM_AIRFLOW.md', import.meta.url), 'utf8');

/** What has been reached. It only goes up: what of it is a difference or not built is listed, with the reason. */
const AGREE = 438;

let findings: readonly RestFinding[];
beforeAll(async () => {
  findings = await restAgreement(folder, startMillrace);
});

describe("Airflow's REST API, answered by a real server", () => {
  it('agrees with what Airflow answered, but for what is listed', () => {
    const disagreeing = findings.flatMap((each) => (each.result === 'disagree' ? [[each.probe.id, each.why]] : []));
    expect(disagreeing).toEqual([]);
    expect(findings.length).toBe(637);
    expect(findings.filter(({ result }) => result === 'agree').length).toBeGreaterThanOrEqual(AGREE);
  });

  it('has no difference and nothing that is not built which no probe shows', () => {
    const shown = new Set<unknown>();
    for (const each of findings) {
      if (each.result === 'documented difference') for (const difference of each.differences) shown.add(difference);
      if (each.result === 'not built') shown.add(each.of);
    }
    expect([...REST_DIFFERENCES, ...NOT_BUILT].filter((each) => !shown.has(each))).toEqual([]);
  });

  it('gives each difference, and what is not built, its line in docs/FROM_AIRFLOW.md', () => {
    const reasons = [...REST_DIFFERENCES, ...NOT_BUILT].map(({ reason }) => reason);
    expect(reasons.filter((reason) => !page.includes(reason))).toEqual([]);
  });
});
