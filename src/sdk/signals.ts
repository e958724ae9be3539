const SIGNAL = Symbol.for('millrace.signal');

/** Ends an attempt as skipped. No failure, and no Error: nothing went wrong. Thrown by skip(). */
export class SkipSignal {
  readonly [SIGNAL] = 'skip';
  readonly message: string | null;

  constructor(message: string | null) {
    this.message = message;
  }

  /** True for a signal of this class, also of another copy of the package. */
  static is(thrown: unknown): thrown is SkipSignal {
    return typeof thrown === 'object' && thrown !== null && (thrown as { [SIGNAL]?: string })[SIGNAL] === 'skip';
  }
}

/** Fails an attempt for good, whatever retries are left. Thrown by failNow(). */
export class FailNowError extends Error {
  readonly [SIGNAL] = 'fail_now';
  override readonly name = 'FailNowError';

  /** True for an error of this class, also of another copy of the package. */
  static is(thrown: unknown): thrown is FailNowError {
    return thrown instanceof Error && (thrown as { [SIGNAL]?: string })[SIGNAL] === 'fail_now';
  }
}

/** Ends an attempt as cancelled: nothing went wrong, and nothing is tried again. */
export class CancelSignal {
  readonly [SIGNAL] = 'cancel';
  readonly message: string | null;

  constructor(message: string | null) {
    this.message = message;
  }

  /** True for a signal of this class, also of another copy of the package. */
  static is(thrown: unknown): thrown is CancelSignal {
    return typeof thrown === 'object' && thrown !== null && (thrown as { [SIGNAL]?: string })[SIGNAL] === 'cancel';
  }
}

/** Ends this attempt as skipped, and with it the task instance (Airflow's AirflowSkipException). */
export function skip(message?: string): never {
  throw new SkipSignal(message ?? null);
}

/** Fails this task instance at once, without using the retries that are left (Airflow's AirflowFailException). */
export function failNow(message: string, options?: { readonly cause?: unknown }): never {
  throw new FailNowError(message, options);
}
