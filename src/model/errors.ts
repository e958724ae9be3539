/**
 * The closed set of errors that a user of Millrace can cause or meet. Codes are stable: scripts and tests rely on
 * them. Cancel, deferral and "try later" are not errors and have types of their own.
 */
export const ERROR_CODES = [
  // authoring
  'invalid_id',
  'duplicate_task',
  'duplicate_group',
  'duplicate_dag',
  'dag_cycle',
  'task_called_twice',
  'unknown_trigger_rule',
  'invalid_option',
  'invalid_duration',
  'invalid_date',
  'invalid_cron',
  'unknown_timezone',
  'start_after_end',
  'invalid_params',
  'outside_dag',
  'invalid_wiring',
  // loading
  'parse_error',
  'import_not_found',
  'import_threw',
  'import_timeout',
  'import_exited',
  'import_memory',
  'runtime_varying',
  // running
  'missing_connection',
  'invalid_connection',
  'missing_variable',
  'missing_secret',
  'unserialisable_output',
  'unmappable_output',
  'task_failed',
  'task_timeout',
  'worker_lost',
  'http_status',
  'provider_error',
  // operating
  'not_found',
  'already_exists',
  'conflict',
  'store_newer',
  'store_locked',
  'store_unavailable',
  'object_corrupt',
  'decryption_failed',
  'invalid_argument',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where in the user's files an error has its cause. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Some lines of the file around the place, ready to print. */
  readonly frame?: string;
}

/** An entry of a register that somebody has to make. */
export interface Lacking {
  readonly kind: 'connection' | 'variable';
  readonly name: string;
}

export interface ErrorDetails {
  /** What to do about it, as one sentence in the imperative. */
  readonly fix?: string;
  readonly place?: Place;
  /** What there has to be, so that it can be made where the error is shown. */
  readonly lacks?: Lacking;
  readonly cause?: unknown;
}

/** An error with a stable code, a cause, a fix and a place. */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly place: Place | undefined;
  readonly lacks: Lacking | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MillraceError';
    this.code = code;
    this.fix = details.fix;
    this.place = details.place;
    this.lacks = details.lacks;
  }

  /** True for an error made by this class, also by another copy of the package in the same process. */
  static is(error: unknown): error is MillraceError {
    return (
      error instanceof Error && error.name === 'MillraceError' && typeof (error as MillraceError).code === 'string'
    );
  }
}
