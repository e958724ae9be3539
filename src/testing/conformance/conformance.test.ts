import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AIRFLOW_CHECKS, AIRFLOW_DIFFERENCES, type CaseFile, examine } from './checks.ts';
import type { RunCase } from './dag-case.ts';
import { DIFFERENCES } from './differences.ts';
import { checkRuns } from './runs.ts';

const folder = new URL('../../../test/conformance/airflow/', import.meta.url);

/** Further cases, made from Airflow with other shapes, that Millrace once came to something else in. */
const FRESH = readdirSync(folder)
  .filter((name) => name.startsWith('fresh-'))
  .map((name) => name.replace('.json.gz', ''));

function fileOf(name: string): CaseFile {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, folder))).toString('utf8')) as CaseFile;
}

async function examined(name: string) {
  const file = fileOf(name);
  const found = [];
  for (const each of file.cases) found.push({ id: each.id, ...(await examine(file, each)) });
  return found;
}

describe("Airflow's whole runs and what their attempts are told", () => {
  it.each([
    ['runs', 280],
    ['mapping', 180],
    ['run-state', 422],
    ['template-context', 120],
  ])('%s: all agree, but for a few documented differences', async (name, number) => {
    const found = await examined(name);
    expect(found).toHaveLength(number);
    expect(found.filter(({ result }) => result === 'disagree')).toEqual([]);
    const different = found.filter(({ result }) => result === 'documented difference');
    expect(different.length / number).toBeLessThan(0.05);
  });

  it.each(FRESH)('%s: what further cases have found stays mended', async (name) => {
    const found = await examined(name);
    expect(found.filter(({ result }) => result === 'disagree')).toEqual([]);
  });

  it('has no documented difference that no case shows', async () => {
    const shown = new Set<unknown>();
    const kinds = DIFFERENCES.map((difference) => difference.kind);
    for (const name of new Set([...kinds, ...kinds.map((kind) => `fresh-${kind}`).filter((n) => FRESH.includes(n))])) {
      for (const finding of await examined(name)) {
        if (finding.result === 'documented difference') for (const each of finding.differences) shown.add(each);
      }
    }
    expect(DIFFERENCES.filter((difference) => !shown.has(difference))).toEqual([]);
  });

  it('gives each documented difference its line in docs/FROM_AIRFLOW.md', () => {
    const page = readFileSync(new URL('../../../docs/FROM_AIRFLOW.md', import.meta.url), 'utf8');
    expect(AIRFLOW_DIFFERENCES.map(({ reason }) => reason).filter((reason) => !page.includes(reason))).toEqual([]);
  });

  it('has a check for each kind of case in the repository', () => {
    const kinds = readdirSync(folder).map((name) => fileOf(name.replace('.json.gz', '')).kind);
    expect([...new Set(kinds)].filter((kind) => !(kind in AIRFLOW_CHECKS))).toEqual([]);
  });

  // The levels of a graph race with attempts in Airflow; here they do not, and few runs show it.
  it('comes to the same end at once as pass by pass, but where a race decides', async () => {
    const cases = fileOf('runs').cases as readonly RunCase[];
    let same = 0;
    for (const each of cases) if ((await checkRuns(each, 'at once')).agree) same += 1;
    expect(same / cases.length).toBeGreaterThan(0.95);
  });
});
