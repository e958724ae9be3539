import type { CountDelta, NewInstance, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import { bornReady, goingOn, NO_COUNTERS, newInstance } from './instantiate.ts';
import type { Ledger } from './ledger.ts';
import { mappingLength, type RunValues } from './mapping.ts';

/**
 * Puts instances in place of placeholders: one mapped task, or all tasks of a mapped group at once. The instances are
 * born with the placeholder's counters, since everything outside of their group holds for all of them alike, and queued
 * at once where their rule holds. What is downstream outside of the group now expects that many more ends.
 *
 * `empty`: the tasks that turned out to be mapped over nothing; their placeholders stay, to be skipped. `waiting`: the
 * instances that are not queued, of which the rule may say already that they never will be.
 */
export async function expand(
  tx: Tx,
  run: RunRow,
  tasks: readonly number[],
  values: RunValues,
  ledger: Ledger,
): Promise<{ readonly empty: readonly number[]; readonly waiting: readonly NewInstance[] }> {
  const { graph } = values;
  const placeholders = await tx.instances.get(tasks.map((task) => ({ run: run.id, task, index: -1 })));
  const waiting = placeholders.filter(({ state }) => state === 'none');
  const size = await mappingLength(graph.mapping[tasks[0]!]!, values);
  if (size === 0) return { empty: waiting.map(({ task }) => task), waiting: [] };

  const more: CountDelta[] = [];
  const stillWaiting: NewInstance[] = [];
  for (const { task, counters } of waiting) {
    const before = await tx.attempts.last(run.id, task);
    const rows = Array.from({ length: size }, (_, index) =>
      bornReady(graph, goingOn(newInstance(graph, run, { task, index, counters }), before.get(index)), ledger.at),
    );
    await tx.instances.remove([{ run: run.id, task, index: -1 }]);
    await tx.instances.insert(rows);
    for (const row of rows) if (row.state === 'none') stillWaiting.push(row);
    const queued = rows.filter(({ state }) => state === 'queued').length;
    ledger.count(run.id, { unfinished: size - 1, active: queued });
    ledger.event('task.expanded', {
      run: run.id,
      task,
      workflowId: run.workflowId,
      data: JSON.stringify({ instances: size }),
    });
    for (const edge of graph.edges[task]!) {
      if (edge.ownIndexOnly) continue;
      const delta = size - 1;
      const counters =
        edge.counts === 'direct'
          ? { ...NO_COUNTERS, expected: delta }
          : { ...NO_COUNTERS, scope: { ...NO_COUNTERS.scope, expected: delta } };
      more.push({ run: run.id, task: edge.task, index: 'all', counters });
    }
  }
  if (size > 1) await tx.instances.count(more);
  return { empty: [], waiting: stillWaiting };
}
