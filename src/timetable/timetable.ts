/** A data interval, [start, end), in milliseconds since the epoch. */
export interface DataInterval {
  readonly start: number;
  readonly end: number;
}

/** The dates of one scheduled run, in milliseconds since the epoch. */
export interface RunDates {
  readonly logicalDate: number;
  readonly interval: DataInterval;
  /** The earliest time at which the run may start. */
  readonly runAfter: number;
}

/** What bounds the next run besides the schedule itself. */
export interface RunRestriction {
  /** Start date of the workflow, inclusive; null: none. */
  readonly earliest: number | null;
  /** End date of the workflow, inclusive; null: none. */
  readonly latest: number | null;
  /** True: every slot since the last run gets its run. False: only the latest. */
  readonly catchup: boolean;
  readonly now: number;
}

/** A schedule at work. All times are milliseconds since the epoch; none of the methods reads a clock. */
export interface Timetable {
  /** True when the slots follow a rule, so that a backfill can list them. */
  readonly periodic: boolean;
  /** The most runs that this schedule allows at once, or null: no limit of its own. */
  readonly activeRunsLimit: number | null;
  /** False when no run is ever created by time. */
  readonly canBeScheduled: boolean;
  /** The run after the last automated one (null: there was none), or null when nothing is scheduled. */
  nextRun(last: DataInterval | null, restriction: RunRestriction): RunDates | null;
  /** The latest slot whose run-after lies before the instant, or null: none, or not periodic. */
  previousRun(before: number): RunDates | null;
  /** The data interval of a manual run with this run-after (or logical date, if it has one). */
  manualInterval(runAfter: number): DataInterval;
  /** The slots between two instants, both inclusive, in order: what a backfill of that window covers. */
  slots(from: number, to: number): Iterable<RunDates>;
  /** A short text for people. */
  describe(): string;
}
