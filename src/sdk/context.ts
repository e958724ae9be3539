/** Writes to the attempt's log. `fields` are kept as structured data beside the message. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** A data interval: [start, end). */
export interface DataInterval {
  readonly start: Date;
  readonly end: Date;
}

/**
 * What a task is told about its run and its attempt. The values are those of Airflow's template variables, as values.
 * `ds`, `ts` and their kin and `logicalDate` throw for a run without a logical date (a manual run may have none).
 */
export interface Context {
  readonly logicalDate: Date;
  readonly dataInterval: DataInterval;
  /** Logical date as YYYY-MM-DD. */
  readonly ds: string;
  /** Logical date as YYYYMMDD. */
  readonly dsNodash: string;
  /** Logical date in ISO 8601 with offset: 2026-01-01T00:00:00+00:00. */
  readonly ts: string;
  /** Logical date as YYYYMMDDTHHMMSS. */
  readonly tsNodash: string;
  /** Logical date as YYYYMMDDTHHMMSS+0000. */
  readonly tsNodashWithTz: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly run: {
    readonly id: string;
    readonly workflow: string;
    readonly type: string;
    /** The logical date, or null where the run has none: never throws. */
    readonly logicalDate: Date | null;
    /** The data interval, or null where the run has none: never throws. */
    readonly dataInterval: DataInterval | null;
    readonly runAfter: Date;
    readonly startedAt: Date | null;
    readonly conf: Readonly<Record<string, unknown>>;
  };
  readonly task: { readonly id: string; readonly retries: number };
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  /** The largest number of attempts. */
  readonly maxAttempts: number;
  /** `index` is -1 for a task that is not mapped. */
  readonly map: { readonly index: number; readonly length: number | null };
  /** `dag_id__task_id__YYYYMMDD`, as in Airflow; with the run's id in place of the date where there is none. */
  readonly taskInstanceKey: string;
  /** Interval of the latest successful run before this one, or null. */
  readonly previousSuccess: {
    readonly dataInterval: DataInterval | null;
    readonly startedAt: Date;
    readonly endedAt: Date;
  } | null;
  readonly log: Logger;
  /** Aborts when the attempt is cancelled or out of time. */
  readonly signal: AbortSignal;
  /** Passes the items on, unchanged, and reports how far it is: each is done when the next one is asked for. */
  progress<T>(items: Iterable<T>): AsyncIterable<T> & Iterable<T>;
  progress<T>(items: AsyncIterable<T>): AsyncIterable<T>;
}
