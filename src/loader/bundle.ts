import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type BuildFailure, build, type Metafile, stop } from 'esbuild';
import { buildErrors } from './build-error.ts';
import { bundleFolder } from './bundle-place.ts';
import { ImportFailure } from './import-error.ts';
import { type Input, InputRecord } from './input.ts';
import { ownPlace } from './own-place.ts';

/** The built code of a pipeline file. */
export interface Bundle {
  /** SHA-256 of the code, in hexadecimal; names the file. */
  readonly hash: string;
  readonly path: string;
}

export interface BuiltFile {
  readonly bundle: Bundle;
  /** The file and everything of the project that it imports. */
  readonly inputs: readonly Input[];
  /** Where each package is imported: specifier to the files that do. */
  readonly packages: ReadonlyMap<string, readonly string[]>;
}

/** Builds that are under way in this process. */
let building = 0;

/** Ends esbuild's process, unless something is being built. The next build starts another. */
export async function restBuilder(): Promise<void> {
  if (building === 0) await stop();
}

/**
 * Builds a pipeline file with everything it imports from the project; packages stay outside and are found when the
 * bundle is imported. Written under the hash of the code, by a rename, so that nobody reads half of it. Throws
 * ImportFailure.
 */
export async function buildBundle(file: string, home: string): Promise<BuiltFile> {
  building += 1;
  try {
    return await bundled(file, home);
  } finally {
    building -= 1;
  }
}

async function bundled(file: string, home: string): Promise<BuiltFile> {
  const folder = bundleFolder(home, file);
  const project = dirname(home);
  const record = new InputRecord();
  await record.add(file);
  const result = await build({
    entryPoints: [file],
    absWorkingDir: project,
    outfile: join(folder, 'bundle.mjs'),
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    charset: 'utf8',
    sourcemap: 'external',
    metafile: true,
    logLevel: 'silent',
    loader: { '.sql': 'text', '.txt': 'text', '.md': 'text' },
    plugins: [record.plugin(), ownPlace(folder)],
  }).catch(async (failure: BuildFailure) => {
    const errors = await buildErrors(failure, file, project);
    throw new ImportFailure(errors, record.list());
  });
  const code = outputText(result.outputFiles, '.mjs');
  const map = outputText(result.outputFiles, '.mjs.map');
  const bundle = await write(folder, code, map);
  return { bundle, inputs: record.list(), packages: packagesIn(result.metafile, project) };
}

function outputText(files: readonly { readonly path: string; readonly text: string }[], ending: string): string {
  return files.find(({ path }) => path.endsWith(`bundle${ending}`))?.text ?? '';
}

async function write(folder: string, code: string, map: string): Promise<Bundle> {
  const hash = createHash('sha256').update(code).digest('hex');
  const path = join(folder, `${hash}.mjs`);
  await mkdir(folder, { recursive: true });
  // Lines of the sources may have moved although the code is the same.
  await writeAtomically(`${path}.map`, map);
  if (!(await exists(path))) await writeAtomically(path, `${code}//# sourceMappingURL=${hash}.mjs.map\n`);
  return { hash, path };
}

let written = 0;

async function writeAtomically(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return;
  const temporary = `${path}.${process.pid}-${++written}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function packagesIn(metafile: Metafile, project: string): BuiltFile['packages'] {
  const packages = new Map<string, string[]>();
  for (const [name, input] of Object.entries(metafile.inputs)) {
    const path = resolve(project, name);
    for (const imported of input.imports) {
      if (!imported.external) continue;
      packages.set(imported.path, [...(packages.get(imported.path) ?? []), path]);
    }
  }
  return packages;
}
