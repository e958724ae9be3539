import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Held until `release`, or until the process ends, however it ends. */
export interface FolderLock {
  release(): void;
}

/**
 * Makes this process the only owner of a folder, which is created when missing. Throws when another process owns it.
 * The lock is SQLite's lock on a file, so that the operating system gives it back after a kill -9: there is no stale
 * lock to recognise.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  // An owner that was just killed holds its lock until the system has taken it down.
  const file = new Database(join(folder, 'lock'), { timeout: 1000 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    throw new Error(
      `Another process uses ${folder}.\nFix: end it, or choose another folder with the environment variable MILLRACE_HOME.`,
      { cause },
    );
  }
  return { release: () => void file.close() };
}
