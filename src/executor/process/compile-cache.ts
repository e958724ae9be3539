import { getCompileCacheDir } from 'node:module';

/** Carries the folder of compiled code to a child, where preload-main.ts takes it out of its environment again. */
const VARIABLE = 'MILLRACE_COMPILE_CACHE';

/** Where this process keeps what it has compiled, its workers do too: they start in half the time. */
export function compileCacheEnvironment(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { [VARIABLE]: folder };
}
