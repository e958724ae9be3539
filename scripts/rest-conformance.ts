import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startMillrace } from '../src/cli/server/index.ts';
import { restAgreement } from '../src/testing/conformance/rest/agreement.ts';

export const REST_KIND = 'rest';

const has = (folder: string, name: string) =>
  existsSync(join(folder, `${name}.json`)) || existsSync(join(folder, `${name}.json.gz`));

/** Folders, the given ones or below them, that hold cases of the REST API. */
export function restFolders(folders: readonly string[]): string[] {
  const all = folders.filter((each) => statSync(each, { throwIfNoEntry: false })?.isDirectory());
  const below = all.flatMap((each) =>
    readdirSync(each, { recursive: true, encoding: 'utf8' })
      .map((name) => join(each, name))
      .filter((path) => statSync(path).isDirectory()),
  );
  return [...new Set([...all, ...below])].filter((each) =>
    ['dags', 'setup', 'probes'].every((name) => has(each, name)),
  );
}

interface Tally {
  agree: number;
  different: number;
  disagree: number;
  readonly reasons: Map<string, number>;
}

/** Asks a real server, and counts by resource. What is not built is counted apart. */
export async function examineRestFolder(folder: string) {
  const tallies = new Map<string, Tally>();
  const disagreements: { id: string; kind: string; got: unknown; expected: unknown }[] = [];
  const missing = new Map<string, { probes: number; readonly reason: string }>();
  for (const finding of await restAgreement(folder, startMillrace)) {
    const { id, resource, expected } = finding.probe;
    if (finding.result === 'not built') {
      const entry = missing.get(finding.of.resource) ?? { probes: 0, reason: finding.of.reason };
      missing.set(finding.of.resource, { ...entry, probes: entry.probes + 1 });
      continue;
    }
    const kind = `${REST_KIND} ${resource}`;
    const tally = tallies.get(kind) ?? { agree: 0, different: 0, disagree: 0, reasons: new Map<string, number>() };
    tallies.set(kind, tally);
    if (finding.result === 'agree') tally.agree += 1;
    else if (finding.result === 'documented difference') {
      tally.different += 1;
      for (const { reason } of finding.differences) tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
    } else {
      tally.disagree += 1;
      disagreements.push({ id, kind, got: `${finding.why}: ${JSON.stringify(finding.got)}`, expected });
    }
  }
  const notBuilt = [...missing].map(
    ([resource, { probes, reason }]) => `not built yet: ${probes} probes of ${resource}. ${reason}`,
  );
  return { tallies, disagreements, notBuilt };
}
