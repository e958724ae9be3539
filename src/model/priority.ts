import type { TaskNode } from './task-graph.ts';

/** How a task's effective weight comes about: with all that waits for it, with all that led to it, or alone. */
export const WEIGHT_RULES = ['downstream', 'upstream', 'absolute'] as const;

export type WeightRule = (typeof WEIGHT_RULES)[number];

export interface WeightedNode extends Pick<TaskNode, 'upstream' | 'downstream'> {
  /** The task's own weight; default 1. */
  readonly priorityWeight: number;
  /** Default `downstream`. */
  readonly weightRule: WeightRule;
}

const LEAST = -(2 ** 31);
const MOST = 2 ** 31 - 1;

/**
 * The effective weight of each task's instances: the higher, the sooner it is claimed. A task's own weight is clamped
 * to 32 bits, the sum is not (Airflow's).
 */
export function effectiveWeights(graph: { readonly tasks: readonly WeightedNode[] }): number[] {
  const own = graph.tasks.map((task) => Math.min(Math.max(task.priorityWeight, LEAST), MOST));
  // The tasks already added to the sum of task n are marked with n + 1, so that nothing is cleared between two tasks.
  const marks = new Uint32Array(graph.tasks.length);
  return graph.tasks.map(({ weightRule }, index) => {
    let sum = own[index] ?? 0;
    if (weightRule === 'absolute') return sum;
    const open = [index];
    for (let task = open.pop(); task !== undefined; task = open.pop()) {
      for (const next of graph.tasks[task]?.[weightRule] ?? []) {
        if (marks[next] === index + 1) continue;
        marks[next] = index + 1;
        sum += own[next] ?? 0;
        open.push(next);
      }
    }
    return sum;
  });
}
