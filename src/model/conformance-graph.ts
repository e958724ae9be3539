import { MillraceError } from './errors.ts';
import type { WeightedNode, WeightRule } from './priority.ts';
import { mappedGroups, tasksInScope } from './scope.ts';
import type { TaskNode } from './task-graph.ts';
import type { TriggerRule } from './trigger-rule.ts';

/** The description of a DAG in the conformance cases; a field that is absent has Airflow's default. */
export interface DagCase {
  readonly groups?: readonly {
    readonly group_id: string;
    readonly parent: string | null;
    readonly expand?: ExpandCase;
  }[];
  readonly tasks: readonly TaskCase[];
  readonly edges: readonly (readonly [string, string])[];
  /** The direct upstream of every task, where edges alone do not tell it. */
  readonly upstream?: Readonly<Record<string, readonly string[]>>;
}

interface ExpandCase {
  readonly args?: Readonly<Record<string, { readonly literal?: object; readonly output?: string }>>;
}

export interface TaskCase {
  readonly task_id: string;
  readonly group?: string | null;
  readonly trigger_rule?: TriggerRule | null;
  readonly setup?: boolean;
  readonly teardown?: boolean;
  readonly on_failure_fail_dagrun?: boolean;
  readonly depends_on_past?: boolean;
  readonly priority_weight?: number;
  readonly weight_rule?: WeightRule;
  readonly expand?: ExpandCase;
}

/** Task, then map index as text, to the instance's state. */
export type StateMap = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

export interface ConformanceTask extends TaskNode, WeightedNode {
  readonly id: string;
  readonly triggerRule: TriggerRule;
  readonly dependsOnPast: boolean;
  readonly mappedGroup: number | null;
  /** See tasksInScope. */
  readonly scope: readonly number[];
  /** Tasks whose outputs this task, or its mapped group, is expanded over. */
  readonly sources: readonly number[];
}

export interface ConformanceGraph {
  readonly tasks: readonly ConformanceTask[];
  index(id: string): number;
  /** Map index and state of each instance of a task, in order of map index. */
  instances(task: number): readonly (readonly [number, string | null])[];
}

/** Builds the model's graph from a case. */
export function graphOf(dag: DagCase, states: StateMap): ConformanceGraph {
  const byId = new Map(dag.tasks.map((task, index) => [task.task_id, index]));
  const index = (id: string) => requireIndex(byId, id);
  const groups = dag.groups ?? [];
  const groupIndex = (id: string | null | undefined) => {
    const found = groups.findIndex((group) => group.group_id === id);
    return found < 0 ? null : found;
  };
  const mapped = mappedGroups({
    tasks: dag.tasks.map((task) => ({ group: groupIndex(task.group) })),
    groups: groups.map((group) => ({ parent: groupIndex(group.parent), mapping: group.expand ?? null })),
  });
  const upstream = dag.tasks.map((task) => {
    const ids = dag.upstream?.[task.task_id] ?? dag.edges.filter(([, to]) => to === task.task_id).map(([from]) => from);
    return ids.map(index);
  });
  const expandOf = (task: TaskCase, at: number) => task.expand ?? groups[mapped[at] ?? -1]?.expand;
  const nodes = dag.tasks.map((task, at) => ({
    id: task.task_id,
    triggerRule: task.teardown ? ('all_done_setup_success' as const) : (task.trigger_rule ?? ('all_success' as const)),
    upstream: upstream[at] ?? [],
    downstream: upstream.flatMap((list, other) => (list.includes(at) ? [other] : [])),
    setup: task.setup ?? false,
    teardown: task.teardown ?? false,
    onFailureFailRun: task.on_failure_fail_dagrun ?? false,
    dependsOnPast: task.depends_on_past ?? false,
    priorityWeight: task.priority_weight ?? 1,
    weightRule: task.weight_rule ?? ('downstream' as const),
    mappedGroup: mapped[at] ?? null,
    sources: outputsIn(expandOf(task, at)).map(index),
  }));
  const scopes = tasksInScope({ tasks: nodes });
  return {
    tasks: nodes.map((node, at) => ({ ...node, scope: scopes[at] ?? [] })),
    index,
    instances: (at) => {
      const task = dag.tasks[at];
      if (!task) return [];
      const given = Object.entries(states[task.task_id] ?? {}).map(([key, state]) => [Number(key), state] as const);
      return given.length > 0 ? given.sort(([a], [b]) => a - b) : unseen(expandOf(task, at));
    },
  };
}

/** The tasks whose outputs are named in a value expression, however deep: `{ map: { of: { output: 'a' } } }`. */
function outputsIn(expression: unknown): string[] {
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.entries(expression).flatMap(([form, value]) => {
    if (form === 'literal') return [];
    return form === 'output' && typeof value === 'string' ? [value] : outputsIn(value);
  });
}

function argumentsOf(expand: ExpandCase | undefined) {
  return Object.values(expand?.args ?? {});
}

/** The instances of a task of which a case gives no states: as many as the literals have, or a placeholder. */
function unseen(expand: ExpandCase | undefined): (readonly [number, null])[] {
  const lengths = argumentsOf(expand).map(({ literal }) =>
    literal === undefined ? null : Object.keys(literal).length,
  );
  if (lengths.length === 0 || lengths.includes(null)) return [[-1, null]];
  const total = lengths.reduce<number>((product, length) => product * (length ?? 0), 1);
  return Array.from({ length: total }, (_, at) => [at, null] as const);
}

function requireIndex(byId: ReadonlyMap<string, number>, id: string): number {
  const found = byId.get(id);
  if (found === undefined)
    throw new MillraceError('internal', `the case names the task '${id}', which it does not have`);
  return found;
}
