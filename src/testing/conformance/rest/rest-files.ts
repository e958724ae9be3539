import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RestCases } from './examine-rest.ts';
import { pipelineSources } from './pipeline-source.ts';
import type { RestStep, RestWorld, Scenario } from './rest-case.ts';

function content(folder: string, name: string): unknown {
  const path = join(folder, `${name}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return JSON.parse(gunzipSync(readFileSync(`${path}.gz`)).toString('utf8'));
  }
}

/** The cases of a folder with dags.json, setup.json and probes.json, compressed or not. */
export function restCases(folder: string): RestCases & { readonly world: RestWorld } {
  const setup = content(folder, 'setup') as readonly RestStep[] | { readonly steps: readonly RestStep[] };
  const { scenarios } = content(folder, 'probes') as { readonly scenarios: readonly Scenario[] };
  const world = content(folder, 'dags') as RestWorld;
  return { setup: 'steps' in setup ? setup.steps : setup, scenarios, world };
}

/** Writes the DAGs of the cases as pipeline files. */
export async function writePipelines(world: RestWorld, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of pipelineSources(world)) await writeFile(join(folder, `${name}.ts`), text);
}
