import type { EventRow } from '../../store/rows.ts';
import type { Store } from '../../store/store.ts';

/**
 * Where several servers write, an event may become visible after one with a higher id: that many are read again. On
 * SQLite there is one writer at a time.
 */
const LOOK_BACK = { sqlite: 0, postgres: 500 } as const;

export interface TailOptions {
  tell(events: readonly EventRow[]): void;
  error(error: unknown): void;
}

/** Hands on every event that is written to the store from now on, by whichever process, in order, each once. */
export class EventTail {
  readonly #store: Store;
  readonly #tell: (events: readonly EventRow[]) => void;
  readonly #onError: (error: unknown) => void;
  readonly #seen = new Set<number>();
  /** What lies before the tail began is nobody's news. */
  readonly #first: number;
  #last: number;
  #wanted = false;
  #reading: Promise<void> | undefined;

  private constructor(store: Store, last: number, to: TailOptions) {
    this.#store = store;
    this.#first = last;
    this.#last = last;
    this.#tell = to.tell;
    this.#onError = to.error;
  }

  static async open(store: Store, to: TailOptions): Promise<EventTail> {
    return new EventTail(store, await store.queries.lastEvent(), to);
  }

  /** Something may have been written. */
  wake(): void {
    this.#wanted = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
  }

  /** Resolves when everything that was written before has been handed on. */
  async drain(): Promise<void> {
    this.wake();
    await this.#reading;
  }

  async #read(): Promise<void> {
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.#catchUp();
      }
    } catch (error) {
      // The store is away: the next change, or its coming back, wakes again.
      this.#onError(error);
    }
  }

  async #catchUp(): Promise<void> {
    const lookBack = LOOK_BACK[this.#store.dialect];
    let after = Math.max(0, this.#last - lookBack);
    for (;;) {
      const events = await this.#store.queries.events({ after });
      if (events.length === 0) break;
      after = events.at(-1)!.id;
      const fresh = lookBack === 0 ? events : events.filter(({ id }) => id > this.#first && !this.#seen.has(id));
      for (const { id } of lookBack === 0 ? [] : fresh) this.#seen.add(id);
      this.#last = Math.max(this.#last, after);
      if (fresh.length > 0) this.#tell(fresh);
    }
    for (const id of this.#seen) if (id <= this.#last - lookBack) this.#seen.delete(id);
  }
}
