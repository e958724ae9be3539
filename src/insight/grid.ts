import type { z } from 'zod';
import type { grid as contract } from '../api/contract/grid.ts';
import { MillraceError } from '../model/errors.ts';
import type { RunType } from '../model/states.ts';
import type { RunRow, VersionRow } from '../store/rows.ts';
import { columnsOf, LETTERS } from './grid-columns.ts';
import { iso } from './iso.ts';
import { lately } from './lately.ts';
import { workflowOf } from './run-of.ts';
import { summaryOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { type TreeRow, taskTree } from './task-tree.ts';
import type { VersionCache } from './version-cache.ts';

type Grid = z.infer<typeof contract>;

export interface GridFilter {
  readonly limit: number;
  readonly types?: readonly RunType[] | undefined;
  readonly dueUntil?: number | undefined;
}

/** Tasks by runs: a column each run, a letter each task. */
export async function grid(
  { store, clock }: Sources,
  versions: VersionCache,
  { dagId, filter }: { readonly dagId: string; readonly filter: GridFilter },
): Promise<Grid> {
  const now = clock.now();
  const workflow = await workflowOf({ store }, dagId);
  if (workflow.kind === 'flow') {
    throw new MillraceError('invalid_argument', `${dagId} is a flow: its tasks are known when it runs`);
  }
  const { limit, types, dueUntil } = filter;
  const wanted = {
    workflowIds: [workflow.id],
    limit: limit + 1,
    ...(types ? { types } : {}),
    ...(dueUntil === undefined ? {} : { dueUntil }),
  };
  const [found, usual] = await Promise.all([store.readings.recentRuns(wanted), lately({ store }, versions, workflow)]);
  const runs = found.slice(0, limit).reverse();
  const versionOf = new Map<number, VersionRow>();
  for (const id of new Set([workflow.versionId, ...runs.map(({ versionId }) => versionId)]))
    versionOf.set(id, await versions.get(store.queries, id));
  const rows = rowsOf(runs, versionOf, workflow.versionId);
  return {
    dag_id: dagId,
    as_of: iso(now),
    runs: runs.map((run) => ({ ...summaryOf(run, now), version: versionOf.get(run.versionId)!.number })),
    has_earlier: found.length > limit,
    rows: rows.map(({ id, label, kind, parent, depth, isMapped, role, tasks }) => ({
      id,
      label,
      kind,
      parent,
      depth,
      is_mapped: isMapped,
      role,
      tasks: tasks.length,
      usual: usual.tasks.get(id) ?? null,
    })),
    usual: usual.run,
    states: Object.fromEntries([...LETTERS].map(([state, letter]) => [letter, state ?? 'none'])),
    columns: [...(await columnsOf({ store, clock }, runs, { rows, versionOf }))],
  };
}

/** The current version's rows; behind them those that only runs of other versions have. */
function rowsOf(
  runs: readonly RunRow[],
  versionOf: ReadonlyMap<number, VersionRow>,
  current: number,
): readonly TreeRow[] {
  const rows = [...taskTree(versionOf.get(current)!.spec)];
  const known = new Set(rows.map(({ id }) => id));
  for (const id of new Set(runs.map(({ versionId }) => versionId))) {
    for (const row of taskTree(versionOf.get(id)!.spec)) {
      if (known.has(row.id)) continue;
      known.add(row.id);
      // Where its group is gone it stands by itself.
      const parent = row.parent !== null && known.has(row.parent) ? row.parent : null;
      rows.push({ ...row, parent, depth: parent === null ? 0 : row.depth });
    }
  }
  return rows;
}
