/**
 * Runs cases taken from Airflow through the product: npm run conformance -- DIR [DIR …] [--kind a,b,c] [--show N]
 *
 * A folder with dags.json, setup.json and probes.json (kind `rest`) is asked of a real server.
 * Reads every *.json and *.json.gz of cases below the folders (or the files that are named), prints the agreement of
 * each kind and the first disagreements, and last the totals. Ends with 1 when a case disagrees, with 2 when it was
 * called wrongly. docs/FROM_AIRFLOW.md says what the documented differences are.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type CaseFile, examine } from '../src/testing/conformance/checks.ts';
import { examineRestFolder, REST_KIND, restFolders } from './rest-conformance.ts';

interface Tally {
  agree: number;
  different: number;
  disagree: number;
  readonly reasons: Map<string, number>;
}

const USAGE = 'usage: npm run conformance -- DIR [DIR …] [--kind a,b,c] [--show N]';

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function command() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { kind: { type: 'string' }, show: { type: 'string', default: '5' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    if (positionals.length === 0 || !/^\d+$/.test(values.show)) fail(USAGE);
    return {
      folders: positionals,
      kinds: values.kind === undefined ? null : new Set(values.kind.split(',').map((kind) => kind.trim())),
      show: Number(values.show),
    };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function filesBelow(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) fail(`${path} is not there`);
  if (found.isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.json(\.gz)?$/.test(name))
    .map((name) => join(path, name))
    .sort();
}

/** The cases of a file, or null for a file of something else. */
function read(file: string): CaseFile | null {
  const bytes = readFileSync(file);
  const content = JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Partial<CaseFile>;
  const { kind, source = 'Apache Airflow', cases } = content;
  return typeof kind === 'string' && Array.isArray(cases) ? { kind, source, cases } : null;
}

function write(kind: string, { agree, different, disagree, reasons }: Tally): void {
  console.log(`${kind}: ${agree} agree, ${different} documented differences, ${disagree} disagree`);
  for (const [reason, count] of reasons) console.log(`  difference (${count}): ${reason}`);
}

const { folders, kinds, show } = command();
const files = [...new Set(folders.flatMap(filesBelow))].flatMap((file) => read(file) ?? []);
const wanted = files.filter(({ kind }) => kinds === null || kinds.has(kind));
const rest = kinds === null || kinds.has(REST_KIND) ? restFolders(folders) : [];
if (wanted.length + rest.length === 0)
  fail(`there are no cases${kinds ? ` of kind ${[...kinds].join(', ')}` : ''} in ${folders.join(', ')}`);
for (const kind of kinds ?? []) {
  if (kind !== REST_KIND && !wanted.some((file) => file.kind === kind))
    fail(`there are no cases of kind ${kind} in ${folders.join(', ')}`);
}

const tallies = new Map<string, Tally>();
const disagreements: {
  readonly id: string;
  readonly kind: string;
  readonly got: unknown;
  readonly expected: unknown;
}[] = [];
for (const file of wanted) {
  const name = file.source.includes('Airflow') ? file.kind : `${file.kind} (${file.source})`;
  const tally = tallies.get(name) ?? { agree: 0, different: 0, disagree: 0, reasons: new Map<string, number>() };
  tallies.set(name, tally);
  for (const each of file.cases) {
    const finding = await examine(file, each);
    if (finding.result === 'agree') tally.agree += 1;
    else if (finding.result === 'documented difference') {
      tally.different += 1;
      for (const { reason } of finding.differences) tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
    } else {
      tally.disagree += 1;
      if (tally.disagree <= show)
        disagreements.push({ id: each.id, kind: name, got: finding.got, expected: each.expected });
    }
  }
}

for (const folder of rest) {
  const found = await examineRestFolder(folder);
  for (const [kind, tally] of found.tallies) tallies.set(kind, tally);
  disagreements.push(...found.disagreements.slice(0, show));
  for (const line of found.notBuilt) console.log(line);
}

for (const [kind, tally] of [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))) write(kind, tally);
const text = (value: unknown) => {
  const written = JSON.stringify(value) ?? 'undefined';
  return written.length > 2000 ? `${written.slice(0, 2000)} …` : written;
};
for (const { id, kind, got, expected } of disagreements) {
  console.log(`\n${id} (${kind})\n  expected ${text(expected)}\n  got      ${text(got)}`);
}
const sum = (of: 'agree' | 'different' | 'disagree') =>
  [...tallies.values()].reduce((total, tally) => total + tally[of], 0);
console.log(`\n${sum('agree')} agree, ${sum('different')} documented differences, ${sum('disagree')} disagree`);
process.exitCode = sum('disagree') > 0 ? 1 : 0;
