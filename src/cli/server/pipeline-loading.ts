import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Publication } from '../../engine/operations.ts';
import { buildBundle } from '../../loader/bundle.ts';
import { DEFAULT_FOLDERS, discover, isPipelineFolder } from '../../loader/discover.ts';
import { Evaluator } from '../../loader/evaluator.ts';
import { globBase, isGlob } from '../../loader/glob.ts';
import { ImportFailure } from '../../loader/import-error.ts';
import type { Clock } from '../../model/clock.ts';
import { parseDuration } from '../../model/duration.ts';
import type { WorkflowRow } from '../../store/rows.ts';
import { evaluationErrors } from './evaluation-errors.ts';
import { errorEntry, type Log } from './log.ts';
import { type LoadedFile, Pipelines } from './pipelines.ts';

export interface PipelineLoadingOptions {
  readonly home: string;
  /** Relative paths are looked up from here. */
  readonly project: string;
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: (publication: Publication) => Promise<readonly WorkflowRow[]>;
  /** The workflows that the store has, from earlier loads. */
  readonly known: () => Promise<readonly WorkflowRow[]>;
  /**
   * What becomes of workflows of files that are not read here. `retired`: they wait until a server reads their file
   * again, since a server that is alone on its store must not run what it was not given. `kept`: others may read them.
   */
  readonly others: 'retired' | 'kept';
}

/** Longest import of one file; slow machines may set more. */
const TIMEOUT_VARIABLE = 'MILLRACE_IMPORT_TIMEOUT';
const IMPORT_TIMEOUT = '30s';
const IMPORT_MEMORY_MB = 512;
/** Editors write a file in several steps, and several files at once. */
const SETTLE_MS = 50;

interface Read extends LoadedFile {
  /** The file and what it imports: a change of any of them may change it. */
  readonly inputs: readonly string[];
}

/** Reads pipeline files, publishes what they define, and does so again for those that change. */
export class PipelineLoading {
  readonly #options: PipelineLoadingOptions;
  readonly #pipelines = new Pipelines();
  readonly #evaluator: Evaluator;
  readonly #read = new Map<string, Read>();
  readonly #changed = new Set<string>();
  #watcher: FSWatcher | undefined;
  #cancel: () => void = () => {};
  #last: Promise<void> = Promise.resolve();

