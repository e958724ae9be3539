import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export const HOME_VARIABLE = 'MILLRACE_HOME';
const DEFAULT_NAME = '.millrace';

/** Where a Millrace keeps its state, and the project that it belongs to. */
export interface Home {
  /** Database, keys, objects, bundles. */
  readonly folder: string;
  /** Pipelines are looked for from here. */
  readonly project: string;
}

/**
 * The home of a command: what was asked for, else `MILLRACE_HOME`, else `.millrace/` of the project. The project is the
 * nearest folder upwards that has a `.millrace` or a package.json, else the working directory.
 */
export function findHome(
  cwd: string,
  { home, env }: { readonly home?: string | undefined; readonly env: Readonly<Record<string, string | undefined>> },
): Home {
  const project = nearestProject(resolve(cwd)) ?? resolve(cwd);
  const named = home ?? (env[HOME_VARIABLE] || undefined);
  return { folder: named === undefined ? join(project, DEFAULT_NAME) : resolve(cwd, named), project };
}

function nearestProject(folder: string): string | undefined {
  if (existsSync(join(folder, DEFAULT_NAME)) || existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestProject(parent);
}

/** Makes the folder, readable by its owner alone, with a note that keeps it out of git. */
export async function makeHome({ folder }: Pick<Home, 'folder'>): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await writeFile(join(folder, '.gitignore'), '*\n');
}
