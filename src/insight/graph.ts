import type { z } from 'zod';
import type { graph as contract } from '../api/contract/graph.ts';
import { MillraceError } from '../model/errors.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { RunRow } from '../store/rows.ts';
import { isoOrNull } from './iso.ts';
import { lately } from './lately.ts';
import { workflowOf } from './run-of.ts';
import type { Sources } from './sources.ts';
import { type Counts, countsOf, type ShownState, summedOf } from './task-state.ts';
import { type TreeRow, taskTree } from './task-tree.ts';
import { about, seconds, type Usual } from './usual.ts';
import type { VersionCache } from './version-cache.ts';

type Graph = z.infer<typeof contract>;
type Node = Graph['nodes'][number];

/** A DAG's tasks and wires, with what became of them in a run where one is given. */
export async function graph(
  { store, clock }: Sources,
  versions: VersionCache,
  { dagId, runId }: { readonly dagId: string; readonly runId: string | undefined },
): Promise<Graph> {
  const workflow = await workflowOf({ store }, dagId);
  const run = runId === undefined ? null : await store.queries.runByRunId(workflow.id, runId);
  if (runId !== undefined && !run) throw new MillraceError('not_found', `${dagId} has no run '${runId}'`);
  const version = await versions.get(store.queries, run?.versionId ?? workflow.versionId);
  const [states, { tasks: usual }] = await Promise.all([
    run ? store.readings.taskStates([run.id]) : [],
    lately({ store }, versions, workflow),
  ]);
  const byTask = Map.groupBy(states, ({ task }) => task);
  const draw = new Drawing(version.spec, { run, byTask, usual, now: clock.now() });
  return {
    dag_id: dagId,
    dag_run_id: run?.runId ?? null,
    version: version.number,
    nodes: draw.nodes(),
    edges: version.spec.tasks.flatMap((task, index) =>
      task.upstream.map((source) => ({
        source: version.spec.tasks[source]!.id,
        target: version.spec.tasks[index]!.id,
        is_setup_teardown: version.spec.tasks[source]!.setup && task.teardown,
      })),
    ),
  };
}

interface About {
  readonly run: RunRow | null;
  readonly byTask: ReadonlyMap<number, readonly TaskStateRow[]>;
  readonly usual: ReadonlyMap<string, Usual>;
  readonly now: number;
}

class Drawing {
  readonly #spec: WorkflowSpec;
  readonly #about: About;

  constructor(spec: WorkflowSpec, about: About) {
    this.#spec = spec;
    this.#about = about;
  }

  nodes(): Node[] {
    return taskTree(this.#spec).map((row) => this.#node(row));
  }

  #node(row: TreeRow): Node {
    const { run, now } = this.#about;
    const states = row.tasks.flatMap((task) => this.#about.byTask.get(task) ?? []);
    const counts = countsOf(states);
    const started = least(states.map(({ startedAt }) => startedAt));
    const isOpen = states.some(({ state }) => state === 'running');
    const ended = isOpen ? now : most(states.map(({ endedAt }) => endedAt));
    const isExpanded = states.some(({ mapped }) => mapped);
    const task = row.task === undefined ? undefined : this.#spec.tasks[row.task]!;
    const attempt = Math.max(0, ...states.map((each) => each.attempt));
    const state = run ? summedOf(counts) : null;
    return {
      id: row.id,
      label: row.label,
      kind: row.kind,
      parent: row.parent,
      is_mapped: row.isMapped,
      role: row.role,
      trigger_rule: task?.triggerRule ?? null,
      state,
      counts: run && row.kind === 'task' && isExpanded ? counts : null,
      instances: isExpanded && row.kind === 'task' ? states.reduce((sum, { instances }) => sum + instances, 0) : null,
      duration: started === null || ended === null ? null : seconds(Math.max(0, ended - started)),
      try_number: attempt,
      max_tries: (task?.retries ?? 0) + 1,
      start_date: isoOrNull(started),
      fact: task ? this.#fact(row, { counts, state, attempt, started, ended }) : null,
      doc: null,
    };
  }

  /** One fact that is true and says the most: what failed, what it waits for, how long it took or takes. */
  #fact(
    row: TreeRow,
    {
      counts,
      state,
      attempt,
      started,
      ended,
    }: {
      readonly counts: Counts;
      readonly state: ShownState;
      readonly attempt: number;
      readonly started: number | null;
      readonly ended: number | null;
    },
  ): string | null {
    const task = this.#spec.tasks[row.task!]!;
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    if (all > 1) {
      const parts = [`${counts.success ?? 0} done`];
      if (counts.failed) parts.push(`${counts.failed} failed`);
      if (counts.running) parts.push(`${counts.running} running`);
      return parts.join(' · ');
    }
    const tries = task.retries + 1;
    const number = tries > 1 && attempt > 1 ? ` · attempt ${attempt} of ${Math.max(tries, attempt)}` : '';
    if (started !== null && ended !== null && (state === 'success' || state === 'running' || state === 'failed')) {
      return `${about(seconds(Math.max(0, ended - started)))}${number}`;
    }
    if (state === 'up_for_retry') return `attempt ${attempt} of ${tries} failed`;
    if (state === 'upstream_failed') {
      const cause = this.#causeOf(row.task!);
      if (cause) return `${this.#about.run?.endedAt === null ? 'will' : 'did'} not run: ${cause}`;
    }
    const usual = this.#about.usual.get(row.id);
    if (state === null && this.#about.run && usual) return `usually ${about(usual.median)}`;
    return task.triggerRule === 'all_success' ? null : task.triggerRule;
  }

  readonly #causes = new Map<number, string | null>();

  /** Of what is before a task, the nearest that has failed. */
  #causeOf(task: number): string | null {
    const found = this.#causes.get(task);
    if (found !== undefined) return found;
    this.#causes.set(task, null);
    for (const source of this.#spec.tasks[task]!.upstream) {
      const cause = this.#failureOf(source) ?? this.#causeOf(source);
      if (cause === null) continue;
      this.#causes.set(task, cause);
      return cause;
    }
    return null;
  }

  #failureOf(task: number): string | null {
    const counts = countsOf(this.#about.byTask.get(task) ?? []);
    if (!counts.failed) return null;
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    return all > 1 ? `${counts.failed} of ${all} failed` : `${this.#spec.tasks[task]!.id} failed`;
  }
}

const known = (times: readonly (number | null)[]) => times.filter((time) => time !== null);
const least = (times: readonly (number | null)[]) => (known(times).length === 0 ? null : Math.min(...known(times)));
const most = (times: readonly (number | null)[]) => (known(times).length === 0 ? null : Math.max(...known(times)));