  constructor(options: PipelineLoadingOptions) {
    this.#options = options;
    const { clock } = options;
    this.#evaluator = new Evaluator({
      timeoutMs: parseDuration(process.env[TIMEOUT_VARIABLE] || IMPORT_TIMEOUT),
      memoryMb: IMPORT_MEMORY_MB,
      clock,
      env: evaluatorEnvironment(),
    });
  }

  /** Reads all files. */
  async read(): Promise<readonly LoadedFile[]> {
    for (const file of await this.#discover()) this.#read.set(file, await this.#readFile(file));
    return [...this.#read.values()];
  }

  /** Publishes everything that was read, and that workflows of files which are gone are gone. */
  async publishAll(): Promise<void> {
    for (const file of this.#read.values()) await this.#publish(file);
    const files = new Set((await this.#options.known()).map(({ file }) => file));
    const others = [...files].filter(
      (file) => !this.#read.has(file) && (this.#options.others === 'retired' || !existsSync(file)),
    );
    for (const file of others) await this.#publish(gone(file));
  }

  /** From now on reads again what changes. */
  async watch(): Promise<void> {
    const { project, paths, log } = this.#options;
    const roots = (paths.length > 0 ? paths : DEFAULT_FOLDERS).map((path) =>
      resolve(project, isGlob(path) ? globBase(resolve(project, path)) : path),
    );
    const watcher = watch([...roots.filter(existsSync), ...this.#inputs()], {
      ignoreInitial: true,
      ignored: (path) => isIgnored(relative(project, path)),
    });
    watcher.on('all', (_event, path) => this.#noteChange(path));
    watcher.on('error', (error) => log(errorEntry('changes of files cannot be watched', error)));
    this.#watcher = watcher;
    await new Promise<void>((ready) => watcher.once('ready', ready));
  }

  async stop(): Promise<void> {
    this.#cancel();
    await this.#watcher?.close();
    this.#evaluator.close();
    await this.#last;
  }

  #noteChange(path: string): void {
    this.#changed.add(path);
    this.#cancel();
    this.#cancel = this.#options.clock.after(SETTLE_MS, () => {
      this.#last = this.#last
        .then(() => this.#readChanged())
        .catch((error) => this.#options.log(errorEntry('changed files could not be read', error)));
    });
  }

  async #readChanged(): Promise<void> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    const files = new Set(await this.#discover());
    for (const file of [...this.#read.keys()].filter((known) => !files.has(known))) {
      this.#read.delete(file);
      await this.#publish(gone(file));
    }
    for (const file of files) {
      if (this.#read.get(file)?.inputs.some((input) => changed.has(input)) === false) continue;
      const read = await this.#readFile(file);
      this.#read.set(file, read);
      await this.#publish(read);
    }
    this.#watcher?.add(this.#inputs());
  }

  #inputs(): string[] {
    return [...new Set([...this.#read.values()].flatMap(({ inputs }) => inputs))].filter(existsSync);
  }

  /** A path that is no longer there is no error of the others. */
  async #discover(): Promise<string[]> {
    const { project, paths } = this.#options;
    if (!this.#watcher) return discover(project, paths);
    const left = paths.filter((path) => isGlob(path) || existsSync(resolve(project, path)));
    return paths.length > 0 && left.length === 0 ? [] : discover(project, left);
  }

  async #readFile(file: string): Promise<Read> {
    try {
      const { bundle, inputs, packages } = await buildBundle(file, this.#options.home);
      const evaluation = await this.#evaluator.evaluate(bundle.path);
      const errors = await evaluationErrors(file, evaluation, packages);
      const drawn = evaluation.kind === 'drawn' ? evaluation.workflows : [];
      const varying = evaluation.kind === 'drawn' ? evaluation.varying : [];
      return { file, bundle, workflows: drawn.filter(({ id }) => !varying.includes(id)), errors, inputs };
    } catch (error) {
      if (!(error instanceof ImportFailure)) throw error;
      const errors = error.errors.map((each) => ({ ...each, fix: each.fix ?? 'Correct the file at this place.' }));
      return { file, bundle: null, workflows: [], errors, inputs: [file, ...error.inputs] };
    }
  }

  async #publish(loaded: LoadedFile): Promise<void> {
    const { log, publish } = this.#options;
    const { file } = loaded;
    const { publication, errors } = this.#pipelines.share(loaded);
    for (const { message, ...fields } of errors) log({ level: 'error', message, fields });
    try {
      const workflows = (await publish(publication)).map(({ name }) => name);
      if (workflows.length > 0) log({ level: 'info', message: 'loaded', fields: { file, workflows } });
      else if (errors.length === 0) log({ level: 'info', message: 'defines no workflow', fields: { file } });
    } catch (error) {
      log(errorEntry(`${file} could not be published`, error));
    }
  }
}

/** Hidden folders and packages are not looked at; the way out of the project is no hidden folder. */
function isIgnored(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part !== '' && part !== '..' && part !== '.' && !isPipelineFolder(part));
}

const gone = (file: string): LoadedFile => ({ file, bundle: null, workflows: [], errors: [] });

/** Pipeline files find neither the address of the database nor keys. */
function evaluatorEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_')));
}

/** Reads pipeline files and publishes nothing. */
export async function loadPipelines(
  options: Pick<PipelineLoadingOptions, 'home' | 'project' | 'paths' | 'clock'>,
): Promise<readonly LoadedFile[]> {
  const loading = new PipelineLoading({
    ...options,
    log: () => {},
    publish: async () => [],
    known: async () => [],
    others: 'kept',
  });
  try {
    return await loading.read();
  } finally {
    await loading.stop();
  }
}
