import { type StopCause, stopError } from './stop-cause.ts';

/** Tells a body to stop, once. The signal is made when somebody looks at it: most bodies never do. */
export class StopSwitch {
  #controller: AbortController | undefined;
  #cause: StopCause | undefined;
  readonly #stopped: ((cause: StopCause) => void) | undefined;

  constructor(stopped?: (cause: StopCause) => void) {
    this.#stopped = stopped;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cause) this.#controller.abort(stopError(this.#cause));
    }
    return this.#controller.signal;
  }

  /** Why it was told to stop; undefined: it was not. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  /** The first cause stands. */
  stop(cause: StopCause): void {
    if (this.#cause) return;
    this.#cause = cause;
    this.#controller?.abort(stopError(cause));
    this.#stopped?.(cause);
  }
}
