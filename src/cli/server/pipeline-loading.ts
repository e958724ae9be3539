import { existsSync } from 'node:fs';
import type { Publication } from '../../engine/operations.ts';
import { gone, type LoadResult } from '../../loader/load-result.ts';
import { Loader } from '../../loader/loader.ts';
import type { Clock } from '../../model/clock.ts';
import { parseDuration } from '../../model/duration.ts';
import { optionsWithoutEffect, withoutEffectText } from '../../sdk/not-yet.ts';
import type { WorkflowRow } from '../../store/rows.ts';
import type { Store } from '../../store/store.ts';
import { errorEntry, type Log } from './log.ts';
import { publicationOf } from './publication.ts';

interface PipelineFiles {
  readonly home: string;
  /** Relative paths are looked up from here. */
  readonly project: string;
  readonly paths: readonly string[];
  readonly clock: Clock;
}

export interface PipelineLoadingOptions extends PipelineFiles {
  readonly log: Log;
  readonly publish: (publication: Publication) => Promise<readonly WorkflowRow[]>;
  /** Files that the store knows workflows or errors of, from earlier loads. */
  readonly known: () => Promise<readonly string[]>;
  /**
   * What becomes of workflows of files that are not read here. `retired`: they wait until a server reads their file
   * again, since a server that is alone on its store must not run what it was not given. `kept`: others may read them.
   */
  readonly others: 'retired' | 'kept';
}

/** Files that a store knows workflows or errors of. */
export async function knownFiles({ queries, readings }: Pick<Store, 'queries' | 'readings'>): Promise<string[]> {
  const [workflows, errors] = await Promise.all([queries.workflows({ present: true }), readings.importErrors()]);
  return [...workflows, ...errors].map(({ file }) => file);
}

/** Longest import of one file; slow machines may set more. */
const TIMEOUT_VARIABLE = 'MILLRACE_IMPORT_TIMEOUT';

/** Has pipeline files read, publishes what they define, and does so again for those that change. */
export class PipelineLoading {
  readonly #options: PipelineLoadingOptions;
  readonly #loader: Loader;
  #read: readonly LoadResult[] = [];

  constructor(options: PipelineLoadingOptions) {
    this.#options = options;
    this.#loader = loaderFor(options);
  }

  /** Starts what reads them ahead of read(). */
  warm(): void {
    this.#loader.warm();
  }

  /** Reads all files. */
  async read(): Promise<void> {
    this.#read = await this.#loader.load(this.#options.paths);
  }

  /** Publishes everything that was read, and that workflows of files which are gone are gone. */
  async publishAll(): Promise<void> {
    for (const result of this.#read) await this.#publish(result);
    const read = new Set(this.#read.map(({ file }) => file));
    const files = new Set(await this.#options.known());
    const others = [...files].filter(
      (file) => !read.has(file) && (this.#options.others === 'retired' || !existsSync(file)),
    );
    for (const file of others) await this.#publish(gone(file));
  }

  /** From now on publishes what changes. */
  watch(): Promise<void> {
    const { log, paths } = this.#options;
    return this.#loader.watch(paths, {
      changed: async (results) => {
        for (const result of results) await this.#publish(result);
      },
      failed: (error) => log(errorEntry('changes of files cannot be followed', error)),
    });
  }

  stop(): Promise<void> {
    return this.#loader.stop();
  }

  async #publish(result: LoadResult): Promise<void> {
    const { log, publish } = this.#options;
    const { file, errors } = result;
    for (const { message, ...fields } of errors) log({ level: 'error', message, fields });
    for (const found of result.workflows.flatMap(optionsWithoutEffect))
      log({ level: 'warn', message: withoutEffectText(found), fields: { file } });
    try {
      const workflows = (await publish(publicationOf(result))).map(({ name }) => name);
      if (workflows.length > 0) log({ level: 'info', message: 'loaded', fields: { file, workflows } });
      else if (errors.length === 0) log({ level: 'info', message: 'defines no workflow', fields: { file } });
    } catch (error) {
      log(errorEntry(`${file} could not be published`, error));
    }
  }
}

/** Reads pipeline files and publishes nothing. */
export async function loadPipelines(files: PipelineFiles): Promise<readonly LoadResult[]> {
  const loader = loaderFor(files);
  try {
    return await loader.load(files.paths);
  } finally {
    await loader.stop();
  }
}

function loaderFor({ home, project, clock }: PipelineFiles): Loader {
  const timeout = process.env[TIMEOUT_VARIABLE];
  return new Loader({ home, project, clock, ...(timeout ? { timeoutMs: parseDuration(timeout) } : {}) });
}
