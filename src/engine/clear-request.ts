import type { InstanceRow } from '../store/rows.ts';
import { clear, selection } from './clearing.ts';
import type { WorkflowGraph } from './graph.ts';
import { keyText } from './ids.ts';
import type { EngineTransaction } from './transaction.ts';

/** What a person asks to be cleared in a run, in Airflow's terms. */
export interface ClearRequest {
  /** Undefined: every task. Without indexes: all instances of the task. */
  readonly tasks?:
    | readonly { readonly taskId: string; readonly mapIndexes?: readonly number[] | undefined }[]
    | undefined;
  readonly upstream?: boolean | undefined;
  readonly downstream?: boolean | undefined;
  /** Of all that, only what failed, or was not run because something did. */
  readonly onlyFailed?: boolean | undefined;
  readonly onlyRunning?: boolean | undefined;
}

/** The instances that a request is about, in order of task and map index: what a preview shows, and what is then cleared. */
export function affectedBy(graph: WorkflowGraph, rows: readonly InstanceRow[], request: ClearRequest): InstanceRow[] {
  const { tasks, upstream = false, downstream = false, onlyFailed = false, onlyRunning = false } = request;
  const wanted = new Map(tasks?.map(({ taskId, mapIndexes }) => [taskId, mapIndexes ? new Set(mapIndexes) : null]));
  const isNamed = (row: InstanceRow, id: string) => {
    if (tasks === undefined) return true;
    const indexes = wanted.get(id);
    return indexes !== undefined && (indexes === null || indexes.has(row.index));
  };
  const named = selection(graph, rows, { select: isNamed, scope: downstream ? 'with downstream' : 'only these' });
  const chosen = new Set(named.map(keyText));
  if (upstream) {
    const above = tasksAbove(
      graph,
      new Set(rows.filter((row) => isNamed(row, graph.task(row.task).id)).map(({ task }) => task)),
    );
    for (const row of rows) if (above.has(row.task)) chosen.add(keyText(row));
  }
  return rows.filter(
    (row) =>
      chosen.has(keyText(row)) &&
      (!onlyFailed || row.state === 'failed' || row.state === 'upstream_failed') &&
      (!onlyRunning || row.state === 'running'),
  );
}

/** Clears what the request is about, as the run is now. Throws `not_found` for a run that is gone. */
export async function clearAsked(
  e: EngineTransaction,
  runKey: number,
  request: ClearRequest,
): Promise<readonly InstanceRow[]> {
  const [run] = await e.lockRuns([runKey]);
  if (!run) return [];
  const { graph } = await e.catalog.ofRun(e.tx, run);
  const rows = graph.declared(await e.tx.instances.ofRun(run.id));
  const chosen = new Set(affectedBy(graph, rows, request).map(keyText));
  if (chosen.size === 0) return [];
  return await clear(e, run, { select: (row) => chosen.has(keyText(row)), scope: 'only these' });
}

function tasksAbove(graph: WorkflowGraph, tasks: ReadonlySet<number>): ReadonlySet<number> {
  const above = new Set<number>();
  const open = [...tasks];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    for (const from of graph.task(task).upstream) {
      if (above.has(from)) continue;
      above.add(from);
      open.push(from);
    }
  }
  return above;
}
