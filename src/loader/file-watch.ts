import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Clock } from '../model/clock.ts';
import { DEFAULT_FOLDERS, isPipelineFolder } from './discover.ts';
import { globBase, isGlob } from './glob.ts';

export interface FileWatchOptions {
  readonly project: string;
  readonly paths: readonly string[];
  /** Single files, wherever they lie. */
  readonly files: readonly string[];
  readonly clock: Clock;
  /** Paths that have changed, once nothing more did for a moment. */
  readonly changed: (paths: ReadonlySet<string>) => void;
  readonly failed: (error: unknown) => void;
}

/** Editors write a file in several steps, and several files at once. */
const SETTLE_MS = 50;

/** Hears of changes below the pipeline paths, and of single files beside them. */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #watcher: FSWatcher;
  #changed = new Set<string>();
  #cancel: () => void = () => {};

  private constructor(options: FileWatchOptions) {
    this.#options = options;
    const { project, paths, files } = options;
    const roots = (paths.length > 0 ? paths : DEFAULT_FOLDERS).map((path) =>
      resolve(project, isGlob(path) ? globBase(resolve(project, path)) : path),
    );
    this.#watcher = watch([...roots, ...files].filter(existsSync), {
      ignoreInitial: true,
      ignored: (path) => isIgnored(relative(project, path)),
    });
    this.#watcher.on('all', (_event, path) => this.#note(path));
    this.#watcher.on('error', options.failed);
  }

  /** Resolves when no change can be missed any more. */
  static async start(options: FileWatchOptions): Promise<FileWatch> {
    const started = new FileWatch(options);
    await new Promise<void>((ready) => started.#watcher.once('ready', ready));
    return started;
  }

  add(files: readonly string[]): void {
    this.#watcher.add(files.filter(existsSync));
  }

  stop(): Promise<void> {
    this.#cancel();
    return this.#watcher.close();
  }

  #note(path: string): void {
    this.#changed.add(path);
    this.#cancel();
    this.#cancel = this.#options.clock.after(SETTLE_MS, () => {
      const changed = this.#changed;
      this.#changed = new Set();
      this.#options.changed(changed);
    });
  }
}

/** Hidden folders and packages are not looked at; the way out of the project is no hidden folder. */
function isIgnored(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part !== '' && part !== '..' && part !== '.' && !isPipelineFolder(part));
}
