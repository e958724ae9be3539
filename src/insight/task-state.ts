import type { z } from 'zod';
import type { taskState } from '../api/contract/state.ts';
import type { TaskState } from '../model/states.ts';

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

export function count(counts: Counts, state: ShownState, more: number): void {
  const name = state ?? 'none';
  if (more > 0) counts[name] = (counts[name] ?? 0) + more;
}
