import type { EventRow } from '../store/rows.ts';
import type { Queries, Store } from '../store/store.ts';
import { EventStream } from './event-stream.ts';

/**
 * Where several servers write, an event may become visible after one with a higher id: that many are read again. On
 * SQLite there is one writer at a time.
 */
const LOOK_BACK = { sqlite: 0, postgres: 500 } as const;

/**
 * Every event that is written to the store, by whichever process, in order, each once, for those who follow. While
 * nobody does, nothing is read.
 */
export class EventFeed {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  readonly #streams = new Set<EventStream<EventRow>>();
  readonly #seen = new Set<number>();
  /** What lies before somebody began to follow is no news. */
  #first = 0;
  #last = 0;
  #wanted = false;
  #reading: Promise<void> | undefined;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  get queries(): Queries {
    return this.#store.queries;
  }

  /** Everything from now on, until it is closed or the feed ends. */
  async open(): Promise<EventStream<EventRow>> {
    if (this.#streams.size === 0) {
      this.#first = await this.#store.queries.lastEvent();
      this.#last = this.#first;
    }
    const stream = new EventStream<EventRow>();
    this.#streams.add(stream);
    return stream;
  }

  close(stream: EventStream<EventRow>): void {
    this.#streams.delete(stream);
  }

  /** Something may have been written. */
  wake(): void {
    if (this.#streams.size === 0) return;
    this.#wanted = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
  }

  /** Hands on what there is, and ends all streams. */
  async end(): Promise<void> {
    this.wake();
    await this.#reading;
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  async #read(): Promise<void> {
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.#catchUp();
      }
    } catch (error) {
      // The store is away: the next change wakes again.
      this.#onError(error);
    }
  }

  async #catchUp(): Promise<void> {
    const lookBack = LOOK_BACK[this.#store.dialect];
    let after = Math.max(this.#first, this.#last - lookBack);
    for (;;) {
      const events = await this.#store.queries.events({ after });
      if (events.length === 0) break;
      after = events.at(-1)!.id;
      const fresh = lookBack === 0 ? events : events.filter(({ id }) => !this.#seen.has(id));
      if (lookBack > 0) for (const { id } of fresh) this.#seen.add(id);
      this.#last = Math.max(this.#last, after);
      for (const stream of this.#streams) stream.push(fresh);
    }
    for (const id of this.#seen) if (id <= this.#last - lookBack) this.#seen.delete(id);
  }
}
