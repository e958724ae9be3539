import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The folder for the bundle of a pipeline file, so that the packages which the file imports are found from there: the
 * cache in `home`, which lies in the project. A file whose nearest node_modules is not also above `home` (it lies
 * outside the project, or in a workspace with packages of its own) has its bundle in a cache in that node_modules.
 */
export function bundleFolder(home: string, file: string): string {
  const modules = nearestModules(dirname(file));
  const seenFromHome = modules === undefined || isInside(dirname(modules), home);
  return seenFromHome ? join(home, 'cache', 'bundles') : join(modules, '.cache', 'millrace', 'bundles');
}

function nearestModules(folder: string): string | undefined {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestModules(parent);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !way.startsWith('/') && !/^[A-Za-z]:/.test(way));
}
