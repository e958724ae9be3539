/** What the pure parts of the model need to know of a task's place in its graph. Tasks are named by their index. */
export interface TaskNode {
  /** Direct upstream, without duplicates. */
  readonly upstream: readonly number[];
  /** Direct downstream; the exact inverse of `upstream`. */
  readonly downstream: readonly number[];
  readonly setup: boolean;
  readonly teardown: boolean;
  /** Teardowns only: whether its failure fails the run. */
  readonly onFailureFailRun: boolean;
}

export interface TaskGraph {
  readonly tasks: readonly TaskNode[];
}

type Direction = 'upstream' | 'downstream';

/** All tasks that can be reached from one, without the task itself (there are no cycles). */
export function reachable(
  graph: { readonly tasks: readonly Pick<TaskNode, Direction>[] },
  from: number,
  direction: Direction,
): Set<number> {
  const found = new Set<number>();
  const open = [from];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    for (const next of graph.tasks[task]?.[direction] ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
