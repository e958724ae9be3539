/** Start and end date of a workflow or a task, inclusive, in milliseconds since the epoch. */
export interface DateBounds {
  readonly startDate: number | null;
  readonly endDate: number | null;
}

/**
 * The dates between which a workflow's schedule runs: its own or, where it has none, the earliest start date of its
 * tasks, and the latest end date if every task has one.
 */
export function scheduleBounds(
  workflow: DateBounds,
  tasks: readonly DateBounds[],
): { earliest: number | null; latest: number | null } {
  const starts = tasks.map((task) => task.startDate).filter((date) => date !== null);
  const ends = tasks.map((task) => task.endDate).filter((date) => date !== null);
  return {
    earliest: workflow.startDate ?? (starts.length > 0 ? Math.min(...starts) : null),
    latest: workflow.endDate ?? (ends.length > 0 && ends.length === tasks.length ? Math.max(...ends) : null),
  };
}

/** True when a task takes part in a run with this logical date; in one without logical date every task does. */
export function takesPart(workflow: DateBounds, task: DateBounds, logicalDate: number | null): boolean {
  if (logicalDate === null) return true;
  return isWithin(workflow, logicalDate) && isWithin(task, logicalDate);
}

function isWithin({ startDate, endDate }: DateBounds, date: number): boolean {
  return (startDate === null || startDate <= date) && (endDate === null || date <= endDate);
}
