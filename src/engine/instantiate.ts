import { decide } from '../model/trigger-rule.ts';
import type { InstanceKey, NewInstance, RunRow, UpstreamCounters } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import { mappingSources, type WorkflowGraph } from './graph.ts';
import type { Ledger } from './ledger.ts';
import { mappingLength, type RunValues } from './mapping.ts';
import { askTogether } from './questions.ts';

export const NO_COUNTERS: UpstreamCounters = {
  expected: 0,
  success: 0,
  failed: 0,
  skipped: 0,
  upstreamFailed: 0,
  removed: 0,
  successSetup: 0,
  skippedSetup: 0,
  scope: { expected: 0, success: 0, failed: 0, skipped: 0, removed: 0 },
};

/**
 * Gives a starting run all its instances: one for each task, or one for each element where a task is mapped over what
 * is known before the run (a literal or a param), else a placeholder with index -1. What has nothing to wait for is
 * queued at once. Returns the instances that are finished from birth: those mapped over nothing.
 */
export async function instantiate(tx: Tx, run: RunRow, values: RunValues, ledger: Ledger): Promise<InstanceKey[]> {
  const { graph } = values;
  const earlier = await earlierAttempts(tx, run, graph);
  const sizes = await knownSizes(graph, values);
  const born: NewInstance[] = [];
  const finished: InstanceKey[] = [];
  for (const [task] of graph.spec.tasks.entries()) {
    const size = sizes[task];
    const counters = expectedCounters(graph, task, sizes);
    const indexes =
      size === null || size === undefined || size === 0 ? [-1] : Array.from({ length: size }, (_, i) => i);
    for (const index of indexes) {
      const row = goingOn(newInstance(graph, run, { task, index, counters }), earlier[task]?.get(index));
      if (size === 0) finished.push({ run: run.id, task, index });
      born.push(size === 0 || (index === -1 && graph.isMapped(task)) ? row : bornReady(graph, row, ledger.at));
    }
  }
  await tx.instances.insert(born);
  for (const { state, ...key } of born) {
    ledger.count(run.id, { unfinished: 1, active: state === 'queued' ? 1 : 0 });
    if (state === 'queued')
      ledger.event('instance.queued', {
        run: key.run,
        task: key.task,
        index: key.index,
        workflowId: run.workflowId,
        attempt: key.attempt,
      });
  }
  return finished;
}

/** By task and index, the last attempts of a run that had another version of its DAG before a backfill took it. */
async function earlierAttempts(
  tx: Tx,
  run: RunRow,
  { spec }: WorkflowGraph,
): Promise<readonly ReadonlyMap<number, number>[]> {
  if (run.backfillId === null) return [];
  return askTogether(spec.tasks.map((_, task) => tx.attempts.last(run.id, task)));
}

/** After a clear an instance goes on counting its attempts where it was, with a full allowance of retries. */
export function goingOn(row: NewInstance, attempt = 0): NewInstance {
  return { ...row, attempt, maxAttempts: row.maxAttempts + attempt };
}

/** An instance that has not been looked at yet. */
export function newInstance(
  graph: WorkflowGraph,
  run: RunRow,
  at: { readonly task: number; readonly index: number; readonly counters: UpstreamCounters },
): NewInstance {
  const task = graph.task(at.task);
  return {
    run: run.id,
    task: at.task,
    index: at.index,
    state: 'none',
    attempt: 0,
    maxAttempts: task.retries + 1,
    priority: task.priority,
    orderAt: run.logicalDate ?? run.runAfter,
    pool: task.pool,
    slots: task.poolSlots,
    counters: at.counters,
    queuedAt: null,
    endedAt: null,
  };
}

/** The same instance, queued if its rule holds already. */
export function bornReady(graph: WorkflowGraph, row: NewInstance, at: number): NewInstance {
  return decisionFor(graph, row) === 'run' ? { ...row, state: 'queued', attempt: row.attempt + 1, queuedAt: at } : row;
}

export function decisionFor(
  graph: WorkflowGraph,
  { task, index, counters }: { readonly task: number; readonly index: number; readonly counters: UpstreamCounters },
): ReturnType<typeof decide> {
  return decide({
    rule: graph.task(task).triggerRule,
    counts: counters,
    mapIndex: index,
    upstreamSetups: graph.upstreamSetups[task]!,
    scope: counters.scope,
  });
}

/** By task: the number of its instances, or null where it is not mapped or not known yet. */
async function knownSizes(graph: WorkflowGraph, values: RunValues): Promise<(number | null)[]> {
  const sizes: (number | null)[] = [];
  for (const mapping of graph.mapping) {
    const known = mapping !== null && mappingSources(mapping).length === 0;
    sizes.push(known ? await mappingLength(mapping, values) : null);
  }
  return sizes;
}

function expectedCounters(graph: WorkflowGraph, task: number, sizes: readonly (number | null)[]): UpstreamCounters {
  let expected = 0;
  let inScope = 0;
  for (const { from, ownIndexOnly, counts } of graph.incoming[task]!) {
    const instances = ownIndexOnly ? 1 : Math.max(1, sizes[from] ?? 1);
    if (counts === 'direct') expected += instances;
    else inScope += instances;
  }
  return { ...NO_COUNTERS, expected, scope: { ...NO_COUNTERS.scope, expected: inScope } };
}
