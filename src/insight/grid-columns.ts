import type { z } from 'zod';
import type { grid as contract } from '../api/contract/grid.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { RunRow, VersionRow } from '../store/rows.ts';
import { rememberedOf } from './remembered.ts';
import type { Sources } from './sources.ts';
import { type Counts, countsOf, type ShownState, summed, summedOf } from './task-state.ts';
import type { TreeRow } from './task-tree.ts';
import { seconds } from './usual.ts';

export type Column = z.infer<typeof contract>['columns'][number];

export const LETTERS: ReadonlyMap<ShownState, string> = new Map([
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

/** Of a run that has ended: true as long as nothing has happened in it since, and the rows are the same. */
interface Remembered {
  readonly lastEvent: number;
  readonly rows: string;
  readonly column: Column;
}

/** Cells that are remembered at most, of all runs together: some 20 MB. */
const MOST_CELLS = 2_000_000;

class ColumnMemory {
  readonly #columns = new Map<number, Remembered>();
  #cells = 0;

  of(run: number, lastEvent: number | undefined, rows: string): Column | undefined {
    const known = this.#columns.get(run);
    return known && known.lastEvent === lastEvent && known.rows === rows ? known.column : undefined;
  }

  keep(run: number, remembered: Remembered): void {
    this.#forget(run);
    this.#columns.set(run, remembered);
    this.#cells += remembered.column.states.length;
    for (const oldest of this.#columns.keys()) {
      if (this.#cells <= MOST_CELLS) break;
      this.#forget(oldest);
    }
  }

  #forget(run: number): void {
    this.#cells -= this.#columns.get(run)?.column.states.length ?? 0;
    this.#columns.delete(run);
  }
}

const memoryOf = rememberedOf(() => new ColumnMemory());

interface About {
  readonly rows: readonly TreeRow[];
  readonly versionOf: ReadonlyMap<number, VersionRow>;
}

/**
 * A column each run. 50 runs of 1,000 tasks are 50,000 instances to count, of which almost all are over: those are
 * counted once, so that what runs now can be asked for several times a second.
 */
export async function columnsOf(
  { store, clock }: Sources,
  runs: readonly RunRow[],
  { rows, versionOf }: About,
): Promise<readonly Column[]> {
  const memory = memoryOf(store.readings);
  const layout = [...versionOf.keys()].join(' ');
  const ended = runs.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id);
  // Asked before the states: what happens between the two is news the next time.
  const last = await store.readings.lastEvents(ended);
  const known = new Map(
    ended.flatMap((id) => {
      const column = memory.of(id, last.get(id), layout);
      return column ? [[id, column] as const] : [];
    }),
  );
  const states = await store.readings.taskStates(runs.flatMap(({ id }) => (known.has(id) ? [] : [id])));
  const byRun = Map.groupBy(states, ({ run }) => run);
  const now = clock.now();
  return runs.map((run) => {
    const remembered = known.get(run.id);
    if (remembered) return remembered;
    const column = columnOf(rows, versionOf.get(run.versionId)!, byRun.get(run.id) ?? [], now);
    const lastEvent = last.get(run.id);
    if (lastEvent !== undefined) memory.keep(run.id, { lastEvent, rows: layout, column });
    return column;
  });
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
): Column {
  const byTask = Map.groupBy(states, ({ task }) => task);
  const taskOf = new Map(spec.tasks.map(({ id }, task) => [id, task]));
  const cells = new Map<string, Cell>();
  for (const [id, task] of taskOf) cells.set(id, cellOf(byTask.get(task) ?? [], now));
  const inGroup = cellsOfGroups(spec, cells);
  const letters: string[] = [];
  const durations: (number | null)[] = [];
  const mapped: Record<string, Counts> = {};
  const attempts: Record<string, number> = {};
  rows.forEach((row, at) => {
    const cell = row.kind === 'task' ? cells.get(row.id) : summedCell(inGroup.get(row.id) ?? []);
    letters.push(cell ? LETTERS.get(cell.state)! : ' ');
    durations.push(cell?.seconds ?? null);
    if (cell?.counts && row.kind === 'task') mapped[at] = cell.counts;
    if (cell && cell.attempt > 1 && row.kind === 'task') attempts[at] = cell.attempt;
  });
  return { states: letters.join(''), durations, mapped, attempts };
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
    seconds: started === null || until === null ? null : asShown(seconds(Math.max(0, until - started))),
    counts: isMapped ? counts : undefined,
    attempt,
  };
}

/** As finely as durations are written: digits that nobody sees would be half of the answer. */
function asShown(duration: number): number {
  if (duration < 1) return duration;
  return duration < 10 ? Math.round(duration * 10) / 10 : Math.round(duration);
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
