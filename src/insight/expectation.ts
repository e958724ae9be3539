import type { WorkflowSpec } from '../model/spec.ts';
import { isFinished } from '../model/states.ts';
import { iso } from './iso.ts';
import { inOrder } from './task-tree.ts';
import type { Row } from './timeline-row.ts';

/**
 * When the rest of a run should begin and end, after what is usual, and what its end hangs on. A task without a usual
 * duration makes everything behind it unknown. Rows are those of the tasks, one each; their `expected` and `is_critical`
 * are set.
 */
export function expectRest(spec: WorkflowSpec, rows: Map<number, Row>, now: number): number | null {
  const ends = new Map<number, number | null>();
  const cause = new Map<number, number | undefined>();
  for (const task of inOrder(spec)) {
    const row = rows.get(task);
    if (!row) continue;
    const { latest, from } = latestOf(spec.tasks[task]!.upstream, ends);
    cause.set(task, from);
    if (isOver(row)) {
      ends.set(task, row.end_date ? Date.parse(row.end_date) : (latest ?? null));
      continue;
    }
    if (latest === null || row.usual === null) {
      ends.set(task, null);
      continue;
    }
    const running = row.state === 'running' ? row.attempts.at(-1) : undefined;
    const start = running
      ? Date.parse(running.start_date)
      : Math.max(now, latest ?? now, row.next_try ? Date.parse(row.next_try) : 0);
    const end = Math.max(now, start + row.usual.median * 1000);
    ends.set(task, end);
    row.expected = { start: iso(start), end: iso(end) };
  }
  const leaves = [...ends].filter(([, end]) => end !== null) as [number, number][];
  if ([...ends.values()].includes(null) || leaves.length === 0) {
    markCritical(rows, cause, lastOf(leaves));
    return null;
  }
  const last = lastOf(leaves)!;
  markCritical(rows, cause, last);
  return ends.get(last)!;
}

const isOver = ({ state }: Row) => state !== null && state !== 'scheduled' && isFinished(state);

/** Undefined: nothing is upstream; null: it is not known when that ends. */
function latestOf(
  upstream: readonly number[],
  ends: ReadonlyMap<number, number | null>,
): { readonly latest: number | null | undefined; readonly from: number | undefined } {
  let latest: number | undefined;
  let from: number | undefined;
  for (const task of upstream) {
    const end = ends.get(task);
    if (end === null) return { latest: null, from: task };
    if (end !== undefined && (latest === undefined || end > latest)) {
      latest = end;
      from = task;
    }
  }
  return { latest, from };
}

const lastOf = (ends: readonly (readonly [number, number])[]) =>
  ends.reduce<readonly [number, number] | undefined>(
    (last, each) => (!last || each[1] > last[1] ? each : last),
    undefined,
  )?.[0];

/** From the task that ends last back along what each waited for. */
function markCritical(
  rows: Map<number, Row>,
  cause: ReadonlyMap<number, number | undefined>,
  last: number | undefined,
): void {
  for (let at = last; at !== undefined; at = cause.get(at)) {
    const row = rows.get(at);
    if (row) row.is_critical = true;
  }
}
