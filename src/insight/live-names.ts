import type { z } from 'zod';
import type { liveEvent } from '../api/contract/stream.ts';
import { MillraceError } from '../model/errors.ts';
import type { Readings } from '../store/readings.ts';
import type { EventRow, RunRow, VersionRow } from '../store/rows.ts';
import type { Queries } from '../store/store.ts';
import { VersionCache } from './version-cache.ts';

export type LiveEvent = z.infer<typeof liveEvent>;

interface KnownRun {
  readonly run: RunRow;
  readonly version: VersionRow;
}

/** As many runs as are remembered: those that are running seldom are more. */
const REMEMBERED = 1_000;

/** Says the store's events in names: which workflow, run and task they are about. */
export class LiveNames {
  readonly #queries: Queries;
  readonly #readings: Pick<Readings, 'workflows'>;
  readonly #runs = new Map<number, KnownRun | null>();
  /** Many runs are of one version, which may be a graph of thousands of tasks. */
  readonly #versions = new VersionCache();
  readonly #workflows = new Map<number, string>();

  constructor({ queries, readings }: { readonly queries: Queries; readonly readings: Pick<Readings, 'workflows'> }) {
    this.#queries = queries;
    this.#readings = readings;
  }

  /** In the same order; what nobody follows is left out. */
  async name(rows: readonly EventRow[]): Promise<LiveEvent[]> {
    const events: LiveEvent[] = [];
    for (const row of rows) events.push(await this.#name(row));
    return events;
  }

  async #name(row: EventRow): Promise<LiveEvent> {
    const [subject = '', state = null] = row.kind.split('.');
    // A run that begins anew may do so on another version, in which tasks have other numbers.
    if (row.kind === 'run.queued' && row.run !== null) this.#runs.delete(row.run);
    const known = row.run === null ? null : await this.#run(row.run);
    const kind =
      subject === 'instance' || subject === 'task' ? 'task' : KINDS.has(subject) ? (subject as 'run') : 'other';
    return {
      id: row.id,
      at: new Date(row.at).toISOString(),
      kind,
      dag_id: known?.version.spec.id ?? (row.workflowId === null ? null : await this.#workflow(row.workflowId)),
      dag_run_id: known?.run.runId ?? null,
      task_id: row.task === null ? null : (known?.version.spec.tasks[row.task]?.id ?? callName(row)),
      map_index: row.index,
      try_number: row.attempt,
      state,
    };
  }

  async #run(id: number): Promise<KnownRun | null> {
    const remembered = this.#runs.get(id);
    if (remembered !== undefined) return remembered;
    const run = await this.#queries.run(id);
    const version = run && (await this.#versions.get(this.#queries, run.versionId).catch(unlessGone));
    const known = run && version ? { run, version } : null;
    if (this.#runs.size >= REMEMBERED) this.#runs.delete(this.#runs.keys().next().value!);
    this.#runs.set(id, known);
    return known;
  }

  async #workflow(id: number): Promise<string | null> {
    if (!this.#workflows.has(id)) {
      for (const workflow of await this.#readings.workflows({})) this.#workflows.set(workflow.id, workflow.name);
    }
    return this.#workflows.get(id) ?? null;
  }
}

const KINDS: ReadonlySet<string> = new Set(['run', 'backfill', 'workflow', 'file']);

/** A version may go between the two questions: its file is published anew, and the run has begun anew on the next one. */
function unlessGone(error: unknown): null {
  if (error instanceof MillraceError && error.code === 'conflict') return null;
  throw error;
}

/** Calls of a flow are in no spec: their event says their name. */
function callName({ data }: EventRow): string | null {
  const { name } = data === null ? {} : (JSON.parse(data) as { readonly name?: unknown });
  return typeof name === 'string' ? name : null;
}
