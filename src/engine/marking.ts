import { finalRunState } from '../model/run-state.ts';
import { isFinished, type TaskState } from '../model/states.ts';
import type { InstanceRow, RunRow } from '../store/rows.ts';
import type { Version } from './catalog.ts';
import { collapse, leaveQueue, note, recountBelow, selection, waiting } from './clearing.ts';
import type { WorkflowGraph } from './graph.ts';
import { keyText } from './ids.ts';
import { findWorkflow } from './operations.ts';
import { startRuns } from './planner.ts';
import { stopAttempts } from './stops.ts';
import type { EngineTransaction } from './transaction.ts';

/** States that a person can give an instance. */
export type MarkedState = 'success' | 'failed' | 'skipped';

export interface Marking {
  readonly to: MarkedState;
  /** Which instances. */
  readonly select: (row: InstanceRow, taskId: string) => boolean;
  /** Whether everything upstream, or downstream, of them is marked too. */
  readonly upstream?: boolean;
  readonly downstream?: boolean;
}

/**
 * Gives instances the state that somebody says they have; what runs of them is stopped. What failed downstream of them,
 * or was not run for their sake, is cleared and decided anew (Airflow's). So the run goes on, where something is left to
 * do; else it ends as its instances say, also when it had ended otherwise before. Returns the instances whose state
 * changed.
 */
export async function markInstances(
  e: EngineTransaction,
  run: RunRow,
  marking: Marking,
): Promise<readonly InstanceRow[]> {
  const [locked] = await e.lockRuns([run.id]);
  if (!locked) return [];
  const { version, rows } = await stateOf(e, locked);
  const { graph } = version;
  const named = rows.filter((row) => marking.select(row, graph.task(row.task).id));
  const keys = new Set(named.map(keyText));
  const isNamed = (row: InstanceRow) => keys.has(keyText(row));
  const below = selection(graph, rows, { select: isNamed, scope: 'with downstream' });
  const meant = new Set(keys);
  if (marking.downstream) for (const row of below) meant.add(keyText(row));
  if (marking.upstream) for (const row of above(graph, rows, named)) meant.add(keyText(row));
  const marked = rows.filter((row) => meant.has(keyText(row)) && row.state !== marking.to);
  if (marked.length === 0) return [];
  const cleared = below.filter((row) => !meant.has(keyText(row)) && isBad(row.state));
  const to = new Map(marked.map((row) => [keyText(row), marking.to]));
  const after = await write(e, locked, { version, rows, to, cleared });

  if (locked.state === 'running') {
    await goOn(e, locked, graph);
  } else if (locked.state !== 'queued') {
    const left = [...after.values()];
    if (left.some(({ state }) => !isFinished(state))) {
      await e.requeueRun(locked);
      await startRuns(e, await findWorkflow(e, graph.spec.id));
    } else {
      const end = finalRunState({
        anyFailed: left.some(({ task, state }) => graph.decisive.has(task) && isBad(state)),
      });
      // A run that was cancelled and could only fail stays what it is.
      if (locked.state !== 'cancelled' || end === 'success') await e.concludeRun(locked, end, 'marked');
    }
  }
  return marked;
}

/**
 * Ends a run as somebody says it ended. As a success: with all its instances. As a failure: what runs of it fails, what
 * has not begun is skipped, what has finished is left as it is. Teardowns of a running run that have not ended yet still
 * run, and the run ends with them as its instances say (Airflow's). False: it had ended so already.
 */
export async function markRun(e: EngineTransaction, run: RunRow, as: 'success' | 'failed'): Promise<boolean> {
  const [locked] = await e.lockRuns([run.id]);
  if (!locked || locked.state === as) return false;
  const { version, rows } = await stateOf(e, locked);
  const { graph } = version;
  const isLeft = ({ task, state }: InstanceRow) =>
    locked.state === 'running' && graph.task(task).teardown && !isFinished(state);
  const to = new Map<string, MarkedState>();
  for (const row of rows) {
    if (isLeft(row)) continue;
    const state = as === 'success' ? 'success' : afterFailure(row.state);
    if (state !== null && state !== row.state) to.set(keyText(row), state);
  }
  await write(e, locked, { version, rows, to, cleared: [] });
  if (rows.some(isLeft)) await goOn(e, locked, graph);
  else await e.concludeRun(locked, as, 'marked');
  return true;
}

