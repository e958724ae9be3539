import type { WorkflowSpec } from '../model/spec.ts';
import { isRunFinished, type RunState } from '../model/states.ts';
import type { NewSlot, ReprocessBehavior } from '../store/rows.ts';
import type { Timetable } from '../timetable/timetable.ts';

/** Which dates, in which order, and what becomes of those that have a run. */
export interface BackfillWindow {
  /** Milliseconds since the epoch, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** Latest first; default earliest first. */
  readonly reverse: boolean;
  readonly reprocess: ReprocessBehavior;
}

/** Why there can be no such backfill, in the order in which it is asked. */
export type Refusal =
  | 'not_periodic'
  | 'from_after_to'
  | 'another'
  | 'reverse_with_past'
  | 'reprocess_with_past'
  | 'in_the_future'
  | 'too_many_slots'
  | 'no_slots';

/** More dates than anybody means. */
export const MOST_SLOTS = 100_000;

/** What a window is held against. */
export interface BackfillSubject {
  readonly spec: Pick<WorkflowSpec, 'tasks'>;
  readonly timetable: Timetable;
  readonly now: number;
  /** Whether the workflow has an uncompleted backfill; a preview does not mind. */
  readonly another: boolean;
}

/** Why the window cannot be backfilled whatever runs there are, or null (Airflow's rules, in its order). */
export function refusalOf(window: BackfillWindow, { spec, timetable, now, another }: BackfillSubject): Refusal | null {
  if (!timetable.periodic) return 'not_periodic';
  if (window.from > window.to) return 'from_after_to';
  if (another) return 'another';
  if (spec.tasks.some(({ dependsOnPast }) => dependsOnPast)) {
    if (window.reverse) return 'reverse_with_past';
    if (window.reprocess === 'none') return 'reprocess_with_past';
  }
  return window.from >= now && window.to >= now ? 'in_the_future' : null;
}

/**
 * The dates of a backfill in the order in which it goes through them: the timetable's slots in the window whose
 * intervals have ended. The workflow's start date does not count (Airflow's). Null: more than MOST_SLOTS.
 */
export function slotsOf(timetable: Timetable, window: BackfillWindow, now: number): readonly NewSlot[] | null {
  const dates = [];
  for (const slot of timetable.slots(window.from, window.to)) {
    if (slot.interval.end >= now) continue;
    if (dates.push(slot) > MOST_SLOTS) return null;
  }
  if (window.reverse) dates.reverse();
  return dates.map(({ logicalDate, interval, runAfter }, at) => ({
    ordinal: at + 1,
    logicalDate,
    intervalStart: interval.start,
    intervalEnd: interval.end,
    runAfter,
  }));
}

/** What a backfill does about a slot, given the state of the run that is there (null: none). */
export type SlotPlan = 'create' | 'clear' | 'exists' | 'in_flight';

export function planSlot(there: RunState | null, reprocess: ReprocessBehavior): SlotPlan {
  if (there === null) return 'create';
  if (!isRunFinished(there)) return 'in_flight';
  if (reprocess === 'completed') return 'clear';
  return reprocess === 'failed' && there !== 'success' ? 'clear' : 'exists';
}
