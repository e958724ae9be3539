// The steps of `npm run verify`: name, what it holds, arguments for Node, longest time it may take.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { command, root } from './project.mjs';

const absent = (path) => (existsSync(join(root, path)) ? undefined : `${path} does not exist yet`);

function noTestsIn(folder) {
  const path = join(root, folder);
  const found = existsSync(path) && readdirSync(path, { recursive: true }).some((file) => file.endsWith('.test.ts'));
  return found ? undefined : `${folder} has no tests yet`;
}

/** Each example, run to its end as `npm run example -- NAME --once` runs it. */
function examples() {
  const folders = readdirSync(join(root, 'examples')).filter((name) => !absent(`examples/${name}/main.ts`));
  return folders.sort().map((name) => ({
    name: `example-${name}`,
    what: `examples/${name} to its end`,
    args: ['scripts/npm-start.mjs', name, '--once'],
    seconds: 300,
  }));
}

function providers(option) {
  const names = readdirSync(join(root, 'src/providers')).filter((name) => !absent(`src/providers/${name}/index.ts`));
  return names.length === 0 ? [] : [option, ...names.map((name) => `./providers/${name}`)];
}

const tool = (name, ...args) => [command(name), ...args];

export const steps = [
  { name: 'format', what: 'format and lint (biome)', args: tool('biome', 'check', '.'), seconds: 120 },
  {
    name: 'types',
    what: 'types of src, test, examples, bench and scripts (tsc)',
    args: tool(
      'tsc',
      '-p',
      'tsconfig.json',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      'node_modules/.cache/millrace/types.tsbuildinfo',
    ),
    seconds: 300,
  },
  {
    name: 'types-page',
    what: 'types of web (tsc)',
    args: tool(
      'tsc',
      '-p',
      'web/tsconfig.json',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      'node_modules/.cache/millrace/types-page.tsbuildinfo',
    ),
    seconds: 300,
  },
  {
    name: 'layers',
    what: 'who may import what, and no cycles (dependency-cruiser)',
    args: tool('depcruise', 'src', 'web/src', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long'),
    seconds: 120,
  },
  { name: 'unused', what: 'unused files, exports and dependencies (knip)', args: tool('knip'), seconds: 120 },
  { name: 'build', what: 'dist/ (tsc, vite)', args: ['scripts/build.mjs'], seconds: 300 },
  { name: 'package', what: 'the package as npm would publish it (publint)', args: tool('publint'), seconds: 120 },
  {
    name: 'exports',
    what: 'types and code of each export resolve (attw)',
    // attw does not look behind the star of ./providers/*, so each provider is named.
    args: tool('attw', '--pack', '.', '--profile', 'esm-only', ...providers('--include-entrypoints')),
    seconds: 120,
  },
  {
    name: 'generated',
    what: 'generated pages are those of the code',
    args: ['scripts/state-machines.ts', '--check'],
    missing: () => absent('src/model/transitions.ts') ?? absent('scripts/state-machines.ts'),
    seconds: 60,
  },
  {
    name: 'generated-cli',
    what: 'docs/CLI.md is what the commands say',
    args: ['scripts/cli-reference.ts', '--check'],
    missing: () => absent('scripts/cli-reference.ts'),
    seconds: 60,
  },
  {
    name: 'generated-api',
    what: 'docs/openapi.json and the client are what the routes say',
    args: ['scripts/api-contract.ts', '--check'],
    seconds: 120,
  },
  {
    name: 'layout',
    what: 'rules on files and names',
    args: tool('vitest', 'run', 'test/layout'),
    vitest: true,
    seconds: 300,
  },
  {
    name: 'tests',
    what: 'unit and integration tests',
    args: tool('vitest', 'run', '--exclude', 'test/layout/**'),
    vitest: true,
    seconds: 900,
  },
  {
    name: 'simulation',
    what: 'clusters with faults, from seeds',
    args: ['src/testing/simulation/main.ts', '--seeds', '200'],
    missing: () => absent('src/testing/simulation'),
    seconds: 600,
  },
  {
    name: 'e2e',
    what: 'real servers and worker processes',
    args: tool('vitest', 'run', '--config', 'vitest.e2e.config.ts'),
    vitest: true,
    missing: () => noTestsIn('test/e2e'),
    seconds: 1200,
  },
  ...examples(),
];
