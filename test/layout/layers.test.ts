import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IFlattenedRuleSet & {
  options: ICruiseOptions;
};

/** A file, what it imports, and the rules that this breaks. A leading `type` makes a type-only import. */
type Case = readonly [file: string, imported: string, rules: readonly string[]];

const FORBIDDEN: readonly Case[] = [
  ['src/insight/i1.ts', '../store/sqlite/sqlite-store.ts', ['insight-reads']],
  ['src/api/contract/i2.ts', '../../engine/planner.ts', ['contract-is-a-leaf']],
  ['web/src/i3.ts', '../../src/engine/planner.ts', ['page-sees-the-client']],
  ['src/model/a1.ts', 'node:fs', ['model-and-timetable-do-no-io']],
  ['src/model/a2.ts', '../store/store.ts', ['model-is-the-bottom']],
  ['src/model/a3.ts', 'type ../engine/planner.ts', ['model-is-the-bottom']],
  ['src/model/a4.ts', 'pg', ['databases-only-in-store', 'model-and-timetable-take-pure-packages']],
  ['src/timetable/a5.ts', 'node:timers/promises', ['model-and-timetable-do-no-io']],
  ['src/timetable/a6.ts', '../sdk/dag.ts', ['timetable-knows-the-model']],
  ['src/sdk/b1.ts', '../engine/planner.ts', ['sdk-is-light']],
  ['src/sdk/b2.ts', '../store/store.ts', ['sdk-is-light']],
  ['src/sdk/b3.ts', 'fastify', ['sdk-takes-light-packages']],
  ['src/store/c1.ts', './sqlite/sqlite-store.ts', ['store-interface']],
  ['src/store/sqlite/c2.ts', '../../engine/planner.ts', ['stores-know-their-interface']],
  ['src/store/sqlite/c3.ts', '../postgres/postgres-store.ts', ['stores-apart']],
  ['src/engine/d1.ts', '../store/sqlite/sqlite-store.ts', ['engine-sees-interfaces']],
  ['src/engine/d2.ts', 'type ../executor/process/process-executor.ts', ['engine-sees-interfaces']],
  ['src/engine/d3.ts', 'node:child_process', ['engine-does-no-io']],
  ['src/engine/d4.ts', 'kysely', ['databases-only-in-store']],
  ['src/engine/d5.ts', '../testing/test-clock.ts', ['engine-sees-interfaces', 'testing-stays-in-tests']],
  ['src/executor/e1.ts', './process/process-executor.ts', ['executor-interface']],
  ['src/executor/process/e2.ts', '../../store/store.ts', ['executors-know-their-interface']],
  ['src/executor/process/e3.ts', '../inline/inline-executor.ts', ['executors-apart']],
  ['src/runner/f1.ts', '../store/store.ts', ['runner-needs-no-server']],
  ['src/loader/f2.ts', '../engine/planner.ts', ['loader-needs-no-server']],
  ['src/objects/f3.ts', '../sdk/dag.ts', ['objects-know-the-model']],
  ['src/vault/f4.ts', '../store/sqlite/sqlite-store.ts', ['vault-keeps-to-itself']],
  ['src/providers/http/g1.ts', '../slack/index.ts', ['providers-apart']],
  ['src/providers/http/g2.ts', '../../engine/planner.ts', ['providers-are-guests']],
  ['src/api/h1.ts', '../store/postgres/postgres-store.ts', ['api-talks-to-the-engine']],
  ['src/client/h2.ts', '../api/routes/dags.ts', ['client-knows-the-contract']],
  ['src/engine/i1.ts', '../cli/main.ts', ['cli-is-the-top', 'engine-sees-interfaces']],
  ['src/testing/i2.ts', '../cli/main.ts', ['cli-is-the-top', 'testing-without-cli']],
  ['src/sdk/i3.ts', 'vitest', ['sdk-takes-light-packages', 'test-tools-stay-in-tests']],
  ['src/sdk/i4.ts', '../../examples/one/main.ts', ['src-is-closed']],
  ['src/sdk/i5.ts', './missing.ts', ['resolvable']],
];

