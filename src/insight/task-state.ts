import type { z } from 'zod';
import type { taskState } from '../api/contract/state.ts';
import type { TaskState } from '../model/states.ts';
import type { TaskStateRow } from '../store/readings.ts';

export type ShownState = z.infer<typeof taskState>;

/** A state under the API's name: none is null, and what a limit holds back is scheduled, as Airflow would call it. */
export function shownState(state: TaskState, isParked: boolean): ShownState {
  if (state === 'none') return null;
  return state === 'queued' && isParked ? 'scheduled' : state;
}

/** The state that stands for several: the worst, or what is still going on. */
const WORST_FIRST: readonly ShownState[] = [
  'failed',
  'upstream_failed',
  'up_for_retry',
  'running',
  'restarting',
  'awaiting_input',
  'up_for_reschedule',
  'deferred',
  'queued',
  'scheduled',
  null,
  'success',
  'skipped',
  'removed',
];

export function summed(states: Iterable<ShownState>): ShownState {
  const there = new Set(states);
  return WORST_FIRST.find((state) => there.has(state)) ?? null;
}

/** Counts under the states' names, without the states that nothing has. */
export type Counts = Record<string, number>;

/** Instances by state. */
export function countsOf(rows: readonly TaskStateRow[]): Counts {
  const counts: Counts = {};
  const add = (state: ShownState, more: number) => {
    const name = state ?? 'none';
    if (more > 0) counts[name] = (counts[name] ?? 0) + more;
  };
  for (const { state, instances, parked } of rows) {
    add(shownState(state, false), instances - parked);
    add(shownState(state, true), parked);
  }
  return counts;
}

/** The state that stands for all that are counted. */
export const summedOf = (counts: Counts): ShownState =>
  summed(Object.keys(counts).map((name) => (name === 'none' ? null : (name as ShownState))));
