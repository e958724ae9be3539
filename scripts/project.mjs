// Where the project is, and which Node runs it. Runs on Node 18, without any dependency.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const bin = join(root, 'node_modules', '.bin');
const broughtAlong = join(bin, 'node');

/** Oldest Node that runs the code itself; the scripts that install it get by with 18. */
const OLDEST = [22, 14];

/** A failure that the user can mend: printed as message and fix, without a stack. */
export class SetupError extends Error {
  constructor(message, fix) {
    super(message);
    this.fix = fix;
  }
}

function runsTheCode(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The Node that the development dependency `node` brings, else this one when it is new enough. */
export function projectNode() {
  if (existsSync(broughtAlong)) return broughtAlong;
  if (runsTheCode(process.versions.node)) return process.execPath;
  throw new SetupError(
    `The Node of this machine is ${process.versions.node}; Millrace needs ${OLDEST.join('.')}, and the development dependency "node", which brings it, is not installed.`,
    'Run "npm ci --include=dev" (with install scripts allowed), or install Node 22.14 or newer.',
  );
}

/** The script behind a command in node_modules/.bin, to be run with `projectNode()`. */
export const command = (name) => join(bin, name);

/** This environment, with the project's commands and its Node first on the path. */
export function projectEnvironment(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Prints what went wrong and returns the exit code. */
export function report(error) {
  if (error instanceof SetupError) console.error(`${error.message}\nFix: ${error.fix}`);
  else console.error(error);
  return 1;
}
