import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A file as it was when it was read: the pipeline file itself, or one that it imports. */
export interface Input {
  readonly path: string;
  /** Time of the last change in nanoseconds, and size; null: it was not there. */
  readonly stamp: string | null;
  /** SHA-256 of the content; null: it could not be read. */
  readonly hash: string | null;
}

export async function readInput(path: string): Promise<Input> {
  // The stamp comes first: a change in between is seen the next time.
  const stamp = await stampOf(path);
  return { path, stamp, hash: await hashOf(path) };
}

/**
 * The input as it is now, where its content is still the same; undefined where it is not. Content is looked at only
 * when time or size have changed, or when `suspects` (paths of which a change was heard) names it.
 */
export async function sameInput(input: Input, suspects: ReadonlySet<string>): Promise<Input | undefined> {
  const stamp = await stampOf(input.path);
  if (stamp === input.stamp && !suspects.has(input.path)) return input;
  const hash = await hashOf(input.path);
  return hash === input.hash ? { ...input, stamp } : undefined;
}

/** Collects what a build reads, each file as it was right before, so that no later change can be missed. */
export class InputRecord {
  readonly #inputs = new Map<string, Input>();

  async add(path: string): Promise<void> {
    if (!this.#inputs.has(path)) this.#inputs.set(path, await readInput(path));
  }

  list(): Input[] {
    return [...this.#inputs.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  plugin(): Plugin {
    return {
      name: 'input-record',
      setup: (build) => {
        build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
          await this.add(path);
          return undefined;
        });
      },
    };
  }
}

async function stampOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.mtimeNs} ${found.size}` : null;
}

async function hashOf(path: string): Promise<string | null> {
  const content = await readFile(path).catch(() => undefined);
  return content ? createHash('sha256').update(content).digest('hex') : null;
}
