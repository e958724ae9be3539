import type { TaskGraph, TaskNode } from './task-graph.ts';

/**
 * The tasks whose instances decide how a run ends, computed once per spec. They are the leaves of the graph without
 * the teardowns that cannot fail a run: a task counts when it is none of these and nothing but these is directly
 * downstream of it. A graph of nothing but such teardowns is decided by its leaves. Instances in state `removed` do
 * not count (Airflow's).
 */
export function consideredTasks(graph: TaskGraph): Set<number> {
  const counts = (task: TaskNode | undefined) => task !== undefined && !(task.teardown && !task.onFailureFailRun);
  const select = (wanted: (task: TaskNode) => boolean) =>
    new Set(graph.tasks.flatMap((task, index) => (wanted(task) ? [index] : [])));
  const considered = select((task) => counts(task) && !task.downstream.some((next) => counts(graph.tasks[next])));
  return considered.size > 0 ? considered : select((task) => task.downstream.length === 0);
}

/**
 * How a run ends that has no unfinished instance left.
 * @param outcome anyFailed: whether an instance of a considered task is `failed` or `upstream_failed`.
 */
export function finalRunState(outcome: { readonly anyFailed: boolean }): 'success' | 'failed' {
  return outcome.anyFailed ? 'failed' : 'success';
}
