import type { Outcome } from '../../executor/executor.ts';

/** What the simulated world did by itself: what the database says must fit to it. */
export class Witness {
  /** By token: outcomes that were reported to an engine, in order. */
  readonly #outcomes = new Map<string, Outcome[]>();
  readonly #failures = new Map<string, number>();
  /** Tokens that were once in a committed row in state running. */
  readonly claimed = new Set<string>();
  readonly ordered = new Set<string>();
  /** By instance: elements of the list that its accepted success gave; null: not a list. */
  readonly lengths = new Map<string, number | null>();
  /** Runs of which somebody asked to clear instances, or to cancel. */
  readonly cleared = new Set<number>();
  readonly cancelled = new Set<number>();
  /** Runs of which somebody said how instances ended: these gave nothing. */
  readonly marked = new Set<number>();

  /** The wall clock has jumped: times of different moments cannot be compared. */
  clockJumped = false;

  reported(token: string, outcome: Outcome): void {
    const known = this.#outcomes.get(token);
    if (!known) this.#outcomes.set(token, [outcome]);
    else if (!known.includes(outcome)) known.push(outcome);
  }

  /** One more failed attempt of this instance; returns how many there are. */
  failed(instance: string): number {
    const count = (this.#failures.get(instance) ?? 0) + 1;
    this.#failures.set(instance, count);
    return count;
  }

  outcomes(token: string): readonly Outcome[] {
    return this.#outcomes.get(token) ?? [];
  }
}
