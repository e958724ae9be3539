import { existsSync } from 'node:fs';
import type { Publication } from '../../engine/operations.ts';
import { buildBundle } from '../../loader/bundle.ts';
import { discover } from '../../loader/discover.ts';
import { Evaluator } from '../../loader/evaluator.ts';
import { ImportFailure } from '../../loader/import-error.ts';
import type { Clock } from '../../model/clock.ts';
import type { WorkflowRow } from '../../store/rows.ts';
import { errorEntry, type Log } from './log.ts';
import { type LoadedFile, Pipelines } from './pipelines.ts';

export interface PipelineLoadingOptions {
  readonly home: string;
  readonly project: string;
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: (publication: Publication) => Promise<readonly WorkflowRow[]>;
  /** The workflows that the store has, from earlier loads. */
  readonly known: () => Promise<readonly WorkflowRow[]>;
}

// INTERIM until src/loader/loader.ts is there.
export class PipelineLoading {
  readonly #options: PipelineLoadingOptions;
  readonly #pipelines = new Pipelines();
  readonly #evaluator: Evaluator;

  constructor(options: PipelineLoadingOptions) {
    this.#options = options;
    this.#evaluator = new Evaluator({ timeoutMs: 30_000, memoryMb: 512, clock: options.clock, env: process.env });
  }

  /** Reads all files; what it returns publishes them. */
  async read(): Promise<() => Promise<void>> {
    const loaded = await this.load();
    return async () => {
      for (const file of loaded) await this.#publish(file);
      const gone = new Set((await this.#options.known()).map(({ file }) => file).filter((file) => !existsSync(file)));
      for (const file of gone) await this.#publish({ file, bundle: null, workflows: [], errors: [] });
    };
  }

  async load(): Promise<LoadedFile[]> {
    const { project, paths } = this.#options;
    const files = await discover(project, paths);
    const loaded: LoadedFile[] = [];
    for (const file of files) loaded.push(await this.#load(file));
    return loaded;
  }

  async watch(): Promise<void> {}

  async stop(): Promise<void> {
    this.#evaluator.close();
  }

  async #load(file: string): Promise<LoadedFile> {
    try {
      const { bundle } = await buildBundle(file, this.#options.home);
      const evaluation = await this.#evaluator.evaluate(bundle.path);
      if (evaluation.kind === 'drawn') return { file, bundle, workflows: evaluation.workflows, errors: [] };
      const error = {
        file,
        line: null,
        column: null,
        code: 'import_threw' as const,
        message: JSON.stringify(evaluation),
        fix: null,
        frame: null,
      };
      return { file, bundle, workflows: [], errors: [error] };
    } catch (error) {
      if (!(error instanceof ImportFailure)) throw error;
      return { file, bundle: null, workflows: [], errors: error.errors };
    }
  }

  async #publish(loaded: LoadedFile): Promise<void> {
    const publication = this.#pipelines.publication(loaded);
    const { log, publish } = this.#options;
    try {
      const workflows = await publish(publication);
      for (const { file, code, message, line, fix } of publication.errors.map((error) => ({
        file: loaded.file,
        ...error,
      }))) {
        log({ level: 'error', message, fields: { file, line, code, fix } });
      }
      log({
        level: 'info',
        message: 'loaded',
        fields: { file: loaded.file, workflows: workflows.map(({ name }) => name) },
      });
    } catch (error) {
      log(errorEntry(`${loaded.file} could not be published`, error));
    }
  }
}

export async function loadPipelines(
  options: Pick<PipelineLoadingOptions, 'home' | 'project' | 'paths' | 'clock'>,
): Promise<readonly LoadedFile[]> {
  const loading = new PipelineLoading({ ...options, log: () => {}, publish: async () => [], known: async () => [] });
  try {
    return await loading.load();
  } finally {
    await loading.stop();
  }
}
