import type { Clock } from '../model/clock.ts';
import type { AttemptLog } from './attempt-log.ts';

/** How much is done: a fraction from 0 to 1 where `total` is known. */
export interface Progress {
  readonly done: number;
  readonly total: number | null;
}

/** Shortest time between two reports, in milliseconds. */
const INTERVAL_MS = 250;

/**
 * Passes progress on, not more often than four times a second; the last word always gets through with `end`, and into the
 * log, where it stays.
 */
export class ProgressReporter {
  readonly #clock: Clock;
  readonly #send: (progress: Progress) => void;
  #sentAt = Number.NEGATIVE_INFINITY;
  #held: Progress | undefined;
  #last: Progress | undefined;

  constructor(clock: Clock, send: (progress: Progress) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  report(progress: Progress): void {
    this.#last = progress;
    const now = this.#clock.monotonic();
    if (now - this.#sentAt < INTERVAL_MS) {
      this.#held = progress;
      return;
    }
    this.#sentAt = now;
    this.#held = undefined;
    this.#send(progress);
  }

  end(log: Pick<AttemptLog, 'system'>): void {
    if (this.#held) this.#send(this.#held);
    this.#held = undefined;
    if (!this.#last) return;
    const { done, total } = this.#last;
    log.system('info', `progress: ${total === null ? `${done} done` : `${done} of ${total}`}`);
  }
}
