import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { ErrorReport } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { Mask } from './log-line.ts';

/** Causes that are followed. */
const DEEPEST_CAUSE = 5;
const LONGEST_STACK = 32 * 1024;
const LONGEST_MESSAGE = 8 * 1024;

/** This package's own code; what runs a body stands below it, what it asks for a connection above. */
const own = fileURLToPath(new URL('..', import.meta.url));
/** Where the project lies: its files are named from there. A body may change the folder later. */
const project = `${process.cwd()}${sep}`;
const OWN_FOLDERS = ['runner', 'executor', 'sdk'].map((folder) => `${own}${folder}`);

/** What was thrown, as it is reported: masked, and with places in the author's files. */
export function errorReport(thrown: unknown, mask: Mask): ErrorReport {
  if (!(thrown instanceof Error)) {
    const text = typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 3 });
    return { name: 'Error', message: mask(text).slice(0, LONGEST_MESSAGE), stack: null, code: null };
  }
  return {
    name: String(thrown.name),
    message: mask(String(thrown.message)).slice(0, LONGEST_MESSAGE),
    stack: thrown.stack === undefined ? null : mask(stackWithCauses(thrown)).slice(0, LONGEST_STACK),
    code: MillraceError.is(thrown) ? thrown.code : null,
    ...(MillraceError.is(thrown) && thrown.fix !== undefined ? { fix: mask(thrown.fix) } : {}),
    ...(MillraceError.is(thrown) && thrown.lacks !== undefined ? { lacks: thrown.lacks } : {}),
  };
}

function stackWithCauses(error: Error): string {
  const parts = [readable(error.stack ?? String(error))];
  let cause = error.cause;
  for (let depth = 0; cause !== undefined && depth < DEEPEST_CAUSE; depth++) {
    const text = cause instanceof Error ? readable(cause.stack ?? String(cause)) : inspect(cause, { depth: 2 });
    parts.push(`caused by: ${text}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return parts.join('\n');
}

/** Without the frames of the platform and of what runs a body, which say nothing to the author of a task. */
function readable(stack: string): string {
  return stack
    .split('\n')
    .map((line) => line.replace(/file:\/\/[^\s()]+?(?=:\d+:\d+)/g, pathOf))
    .filter((line) => !isOwnFrame(line))
    .map((line) => (line.includes(own) ? line : line.replace(project, '')))
    .join('\n');
}

function isOwnFrame(line: string): boolean {
  const [, place] = /^\s*at (?:.* \()?(?:async )?(.+?)\)?$/.exec(line) ?? [];
  if (place === undefined) return false;
  return (
    place.startsWith('node:') || OWN_FOLDERS.some((folder) => place.startsWith(folder) && !place.includes('.test.'))
  );
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
