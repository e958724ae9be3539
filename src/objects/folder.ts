import { randomUUID } from 'node:crypto';
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkHash, hashOf, isHash, notFound, type ObjectStore, verified } from './objects.ts';

/** Where files are written before they get their name. One that a crash left there is not an object. */
const UNFINISHED = 'unfinished';

/**
 * Objects as files of a folder: `ab/cd/abcd…`, two levels, so that no folder holds too many. A file gets its name only
 * when it is whole and on disk, and so does the entry that names it.
 */
export function folderObjects(folder: string): ObjectStore {
  const root = resolve(folder);
  const folderOf = (hash: string) => join(root, hash.slice(0, 2), hash.slice(2, 4));
  const pathOf = (hash: string) => join(folderOf(hash), hash);
  return {
    async put(bytes) {
      const hash = hashOf(bytes);
      const unfinished = join(root, UNFINISHED);
      const temporary = join(unfinished, randomUUID());
      await makeFolder(unfinished);
      try {
        await writeDurably(temporary, bytes);
        await makeFolder(folderOf(hash));
        await rename(temporary, pathOf(hash));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await syncFolder(folderOf(hash));
      return hash;
    },
    async get(hash) {
      checkHash(hash);
      const path = pathOf(hash);
      const bytes = await unlessMissing(readFile(path));
      if (!bytes) throw notFound(hash, root);
      return verified(bytes, hash, path);
    },
    async has(hash) {
      checkHash(hash);
      return (await unlessMissing(stat(pathOf(hash)))) !== undefined;
    },
    async delete(hash) {
      checkHash(hash);
      await rm(pathOf(hash), { force: true });
    },
    async *list() {
      for await (const first of folderNames(root)) {
        for await (const second of folderNames(join(root, first))) {
          for await (const hash of names(join(root, first, second))) {
            if (!isHash(hash)) continue;
            const found = await unlessMissing(stat(pathOf(hash)));
            if (found) yield { hash, size: found.size, modifiedAt: found.mtime };
          }
        }
      }
    },
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the folder and those above it, and puts the entries that are new on disk. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = join(made, '..')) await syncFolder(join(made, '..'));
}

/** A new name is on disk only when its folder is. Windows does so by itself and refuses to open a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function* folderNames(path: string): AsyncGenerator<string> {
  for await (const name of names(path)) if (/^[0-9a-f]{2}$/.test(name)) yield name;
}

async function* names(path: string): AsyncGenerator<string> {
  const folder = await unlessMissing(opendir(path));
  if (folder) for await (const entry of folder) yield entry.name;
}

async function unlessMissing<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
