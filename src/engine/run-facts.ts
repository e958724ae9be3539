import type { RunFacts } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { Catalog, Version } from './catalog.ts';
import { askTogether } from './questions.ts';

export interface KnownRun {
  readonly run: RunRow;
  readonly version: Version;
  readonly facts: RunFacts;
  readonly paused: boolean;
}

/**
 * What every attempt of a run is told. Nearly all of it never changes while the run goes, so it is kept; whether the
 * workflow is paused is read once a transaction.
 */
export class RunFactsCache {
  readonly #catalog: Catalog;
  readonly #known = new Map<number, Omit<KnownRun, 'paused'>>();
  readonly #paused = new Map<number, Promise<boolean>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Forgets what may have changed since the last transaction. */
  beginTransaction(): void {
    this.#paused.clear();
  }

  /** After a run ended, or began anew. */
  forget(run: number): void {
    this.#known.delete(run);
  }

  /** Asks for what will probably be needed of these runs, together with what else is being asked. */
  async expect(tx: Tx, runs: Iterable<number>): Promise<void> {
    const known = [...runs].flatMap((id) => this.#known.get(id) ?? []);
    await askTogether(known.map(({ run }) => this.#isPaused(tx, run.workflowId)));
  }

  async of(tx: Tx, id: number): Promise<KnownRun> {
    const known = this.#known.get(id) ?? (await this.#load(tx, id));
    return { ...known, paused: await this.#isPaused(tx, known.run.workflowId) };
  }

  #isPaused(tx: Tx, workflowId: number): Promise<boolean> {
    let paused = this.#paused.get(workflowId);
    if (!paused) {
      paused = tx.workflows.byId(workflowId).then((workflow) => workflow?.paused ?? false);
      this.#paused.set(workflowId, paused);
    }
    return paused;
  }

  async #load(tx: Tx, id: number): Promise<Omit<KnownRun, 'paused'>> {
    const run = await tx.runs.byId(id);
    if (!run) throw new MillraceError('internal', `run ${id} has instances but no row`);
    const version = await this.#catalog.ofRun(tx, run);
    const { spec } = version.graph;
    const previous = run.logicalDate === null ? null : await tx.runs.previousSuccess(run.workflowId, run.logicalDate);
    const facts: RunFacts = {
      key: run.id,
      runId: run.runId,
      workflow: spec.id,
      kind: spec.kind,
      type: run.type,
      logicalDate: run.logicalDate,
      intervalStart: run.intervalStart,
      intervalEnd: run.intervalEnd,
      runAfter: run.runAfter,
      startedAt: run.startedAt,
      params: JSON.parse(run.params) as Record<string, string>,
      conf: run.conf,
      bundle: { hash: version.row.bundleHash, path: version.row.bundlePath },
      previousSuccess:
        previous?.startedAt && previous.endedAt
          ? {
              intervalStart: previous.intervalStart,
              intervalEnd: previous.intervalEnd,
              startedAt: previous.startedAt,
              endedAt: previous.endedAt,
            }
          : null,
    };
    const known = { run, version, facts };
    this.#known.set(id, known);
    return known;
  }
}
