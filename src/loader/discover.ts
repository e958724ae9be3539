import { readdir, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { MillraceError } from '../model/errors.ts';
import { globBase, globExpression, isGlob } from './glob.ts';

/** Where pipelines are looked for when nothing is said; the first that exists. */
export const DEFAULT_FOLDERS = ['pipelines', 'dags'] as const;

const PIPELINE = /\.m?[jt]s$/;
const NO_PIPELINE = /(\.test(-d)?\.m?[jt]s|\.d\.m?ts)$/;

/** True for the name of a file that may define workflows: TypeScript or JavaScript, no test, no declarations, not hidden. */
export function isPipelineName(name: string): boolean {
  return PIPELINE.test(name) && !NO_PIPELINE.test(name) && !name.startsWith('.');
}

/** False for folders that are never looked into: node_modules and hidden ones. */
export function isPipelineFolder(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.');
}

/**
 * The pipeline files that the paths name, in alphabetical order: a file is taken as it is, a folder with everything
 * below it, a glob with what it matches. Without paths: `pipelines/`, else `dags/`. A named file that does not exist
 * is an error (`not_found`); a folder or glob without pipelines is none.
 */
export async function discover(project: string, paths: readonly string[] = []): Promise<string[]> {
  const found = new Set<string>();
  const named = paths.length > 0 ? paths : await defaultFolder(project);
  for (const path of named) for (const file of await expand(project, path)) found.add(file);
  return [...found].sort();
}

async function defaultFolder(project: string): Promise<string[]> {
  for (const folder of DEFAULT_FOLDERS) {
    if ((await kindOf(join(project, folder))) === 'folder') return [folder];
  }
  return [];
}

async function expand(project: string, path: string): Promise<string[]> {
  const full = resolve(project, path);
  const kind = await kindOf(full);
  if (kind === 'file') return [full];
  if (kind === 'folder') return walk(full);
  if (!isGlob(path)) {
    throw new MillraceError('not_found', `there is no file or folder ${full}`, {
      fix: 'Name an existing file or folder, or a glob such as "pipelines/**/*.ts".',
    });
  }
  const pattern = full.split(sep).join('/');
  const expression = globExpression(pattern);
  const base = globBase(pattern);
  if ((await kindOf(base)) !== 'folder') return [];
  return (await walk(base)).filter((file) => expression.test(file.split(sep).join('/')));
}

async function walk(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await kindOf(path) : entry.isDirectory() ? 'folder' : 'file';
    if (kind === 'folder' && isPipelineFolder(entry.name)) {
      // A link to a folder above itself would never end.
      if (!entry.isSymbolicLink()) files.push(...(await walk(path)));
    } else if (kind === 'file' && isPipelineName(entry.name)) files.push(path);
  }
  return files;
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? 'folder' : found?.isFile() ? 'file' : undefined;
}