/** Nobody claims what is queued between its being read and its being marked. */
async function stateOf(e: EngineTransaction, run: RunRow): Promise<{ version: Version; rows: InstanceRow[] }> {
  if (run.state === 'running') await e.tx.limits.lock();
  const version = await e.catalog.ofRun(e.tx, run);
  return { version, rows: version.graph.declared(await e.tx.instances.ofRun(run.id)) };
}

/** What is left is decided about; with nothing left the run ends at the end of the transaction. */
async function goOn(e: EngineTransaction, run: RunRow, graph: WorkflowGraph): Promise<void> {
  await e.propagation.consider(waiting(graph.declared(await e.tx.instances.ofRun(run.id))));
  await e.propagation.settle();
}

interface Changes {
  readonly version: Version;
  readonly rows: readonly InstanceRow[];
  readonly to: ReadonlyMap<string, MarkedState>;
  readonly cleared: readonly InstanceRow[];
}

/** Writes the new states, and the counters of all that counts them. Returns the rows as they are then. */
async function write(
  e: EngineTransaction,
  run: RunRow,
  { version, rows, to, cleared }: Changes,
): Promise<ReadonlyMap<string, InstanceRow>> {
  const { graph } = version;
  const after = new Map(rows.map((row) => [keyText(row), row]));
  const ended = rows.filter((row) => to.has(keyText(row)));
  await stopAttempts(ended, { run, version, reason: 'marked' }, e);
  await e.tx.instances.decide(
    ended.map((row) => ({
      run: row.run,
      task: row.task,
      index: row.index,
      from: row.state,
      to: to.get(keyText(row))!,
      at: e.at,
      reason: 'marked',
    })),
  );
  for (const row of ended) {
    leaveQueue(e, version, row);
    note(e, version, row, to.get(keyText(row))!, 'marked');
    after.set(keyText(row), { ...row, state: to.get(keyText(row))! });
  }
  for (const row of cleared) {
    note(e, version, row, 'none');
    after.set(keyText(row), { ...row, state: 'none' });
  }
  if (graph.spec.kind === 'flow' && ended.length > 0) await e.tx.steps.endRunning(run.id, e.at, 'run_ended');
  if (cleared.length > 0) await e.tx.outputs.clear(cleared);
  await collapse(e, version, cleared, after);
  await recountBelow(e, graph, { cleared, ended }, after);
  return after;
}

/** What a run that is marked as failed leaves of an instance. Null: as it is. */
function afterFailure(state: TaskState): MarkedState | null {
  if (isFinished(state)) return null;
  return state === 'none' || state === 'queued' || state === 'up_for_retry' ? 'skipped' : 'failed';
}

function isBad(state: TaskState): boolean {
  return state === 'failed' || state === 'upstream_failed';
}

/** Everything upstream of the instances; of what lies in the same mapped group, their own index. */
function above(graph: WorkflowGraph, rows: readonly InstanceRow[], first: readonly InstanceRow[]): InstanceRow[] {
  const found = new Map<string, InstanceRow>();
  const open = [...first];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const { from, ownIndexOnly, counts } of graph.incoming[next.task]!) {
      if (counts !== 'direct') continue;
      for (const row of rows) {
        if (row.task !== from || (ownIndexOnly && row.index >= 0 && row.index !== next.index)) continue;
        if (found.has(keyText(row))) continue;
        found.set(keyText(row), row);
        open.push(row);
      }
    }
  }
  return [...found.values()];
}
