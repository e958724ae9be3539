import { reachable, type TaskNode } from './task-graph.ts';

type ScopedNode = Pick<TaskNode, 'upstream' | 'downstream' | 'setup' | 'teardown'>;

/**
 * For each task the tasks that are not directly upstream of it and matter to its trigger rule all the same (the `scope`
 * of a TriggerQuestion), computed once per spec. A setup's scope is what lies between it and the teardowns directly
 * downstream of it; without teardown, all of its downstream. A task has the setups in whose scope it lies: it must not
 * run before they have succeeded, however far away they are. A teardown has all that lies in the scopes that it ends:
 * it waits for it (Airflow's).
 */
export function tasksInScope(graph: { readonly tasks: readonly ScopedNode[] }): number[][] {
  const inScope = graph.tasks.map(() => new Set<number>());
  graph.tasks.forEach((task, setup) => {
    if (!task.setup) return;
    const below = reachable(graph, setup, 'downstream');
    const teardowns = task.downstream.filter((next) => graph.tasks[next]?.teardown);
    const scope = teardowns.length === 0 ? below : new Set<number>();
    for (const teardown of teardowns) {
      for (const between of below.intersection(reachable(graph, teardown, 'upstream'))) {
        scope.add(between);
        inScope[teardown]?.add(between);
      }
    }
    for (const inside of scope) {
      if (!graph.tasks[inside]?.teardown) inScope[inside]?.add(setup);
    }
  });
  return graph.tasks.map(({ upstream }, task) => [...(inScope[task]?.difference(new Set(upstream)) ?? [])]);
}

export interface GroupedGraph {
  readonly tasks: readonly { readonly group: number | null }[];
  readonly groups: readonly { readonly parent: number | null; readonly mapping: object | null }[];
}

/** For each task the mapped group in which it lies, at any depth, or null. Mapped groups do not nest. */
export function mappedGroups(graph: GroupedGraph): (number | null)[] {
  return graph.tasks.map((task) => {
    let group = task.group;
    while (group !== null && !graph.groups[group]?.mapping) group = graph.groups[group]?.parent ?? null;
    return group;
  });
}

/**
 * Whether an instance with a map index counts, of an upstream task, only the instance of its own index (and one at −1):
 * so it is when both lie in one mapped group. Otherwise it counts all instances, and so does one at −1, which is not
 * expanded yet. The arguments are the two tasks' mapped groups.
 */
export function countsOwnIndexOnly(group: number | null, upstreamGroup: number | null): boolean {
  return group !== null && group === upstreamGroup;
}
