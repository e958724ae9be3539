import type { Readings } from '../store/readings.ts';
import type { EventRow } from '../store/rows.ts';
import type { Queries, Store } from '../store/store.ts';
import { EventStream } from './event-stream.ts';

/** Events read at once. */
const PAGE = 1000;

/**
 * Every event that is written to the store, by whichever process, in order, each once, for those who follow. While
 * nobody does, nothing is read.
 */
export class EventFeed {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  readonly #streams = new Set<EventStream<EventRow>>();
  /** What lies before somebody began to follow is no news. */
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

  get readings(): Readings {
    return this.#store.readings;
  }

  /** Everything from now on, until it is closed or the feed ends. */
  async open(): Promise<EventStream<EventRow>> {
    if (this.#streams.size === 0) {
      const last = await this.#store.queries.lastEvent();
      // Somebody who began meanwhile goes on from where they began.
      if (this.#streams.size === 0) this.#last = last;
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

  /** Ids become visible in their order, whichever server writes (store/postgres/journal.ts), so none is looked back for. */
  async #catchUp(): Promise<void> {
    for (let more = true; more; ) {
      const events = await this.#store.queries.events({ after: this.#last, limit: PAGE });
      this.#last = events.at(-1)?.id ?? this.#last;
      more = events.length === PAGE;
      for (const stream of this.#streams) stream.push(events);
    }
  }
}
