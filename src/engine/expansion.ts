import type { CountDelta, NewInstance, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import { bornReady, goingOn, NO_COUNTERS, newInstance } from './instantiate.ts';
import type { Ledger } from './ledger.ts';
import { mappingLength, type RunValues } from './mapping.ts';

/** Instances of each task that one transaction makes: so many that nobody notices how long it takes. */
export const EXPANDED_AT_ONCE = 2000;

export interface Expansion {
  /** The task that was decided about: with it all tasks of its mapped group are expanded. */
  readonly task: number;
  readonly atOnce: number;
  /** The map index at which an expansion that is under way goes on; null: none is, as far as the caller knows. */
  readonly from: number | null;
}

export interface Expanded {
  /** Tasks that turned out to be mapped over nothing: their placeholders stay, to be skipped. */
  readonly empty: readonly number[];
  /** Instances that are not queued, of which the rule may say already that they never will be. */
  readonly waiting: readonly NewInstance[];
}

const NOTHING: Expanded = { empty: [], waiting: [] };

/**
 * Puts instances in place of placeholders: one mapped task, or all tasks of a mapped group at once. The instances are
 * born with the placeholder's counters, since everything outside of their group holds for all of them alike, and queued
 * at once where their rule holds. What is downstream outside of the group now expects that many more ends.
 *
 * Long lists are expanded in parts, each in a transaction of its own, so that nobody else waits for more than one. The
 * placeholder stays until the last part, and counts as unfinished like any instance, so nothing downstream gets ahead of
 * it. A timer carries the expansion from part to part; as long as it does, it counts as one active instance of the run,
 * which therefore is not taken for stuck when the instances so far have ended. Whoever takes the timer gives that back.
 */
export async function expand(
  tx: Tx,
  run: RunRow,
  { task: decided, atOnce, from: given }: Expansion,
  values: RunValues,
  ledger: Ledger,
): Promise<Expanded> {
  const { graph } = values;
  const tasks = graph.expandedWith(decided);
  const placeholders = await tx.instances.get(tasks.map((task) => ({ run: run.id, task, index: -1 })));
  const open = placeholders.filter(({ state }) => state === 'none');
  const size = await mappingLength(graph.mapping[decided]!, values);
  if (size === 0) return { empty: open.map(({ task }) => task), waiting: [] };
  if (given === null && size > atOnce && (await isBegun(tx, run, decided))) {
    // It was touched again meanwhile, or cleared halfway.
    goOn(run, decided, await firstMissing(tx, run, decided), ledger);
    return NOTHING;
  }

  const from = given ?? 0;
  const to = Math.min(size, from + atOnce);
  const isLast = to === size;
  const more: CountDelta[] = [];
  const waiting: NewInstance[] = [];
  for (const { task, counters } of open) {
    const before = await tx.attempts.last(run.id, task, { from, to });
    const rows = Array.from({ length: Math.max(0, to - from) }, (_, offset) => {
      const index = from + offset;
      return bornReady(
        graph,
        goingOn(newInstance(graph, run, { task, index, counters }), before.get(index)),
        ledger.at,
      );
    });
    if (isLast) await tx.instances.remove([{ run: run.id, task, index: -1 }]);
    await tx.instances.insert(rows);
    for (const row of rows) if (row.state === 'none') waiting.push(row);
    const added = rows.length - (isLast ? 1 : 0);
    ledger.count(run.id, {
      unfinished: added,
      active: rows.length - rows.filter(({ state }) => state === 'none').length,
    });
    if (given === null) {
      const data = JSON.stringify({ instances: size });
      ledger.event('task.expanded', { run: run.id, task, workflowId: run.workflowId, data });
    }
    for (const edge of graph.edges[task]!) {
      if (edge.ownIndexOnly || added === 0) continue;
      const counters =
        edge.counts === 'direct'
          ? { ...NO_COUNTERS, expected: added }
          : { ...NO_COUNTERS, scope: { ...NO_COUNTERS.scope, expected: added } };
      more.push({ run: run.id, task: edge.task, index: 'all', counters });
    }
  }
  if (more.length > 0) await tx.instances.count(more);
  if (!isLast && open.length > 0) goOn(run, decided, to, ledger);
  return { empty: [], waiting };
}

/** The next part comes when the timer is taken. */
function goOn(run: RunRow, task: number, from: number, ledger: Ledger): void {
  ledger.timer({ due: ledger.at, kind: 'expand', run: run.id, task, index: from, attempt: null });
  ledger.count(run.id, { active: 1 });
}

async function isBegun(tx: Tx, { id: run }: RunRow, task: number): Promise<boolean> {
  return (await tx.instances.get([{ run, task, index: 0 }])).length > 0;
}

async function firstMissing(tx: Tx, { id: run }: RunRow, task: number): Promise<number> {
  return ((await tx.instances.ofTask(run, task)).at(-1)?.index ?? -1) + 1;
}
