/** Start and end date of a workflow or a task, inclusive, in milliseconds since the epoch. */
export interface DateBounds {
  readonly startDate: number | null;
  readonly endDate: number | null;
}

/**
 * The dates between which a workflow's schedule runs: from the earliest start date of the workflow and its tasks to
 * the latest end date of the tasks, if every one has an end date (its own or the workflow's).
 */
export function scheduleBounds(
  workflow: DateBounds,
  tasks: readonly DateBounds[],
): { earliest: number | null; latest: number | null } {
  const starts = [workflow.startDate, ...tasks.map((task) => task.startDate)].filter((date) => date !== null);
  const ends = tasks.map((task) => task.endDate ?? workflow.endDate).filter((date) => date !== null);
  return {
    earliest: starts.length > 0 ? Math.min(...starts) : null,
    latest: ends.length === tasks.length && tasks.length > 0 ? Math.max(...ends) : workflow.endDate,
  };
}

/** True when a task takes part in a run with this logical date (null: always). */
export function takesPart(workflow: DateBounds, task: DateBounds, logicalDate: number | null): boolean {
  if (logicalDate === null) return true;
  const start = task.startDate ?? workflow.startDate;
  const end = task.endDate ?? workflow.endDate;
  return (start === null || start <= logicalDate) && (end === null || logicalDate <= end);
}
