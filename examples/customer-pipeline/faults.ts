import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** How often the scoring service fails, and how. */
export interface FaultOptions {
  /** The same seed picks the same batches. */
  readonly seed: string;
  /** Share of the batches that answer 503. */
  readonly unavailable: number;
  /** Share of the batches that answer late. */
  readonly slow: number;
  /** How late, in milliseconds. */
  readonly slowMs: number;
  /**
   * For so long after a 503 there is no other, in milliseconds. A caller that tries the whole work again then gets
   * through, whatever the batches are.
   */
  readonly quietMs: number;
  /** Where the time of the last 503 is kept, so that the quiet time outlives the service; undefined: in memory only. */
  readonly file?: string;
  readonly now: () => number;
}

export type Fault = 'none' | 'unavailable' | 'slow';

/** Of the example's 48 batches of 500, this seed picks two for a 503 (the 26th and the 28th) and two for a late answer. */
export const DEFAULT_FAULTS: FaultOptions = {
  seed: 'millrace',
  unavailable: 0.04,
  slow: 0.04,
  slowMs: 750,
  quietMs: 15 * 60_000,
  now: Date.now,
};

/** Decides for each batch, named by its first customer and its size, whether it goes wrong. */
export class Faults {
  readonly #options: FaultOptions;
  #lastUnavailable: number;

  constructor(options: FaultOptions) {
    this.#options = options;
    this.#lastUnavailable = options.file === undefined ? Number.NEGATIVE_INFINITY : readTime(options.file);
  }

  get slowMs(): number {
    return this.#options.slowMs;
  }

  next(batch: string): Fault {
    const { unavailable, slow, quietMs, file, now } = this.#options;
    const time = now();
    if (this.#share('unavailable', batch) < unavailable && Math.abs(time - this.#lastUnavailable) >= quietMs) {
      this.#lastUnavailable = time;
      if (file !== undefined) writeTime(file, time);
      return 'unavailable';
    }
    return this.#share('slow', batch) < slow ? 'slow' : 'none';
  }

  /** A number in [0, 1) that depends on the seed, the kind and the batch only. */
  #share(kind: string, batch: string): number {
    const digest = createHash('sha256').update(`${this.#options.seed}\0${kind}\0${batch}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  }
}

function readTime(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || Number.NEGATIVE_INFINITY;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

function writeTime(file: string, time: number): void {
  writeFileSync(`${file}.new`, String(time));
  renameSync(`${file}.new`, file);
}
