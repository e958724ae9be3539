// Makes docs/openapi.json and src/client/schema.ts from the API's routes; with --check says whether they are up to date.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { createApi } from '../src/api/api.ts';
import { describeApi } from '../src/api/openapi.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

// No route is called: what they work with is not needed.
const api = createApi({ version: '2' } as never, { describe: (it) => describeApi(it, '2') });
await api.ready();
const document = api.swagger();
const types = astToString(await openapiTypescript(document as never, { alphabetize: true, defaultNonNullable: false }));

const files = [
  ['docs/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
  ['src/client/schema.ts', `// Made by scripts/api-contract.ts from the API's routes; do not edit.\n${types}`],
] as const;

let stale = 0;
for (const [path, text] of files) {
  const biome = join(root, 'node_modules/.bin/biome');
  const formatted = execFileSync(biome, ['check', '--write', `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const target = join(root, path);
  if (!check) writeFileSync(target, formatted);
  else if (readFileSync(target, 'utf8') !== formatted) {
    stale += 1;
    console.error(`${path} is not what the routes say.\nFix: npm run docs:generate`);
  }
}
process.exitCode = stale === 0 ? 0 : 1;
