import type { DataInterval, Timetable } from './timetable.ts';

/** The dates that whoever starts a run by hand may give, in milliseconds since the epoch. */
export interface ManualRequest {
  /** Null: the run has no logical date, and so no data interval. */
  readonly logicalDate: number | null;
  /** Default: now. */
  readonly runAfter?: number | null;
  /** Default: what the timetable makes of the logical date. */
  readonly interval?: DataInterval | null;
}

export interface ManualRunDates {
  readonly logicalDate: number | null;
  readonly interval: DataInterval | null;
  readonly runAfter: number;
}

/** The dates of a run started by hand. */
export function manualRun(timetable: Timetable, request: ManualRequest, now: number): ManualRunDates {
  const { logicalDate } = request;
  const runAfter = request.runAfter ?? now;
  if (logicalDate === null) return { logicalDate, interval: null, runAfter };
  return { logicalDate, interval: request.interval ?? timetable.manualInterval(logicalDate), runAfter };
}