const ALLOWED: readonly Case[] = [
  ['src/model/j1.ts', 'node:crypto', []],
  ['src/model/j2.ts', 'devalue', []],
  ['src/sdk/j3.ts', 'node:async_hooks', []],
  ['src/engine/j4.ts', '../store/store.ts', []],
  ['src/engine/j5.ts', 'type ../executor/executor.ts', []],
  ['src/store/sqlite/j6.ts', '../store.ts', []],
  ['src/store/sqlite/j7.ts', 'better-sqlite3', []],
  ['src/providers/http/j8.ts', '../../sdk/dag.ts', []],
  ['src/cli/j9.ts', '../store/sqlite/sqlite-store.ts', []],
  ['src/testing/k1.ts', '../engine/planner.ts', []],
  ['src/engine/k2.test.ts', '../store/sqlite/sqlite-store.ts', []],
  ['src/client/k3.ts', '../api/contract/dags.ts', []],
];

/** Three files in a circle, one of the imports being of types only. */
const CYCLE: readonly Case[] = [
  ['src/model/l1.ts', './l2.ts', ['no-cycles']],
  ['src/model/l2.ts', 'type ./l3.ts', ['no-cycles']],
  ['src/model/l3.ts', './l1.ts', ['no-cycles']],
];

/** What the cases import; each imports a leaf so that it is no orphan. */
const TARGETS = [
  'src/store/store.ts',
  'src/store/sqlite/sqlite-store.ts',
  'src/store/postgres/postgres-store.ts',
  'src/engine/planner.ts',
  'src/executor/executor.ts',
  'src/executor/process/process-executor.ts',
  'src/executor/inline/inline-executor.ts',
  'src/sdk/dag.ts',
  'src/providers/slack/index.ts',
  'src/api/routes/dags.ts',
  'src/api/contract/dags.ts',
  'src/cli/main.ts',
  'src/testing/test-clock.ts',
  'examples/one/main.ts',
];

let folder: string;
let broken: { from: string; rule: string; cycle: readonly string[] }[];

async function write(file: string, text: string) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-layers-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await write('src/model/leaf.ts', 'export const leaf = 1;\n');
  for (const file of TARGETS) {
    const up = '../'.repeat(file.split('/').length - 1);
    await write(file, `import { leaf } from '${up}src/model/leaf.ts';\nexport const target = leaf;\n`);
  }
  for (const [file, imported] of [...FORBIDDEN, ...ALLOWED, ...CYCLE]) {
    const typeOnly = imported.startsWith('type ');
    const from = imported.replace(/^type /, '');
    await write(file, `${typeOnly ? 'import type' : 'import'} * as it from '${from}';\nexport type It = typeof it;\n`);
  }
  const { options, ...ruleSet } = config;
  const { tsConfig: _, ...plain } = options;
  const result = await cruise(['src', 'web'], { ...plain, baseDir: folder, validate: true, ruleSet }, undefined, {
    tsConfig: { options: { allowImportingTsExtensions: true, noEmit: true }, fileNames: [], errors: [] },
  });
  broken = (result.output as ICruiseResult).summary.violations.map(({ from, rule, cycle }) => ({
    from,
    rule: rule.name,
    cycle: (cycle ?? []).map(({ name }) => name),
  }));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const rulesBrokenBy = (file: string) => [
  ...new Set(broken.filter(({ from }) => from === file).map(({ rule }) => rule)),
];

describe('layers', () => {
  it.each(FORBIDDEN)('%s must not import %s', (file, _, rules) => {
    expect(rulesBrokenBy(file).sort()).toEqual([...rules].sort());
  });

  it.each(ALLOWED)('%s may import %s', (file) => {
    expect(rulesBrokenBy(file)).toEqual([]);
  });

  it('finds a cycle, also through a type-only import', () => {
    const cycles = broken.filter(({ rule }) => rule === 'no-cycles');
    expect(cycles.map(({ cycle }) => [...cycle].sort())).toEqual([CYCLE.map(([file]) => file)]);
  });

  it('gives a reason for each rule', () => {
    const nameless = (config.forbidden ?? []).filter(({ comment }) => !comment || comment.length < 20);
    expect(nameless.map(({ name }) => name)).toEqual([]);
  });

  it('shows each rule broken by a case above', () => {
    const shown = new Set([...FORBIDDEN, ...CYCLE].flatMap(([, , rules]) => rules));
    const unproven = (config.forbidden ?? []).map(({ name }) => name).filter((name) => !shown.has(name ?? ''));
    expect(unproven).toEqual(['no-orphans', 'inline-executor-runs-the-runner']);
  });
});
