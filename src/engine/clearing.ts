import type { AttemptReason, TaskState } from '../model/states.ts';
import type { CountedInstance, InstanceRow, ResetMove, RunRow, UpstreamCounters } from '../store/rows.ts';
import type { Version } from './catalog.ts';
import { mappingSources, type WorkflowGraph } from './graph.ts';
import { keyText } from './ids.ts';
import { NO_COUNTERS } from './instantiate.ts';
import { needs } from './limits.ts';
import { findWorkflow } from './operations.ts';
import { startRuns } from './planner.ts';
import type { EngineTransaction } from './transaction.ts';

export interface Clearing {
  /** Which instances; undefined: all. */
  readonly select?: ((row: InstanceRow, taskId: string) => boolean) | undefined;
  /** Whether everything downstream of them is cleared too. */
  readonly scope: 'only these' | 'with downstream';
  /** Of a flow: whether calls that succeeded are answered from the record, or run again too; default `forgotten`. */
  readonly record?: 'kept' | 'forgotten' | undefined;
}

/**
 * Clears instances of a run, so that they run again: back to `none` with a full allowance of retries, outputs gone,
 * attempts going on counting. A finished run is queued again. A running instance is told to stop and runs again when
 * it has. A mapped task whose source is cleared with it becomes a placeholder again, to be expanded anew. Counters are
 * recounted from the rows: clearing is rare, so that it may cost as much as the run is large.
 */
export async function clear(e: EngineTransaction, run: RunRow, clearing: Clearing): Promise<readonly InstanceRow[]> {
  const [locked] = await e.lockRuns([run.id]);
  if (!locked) return [];
  // Nobody claims what is queued between its being read and its being cleared.
  if (locked.state === 'running') await e.tx.limits.lock();
  const chosen = await reset(e, locked, clearing);
  if (chosen.length === 0) return [];
  const { graph } = await e.catalog.ofRun(e.tx, locked);
  if (locked.state === 'running') {
    await e.propagation.consider(waiting(graph.declared(await e.tx.instances.ofRun(run.id))));
    await e.propagation.settle();
  } else {
    await e.requeueRun(locked);
    await startRuns(e, await findWorkflow(e, graph.spec.id));
  }
  return chosen;
}

/** Puts instances of a locked run back; what follows for the run is the caller's. */
export async function reset(e: EngineTransaction, run: RunRow, clearing: Clearing): Promise<readonly InstanceRow[]> {
  const version = await e.catalog.ofRun(e.tx, run);
  const rows = version.graph.declared(await e.tx.instances.ofRun(run.id));
  const chosen = selection(version.graph, rows, clearing);
  if (chosen.length === 0) return [];

  const after = new Map(rows.map((row) => [keyText(row), row]));
  for (const row of chosen) {
    const to: TaskState = row.state === 'running' || row.state === 'restarting' ? 'restarting' : 'none';
    if (to === 'restarting' && row.token !== null) e.journal.stop(row.token, 'cancelled');
    leaveQueue(e, version, row);
    note(e, version, row, to);
    after.set(keyText(row), { ...row, state: to });
  }
  if (version.graph.spec.kind === 'flow') {
    if (clearing.record === 'kept') await e.tx.steps.forgetFailed(run.id);
    else await e.tx.steps.forgetAll(run.id);
  }
  await e.tx.outputs.clear(chosen);
  await collapse(e, version, chosen, after);
  await recountBelow(e, version.graph, { cleared: chosen, ended: [] }, after);
  return chosen;
}

/** What waited for a limit, or for a worker, waits no more. */
export function leaveQueue(e: EngineTransaction, { graph }: Version, row: InstanceRow): void {
  if (row.parked !== null) e.ledger.limit(row.parked, { parked: -1 });
  if (row.state !== 'queued') return;
  const { workflowId } = e.runs.get(row.run)!;
  // Others may have waited behind it, or for room that it was let go for.
  for (const { key, size } of needs(graph, workflowId, row)) e.ledger.freed(key, size);
}

/** The instances of a run that wait for a decision, with their counters. */
export function waiting(rows: readonly InstanceRow[]): CountedInstance[] {
  return rows.filter(({ state }) => state === 'none');
}

/** The instances that are meant, with all that is downstream of them where that is wanted. */
export function selection(
  graph: WorkflowGraph,
  rows: readonly InstanceRow[],
  { select, scope }: Pick<Clearing, 'select' | 'scope'>,
): InstanceRow[] {
  const first = select ? rows.filter((row) => select(row, graph.task(row.task).id)) : [...rows];
  if (scope === 'only these') return first;
  const chosen = new Set(first.map(keyText));
  const tasks = new Map<number, Set<number | 'all'>>();
  const open: { task: number; index: number | 'all' }[] = first.map(({ task, index }) => ({ task, index }));
  for (let next = open.pop(); next; next = open.pop()) {
    for (const { task, ownIndexOnly } of graph.edges[next.task]!) {
      const index = ownIndexOnly ? next.index : 'all';
      const seen = tasks.get(task) ?? new Set();
      if (seen.has(index) || seen.has('all')) continue;
      tasks.set(task, seen.add(index));
      open.push({ task, index });
    }
  }
  for (const row of rows) {
    const indexes = tasks.get(row.task);
    if (indexes?.has('all') || indexes?.has(row.index)) chosen.add(keyText(row));
  }
  return rows.filter((row) => chosen.has(keyText(row)));
}

