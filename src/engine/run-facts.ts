import type { RunFacts } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { RunRow, WorkflowRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { Catalog, Version } from './catalog.ts';
import { askTogether } from './questions.ts';

export interface KnownRun {
  readonly run: RunRow;
  readonly version: Version;
  readonly facts: RunFacts;
  /** Nothing of it is claimed: its workflow is paused, or no file defines it now. */
  readonly paused: boolean;
}

type Remembered = Omit<KnownRun, 'paused'> & Pick<WorkflowRow, 'reruns'>;

/**
 * What every attempt of a run is told. It never changes while the run goes, so it is kept; read once a transaction is
 * the workflow, which says whether it is paused, and whether finished runs of it began anew, by whichever server.
 */
export class RunFactsCache {
  readonly #catalog: Catalog;
  readonly #known = new Map<number, Remembered>();
  readonly #workflows = new Map<number, Promise<WorkflowRow | null>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Forgets what may have changed since the last transaction. */
  beginTransaction(): void {
    this.#workflows.clear();
  }

  /** After a run ended, or began anew. */
  forget(run: number): void {
    this.#known.delete(run);
  }

  /** Asks for what will probably be needed of these runs, together with what else is being asked. */
  async expect(tx: Tx, runs: Iterable<number>): Promise<void> {
    const known = [...runs].flatMap((id) => this.#known.get(id) ?? []);
    await askTogether(known.map(({ run }) => this.#workflow(tx, run.workflowId)));
  }

  async of(tx: Tx, id: number): Promise<KnownRun> {
    const known = this.#known.get(id) ?? (await this.#load(tx, id));
    const workflow = await this.#workflow(tx, known.run.workflowId);
    const paused = !workflow || workflow.paused || !workflow.present;
    if (!workflow || workflow.reruns === known.reruns) return { ...known, paused };
    return { ...(await this.#load(tx, id)), paused };
  }

  #workflow(tx: Tx, id: number): Promise<WorkflowRow | null> {
    let workflow = this.#workflows.get(id);
    if (!workflow) {
      workflow = tx.workflows.byId(id);
      this.#workflows.set(id, workflow);
    }
    return workflow;
  }

  async #load(tx: Tx, id: number): Promise<Remembered> {
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
    const reruns = (await this.#workflow(tx, run.workflowId))?.reruns ?? 0;
    const known = { run, version, facts, reruns };
    this.#known.set(id, known);
    return known;
  }
}
