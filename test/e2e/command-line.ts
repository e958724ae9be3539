import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs a command of the real command line in a process of its own. Rejects when it does not end with 0. */
export async function commandLine(home: string, args: readonly string[]): Promise<string> {
  const node = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', MAIN];
  const { stdout } = await promisify(execFile)(process.execPath, [...node, ...args, '--home', home]);
  return stdout;
}
