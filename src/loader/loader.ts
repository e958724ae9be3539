import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../model/clock.ts';
import { buildBundle, restBuilder } from './bundle.ts';
import { discover } from './discover.ts';
import { evaluationErrors } from './evaluation-errors.ts';
import { Evaluator } from './evaluator.ts';
import { FileWatch } from './file-watch.ts';
import { isGlob } from './glob.ts';
import { ImportFailure } from './import-error.ts';
import { type Input, sameInput } from './input.ts';
import { gone, type LoadResult } from './load-result.ts';
import { WorkflowOwners } from './workflow-owners.ts';

export interface LoaderOptions {
  /** Bundles lie below it. */
  readonly home: string;
  /** Relative paths are looked up from here. */
  readonly project: string;
  readonly clock: Clock;
  /** Longest import of one file, in milliseconds. Default 30 s. */
  readonly timeoutMs?: number;
  /** Heap of the process that imports, in MiB. Default 512. */
  readonly memoryMb?: number;
  /** What pipeline files find in process.env. Default: this process's own, without Millrace's variables. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface LoadListener {
  /**
   * Files that were read again because something of them changed, whose share changed because another file did, or
   * that are gone. The next ones come only when the answer has resolved.
   */
  changed(results: readonly LoadResult[]): void | Promise<void>;
  failed(error: unknown): void;
}

const TIMEOUT_MS = 30_000;
const MEMORY_MB = 512;
/** What builds and imports is kept ready for the next change for so long: together they take 60 MB. */
const WARM_MS = 10_000;
const NO_PATHS: ReadonlySet<string> = new Set();

interface Read {
  readonly found: LoadResult;
  /** The file and what it imports: a change of any of them may change it. */
  readonly inputs: readonly Input[];
}

/** Reads pipeline files, and again those that change. Each file stands alone: no other is harmed by what it does. */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #evaluator: Evaluator;
  readonly #owners = new WorkflowOwners();
  #read = new Map<string, Read>();
  /** What was told of each file, without its specs. */
  #told = new Map<string, string>();
  #watch: FileWatch | undefined;
  #stopped = false;
  #stayWarm = () => {};
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LoaderOptions) {
    this.#options = options;
    const { timeoutMs = TIMEOUT_MS, memoryMb = MEMORY_MB, env = ownEnvironment(), clock } = options;
    this.#evaluator = new Evaluator({ timeoutMs, memoryMb, clock, env });
  }

  /** Starts what reads files ahead of load(). */
  warm(): void {
    this.#evaluator.warm();
  }

  /**
   * What the files define that the paths name (see discover()), in the order of the files. Reads only those that were
   * not read before, of which an input has changed, or that import what is not there; forgets what is not named.
   * Throws `not_found` for a path that does not exist.
   */
  load(paths: readonly string[] = []): Promise<LoadResult[]> {
    return this.#inTurn(async () => {
      const { results } = await this.#look(await discover(this.#options.project, paths), NO_PATHS);
      return results;
    });
  }

  /** From now on tells what changes, beginning with what did since the last load. */
  async watch(paths: readonly string[], listener: LoadListener): Promise<void> {
    const { project, clock } = this.#options;
    const look = (suspects: ReadonlySet<string>) =>
      this.#inTurn(async () => {
        if (this.#stopped) return;
        const { news } = await this.#look(await this.#discoverAgain(paths), suspects);
        this.#watch?.add(this.#inputPaths());
        if (news.length > 0 && !this.#stopped) await listener.changed(news);
      }).catch((error) => listener.failed(error));
    const changed = (suspects: ReadonlySet<string>) => void look(suspects);
    const failed = (error: unknown) => listener.failed(error);
    this.#watch = await FileWatch.start({ project, paths, files: this.#inputPaths(), clock, changed, failed });
    if (this.#stopped) return this.#watch.stop();
    await look(NO_PATHS);
  }

  /** Ends what is being read, and resolves when nothing more will be told. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watch?.stop();
    this.#evaluator.close();
    await this.#turn;
    this.#stayWarm();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {}).then(() => this.#restLater());
    return result;
  }

  #restLater(): void {
    this.#stayWarm();
    if (this.#stopped) return;
    this.#stayWarm = this.#options.clock.after(WARM_MS, () => {
      this.#turn = this.#turn.then(() => {
        this.#evaluator.rest();
        return restBuilder();
      });
    });
  }

  async #look(files: readonly string[], suspects: ReadonlySet<string>) {
    const before = this.#read;
    const again = new Set<string>();
    this.#read = new Map();
    for (const file of files) {
      if (this.#stopped) break;
      const known = before.get(file);
      const same = known && (await sameRead(known, suspects));
      if (!same) again.add(file);
      // What an import waits for that leads nowhere is not known: it may be a package.
      const waits = known?.found.errors.some(({ code }) => code === 'import_not_found');
      this.#read.set(file, same && !waits ? same : await this.#readFile(file));
    }
    const results = this.#owners.settle([...this.#read.values()].map(({ found }) => found));
    const news = [...before.keys()].filter((file) => !this.#read.has(file)).map(gone);
    const told = new Map(results.map((result) => [result.file, summary(result)]));
    news.push(...results.filter(({ file }) => again.has(file) || told.get(file) !== this.#told.get(file)));
    this.#told = told;
    return { results, news };
  }

  async #readFile(file: string): Promise<Read> {
    try {
      const built = await buildBundle(file, this.#options.home);
      const evaluation = await this.#evaluator.evaluate(built.bundle.path);
      const errors = await evaluationErrors(file, evaluation, built);
      const drawn = evaluation.kind === 'drawn' ? evaluation.workflows : [];
      const varying = evaluation.kind === 'drawn' ? evaluation.varying : [];
      const workflows = drawn.filter(({ id }) => !varying.includes(id));
      return { found: { file, bundle: built.bundle, workflows, errors }, inputs: built.inputs };
    } catch (error) {
      if (!(error instanceof ImportFailure)) throw error;
      const errors = error.errors.map((each) => ({ ...each, fix: each.fix ?? 'Correct the file at this place.' }));
      return { found: { file, bundle: null, workflows: [], errors }, inputs: error.inputs };
    }
  }

  /** A path that is no longer there is no error of the others. */
  async #discoverAgain(paths: readonly string[]): Promise<string[]> {
    const { project } = this.#options;
    const left = paths.filter((path) => isGlob(path) || existsSync(resolve(project, path)));
    return paths.length > 0 && left.length === 0 ? [] : discover(project, left);
  }

  #inputPaths(): string[] {
    return [...new Set([...this.#read.values()].flatMap(({ inputs }) => inputs.map(({ path }) => path)))];
  }
}

/** The same with the stamps of now; undefined where something has changed. */
async function sameRead({ found, inputs }: Read, suspects: ReadonlySet<string>): Promise<Read | undefined> {
  const now: Input[] = [];
  for (const input of inputs) {
    const same = await sameInput(input, suspects);
    if (!same) return undefined;
    now.push(same);
  }
  return { found, inputs: now };
}

function summary({ bundle, workflows, errors }: LoadResult): string {
  return JSON.stringify([bundle?.hash, workflows.map(({ id }) => id), errors]);
}

/** Pipeline files find neither the address of the database nor keys. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_')));
}
