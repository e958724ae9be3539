import type { z } from 'zod';
import type { grid as contract } from '../api/contract/grid.ts';
import { MillraceError } from '../model/errors.ts';
import type { RunType } from '../model/states.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { RunRow, VersionRow } from '../store/rows.ts';
import { iso } from './iso.ts';
import { lately } from './lately.ts';
import { workflowOf } from './run-of.ts';
import { summaryOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { type Counts, countsOf, type ShownState, summed, summedOf } from './task-state.ts';
import { type TreeRow, taskTree } from './task-tree.ts';
import { seconds } from './usual.ts';
import type { VersionCache } from './version-cache.ts';

type Grid = z.infer<typeof contract>;

export interface GridFilter {
  readonly limit: number;
  readonly types?: readonly RunType[] | undefined;
  readonly dueUntil?: number | undefined;
}

const LETTERS: ReadonlyMap<ShownState, string> = new Map([
  [null, '.'],
  ['scheduled', 'd'],
  ['queued', 'q'],
  ['running', 'r'],
  ['restarting', 'R'],
  ['up_for_retry', 't'],
  ['up_for_reschedule', 'c'],
  ['deferred', 'e'],
  ['awaiting_input', 'w'],
  ['success', 's'],
  ['failed', 'f'],
  ['skipped', 'k'],
  ['upstream_failed', 'u'],
  ['removed', 'x'],
]);

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
  const states = await store.readings.taskStates(runs.map(({ id }) => id));
  const rows = rowsOf(runs, versionOf, workflow.versionId);
  const byRun = Map.groupBy(states, ({ run }) => run);
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
    columns: runs.map((run) => columnOf(rows, versionOf.get(run.versionId)!, byRun.get(run.id) ?? [], now)),
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

interface Cell {
  readonly state: ShownState;
  readonly seconds: number | null;
  readonly counts: Counts | undefined;
  readonly attempt: number;
}

function columnOf(
  rows: readonly TreeRow[],
  { spec }: VersionRow,
  states: readonly TaskStateRow[],
  now: number,
): Grid['columns'][number] {
  const byTask = Map.groupBy(states, ({ task }) => task);
  const taskOf = new Map(spec.tasks.map(({ id }, task) => [id, task]));
  const cells = new Map<string, Cell>();
  for (const [id, task] of taskOf) cells.set(id, cellOf(byTask.get(task) ?? [], now));
  const inGroup = cellsOfGroups(spec, cells);
  const column: {
    states: string;
    durations: (number | null)[];
    mapped: Record<string, Counts>;
    attempts: Record<string, number>;
  } = {
    states: '',
    durations: [],
    mapped: {},
    attempts: {},
  };
  rows.forEach((row, at) => {
    const cell = row.kind === 'task' ? cells.get(row.id) : summedCell(inGroup.get(row.id) ?? []);
    column.states += cell ? LETTERS.get(cell.state)! : ' ';
    column.durations.push(cell?.seconds ?? null);
    if (cell?.counts && row.kind === 'task') column.mapped[at] = cell.counts;
    if (cell && cell.attempt > 1 && row.kind === 'task') column.attempts[at] = cell.attempt;
  });
  return column;
}

function cellOf(states: readonly TaskStateRow[], now: number): Cell {
  const counts = countsOf(states);
  let isMapped = false;
  let attempt = 0;
  let started: number | null = null;
  let ended: number | null = null;
  let isOpen = false;
  for (const row of states) {
    isMapped ||= row.mapped;
    attempt = Math.max(attempt, row.attempt);
    if (row.startedAt !== null) started = Math.min(started ?? row.startedAt, row.startedAt);
    if (row.endedAt !== null) ended = Math.max(ended ?? row.endedAt, row.endedAt);
    isOpen ||= row.state === 'running';
  }
  const until = isOpen ? now : ended;
  return {
    state: summedOf(counts),
    seconds: started === null || until === null ? null : seconds(Math.max(0, until - started)),
    counts: isMapped ? counts : undefined,
    attempt,
  };
}

/** By group, the cells of the tasks in it, at any depth: ids of tasks need not begin with their group's. */
function cellsOfGroups(
  { tasks, groups }: VersionRow['spec'],
  cells: ReadonlyMap<string, Cell>,
): ReadonlyMap<string, readonly Cell[]> {
  const inside = new Map<string, Cell[]>(groups.map(({ id }) => [id, []]));
  for (const { id, group } of tasks) {
    for (let at = group; at !== null; at = groups[at]!.parent) inside.get(groups[at]!.id)!.push(cells.get(id)!);
  }
  return inside;
}

/** A group sums up its tasks: the worst state, the longest time. */
function summedCell(inside: readonly Cell[]): Cell | undefined {
  if (inside.length === 0) return undefined;
  const times = inside.flatMap(({ seconds: took }) => (took === null ? [] : [took]));
  return {
    state: summed(inside.map(({ state }) => state)),
    seconds: times.length === 0 ? null : Math.max(...times),
    counts: undefined,
    attempt: 0,
  };
}
