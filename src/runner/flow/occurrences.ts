import type { JournalEntry } from '../../executor/executor.ts';
import type { Journal } from './journal.ts';

/** A call of a name: which one it is, in the order of the calls. */
export interface Call {
  readonly name: string;
  readonly order: number;
}

/**
 * Which occurrence of its name each call of one body is. A call that the run has not met is numbered in the order of
 * the calls. Where the run has met calls of that name, the order alone does not say which one this is: calls that run
 * side by side may come in another order than last time. So a call is the recorded one that was given the same; only
 * one that was given something new is told by its order.
 */
export class Occurrences {
  readonly #journal: Journal;
  readonly #orders = new Map<string, number>();
  readonly #taken = new Map<string, Set<number>>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  next(name: string): Call {
    const order = this.#orders.get(name) ?? 0;
    this.#orders.set(name, order + 1);
    return { name, order };
  }

  /** Whether the run has met the name. */
  isKnown(name: string): boolean {
    return this.#journal.entries(name).size > 0;
  }

  /** The recorded call that was given the same, that of the call's own order first. */
  claim({ name, order }: Call, inputHash: string | null): JournalEntry | undefined {
    const own = this.#unclaimed(name, order);
    const found = own?.inputHash === inputHash ? own : this.#sameInput(name, inputHash);
    if (found) this.#takenOf(name).add(found.index);
    return found;
  }

  /** Whether nobody has claimed the recorded call of the call's own order. */
  mayBeByOrder({ name, order }: Call): boolean {
    return this.#unclaimed(name, order) !== undefined;
  }

  /** The recorded call of the call's own order, whatever it was given. */
  claimByOrder({ name, order }: Call): JournalEntry | undefined {
    const own = this.#unclaimed(name, order);
    if (own) this.#takenOf(name).add(order);
    return own;
  }

  /** An occurrence that the run has not met: that of the call's order, or the next after all others. */
  fresh({ name, order }: Call): number {
    const taken = this.#takenOf(name);
    const entries = this.#journal.entries(name);
    let index = order;
    while (taken.has(index) || entries.has(index)) index += 1;
    taken.add(index);
    return index;
  }

  #unclaimed(name: string, index: number): JournalEntry | undefined {
    return this.#takenOf(name).has(index) ? undefined : this.#journal.entries(name).get(index);
  }

  #sameInput(name: string, inputHash: string | null): JournalEntry | undefined {
    for (const index of this.#journal.given(name, inputHash)) {
      const entry = this.#unclaimed(name, index);
      if (entry?.inputHash === inputHash) return entry;
    }
    return undefined;
  }

  #takenOf(name: string): Set<number> {
    let taken = this.#taken.get(name);
    if (!taken) {
      taken = new Set();
      this.#taken.set(name, taken);
    }
    return taken;
  }
}