/** Mapped tasks that will be expanded anew lose their instances and get their placeholder back. */
export async function collapse(
  e: EngineTransaction,
  version: Version,
  chosen: readonly InstanceRow[],
  after: Map<string, InstanceRow>,
): Promise<void> {
  const { graph } = version;
  const cleared = new Set(chosen.map(({ task }) => task));
  for (const task of cleared) {
    const mapping = graph.mapping[task];
    if (!mapping || !mappingSources(mapping).some((source) => cleared.has(source))) continue;
    const own = [...after.values()].filter((row) => row.task === task);
    if (own.some(({ index, state }) => index === -1 || state === 'restarting')) continue;
    const [first] = own;
    if (!first) continue;
    await e.tx.instances.remove(own);
    for (const row of own) after.delete(keyText(row));
    e.ledger.count(first.run, { unfinished: 1 - own.length });
    const placeholder: InstanceRow = { ...first, index: -1, state: 'none', attempt: 0 };
    await e.tx.instances.insert([
      { ...placeholder, maxAttempts: graph.task(task).retries + 1, queuedAt: null, endedAt: null },
    ]);
    after.set(keyText(placeholder), placeholder);
  }
}

/** Writes the cleared rows, and new counters of everything that counts their ends, or those of rows that were ended. */
export async function recountBelow(
  e: EngineTransaction,
  graph: WorkflowGraph,
  changed: { readonly cleared: readonly InstanceRow[]; readonly ended: readonly InstanceRow[] },
  after: ReadonlyMap<string, InstanceRow>,
): Promise<void> {
  const cleared = new Set(changed.cleared.map(keyText));
  const below = new Set(
    [...changed.cleared, ...changed.ended].flatMap(({ task }) => graph.edges[task]!.map((edge) => edge.task)),
  );
  const byTask = Map.groupBy(after.values(), ({ task }) => task);
  const moves: ResetMove[] = [];
  for (const row of after.values()) {
    const isCleared = cleared.has(keyText(row)) || row.index === -1;
    if (!isCleared && !below.has(row.task)) continue;
    moves.push({
      run: row.run,
      task: row.task,
      index: row.index,
      to: cleared.has(keyText(row)) ? (row.state === 'restarting' ? 'restarting' : 'none') : null,
      maxAttempts: cleared.has(keyText(row)) ? row.attempt + graph.task(row.task).retries + 1 : row.maxAttempts,
      counters: recount(graph, byTask, row),
    });
  }
  await e.tx.instances.reset(moves);
}

/** An instance's upstream counters, counted from the rows of its run. */
export function recount(
  graph: WorkflowGraph,
  byTask: ReadonlyMap<number, readonly InstanceRow[]>,
  { task, index }: { readonly task: number; readonly index: number },
): UpstreamCounters {
  const counters = { ...NO_COUNTERS, scope: { ...NO_COUNTERS.scope } };
  const direct = counters as { -readonly [K in keyof typeof counters]: (typeof counters)[K] };
  const scope = counters.scope as { -readonly [K in keyof typeof counters.scope]: number };
  for (const { from, ownIndexOnly, counts, setup } of graph.incoming[task]!) {
    const all = byTask.get(from) ?? [];
    const relevant = ownIndexOnly ? ofOwnIndex(all, index) : all;
    if (counts === 'direct') direct.expected += Math.max(1, relevant.length);
    else scope.expected += Math.max(1, relevant.length);
    for (const { state } of relevant) {
      if (counts === 'scope') {
        if (state === 'success') scope.success += 1;
        if (state === 'failed' || state === 'upstream_failed') scope.failed += 1;
        if (state === 'skipped') scope.skipped += 1;
        if (state === 'removed') scope.removed += 1;
        continue;
      }
      if (state === 'success') direct.success += 1;
      if (state === 'failed') direct.failed += 1;
      if (state === 'skipped') direct.skipped += 1;
      if (state === 'upstream_failed') direct.upstreamFailed += 1;
      if (state === 'removed') direct.removed += 1;
      if (setup && state === 'success') direct.successSetup += 1;
      if (setup && state === 'skipped') direct.skippedSetup += 1;
    }
  }
  return counters;
}

/**
 * Of an upstream task of the same mapped group: the instance of the same index, or the placeholder as long as it has none;
 * a placeholder's own is the other's, where that has one still.
 */
function ofOwnIndex(all: readonly InstanceRow[], index: number): readonly InstanceRow[] {
  const own = all.filter((row) => row.index === index);
  if (own.length > 0) return own;
  return index >= 0 ? all.filter((row) => row.index === -1) : all;
}

export function note(
  e: EngineTransaction,
  { graph }: Version,
  row: InstanceRow,
  to: TaskState,
  reason: AttemptReason | null = null,
): void {
  if (row.state === to) return;
  const key = { run: row.run, task: row.task, index: row.index };
  const { workflowId } = e.runs.get(row.run)!;
  const decisive = graph.decisive.has(row.task);
  e.ledger.moved(key, row.state, to, { workflowId, decisive, attempt: row.attempt, reason });
}
