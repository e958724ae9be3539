import type { ServerResponse } from 'node:http';
import type { EventFeed } from '../insight/event-feed.ts';
import { type LiveEvent, LiveNames } from '../insight/live-names.ts';
import type { Clock } from '../model/clock.ts';
import type { EventRow } from '../store/rows.ts';

/** Events that a client missed are told one by one up to so many. */
const MOST_MISSED = 10_000;
/** After a message, what comes within this time is one more: a browser draws no faster. The first one goes at once. */
const TOGETHER_MS = 50;
const ALIVE_MS = 15_000;
/** A client that has not taken so many bytes is behind: it is told to read anew instead of being waited for. */
const MOST_BUFFERED = 1 << 20;
/** Of one message; a burst of 100,000 events is not worth telling one by one. */
const MOST_TOGETHER = 2_000;

export interface StreamRequest {
  readonly clock: Clock;
  /** The last event that the client has; undefined: from now on. */
  readonly after: number | undefined;
  readonly wanted: (event: LiveEvent) => boolean;
}

/** Writes events as they come to one client, until it goes or the signal aborts. */
export async function streamEvents(
  feed: EventFeed,
  response: ServerResponse,
  { clock, after, wanted }: StreamRequest,
  signal: AbortSignal,
): Promise<void> {
  const names = new LiveNames(feed);
  const stream = await feed.open();
  const client = new Client(response, wanted);
  const failed = new AbortController();
  let cancelAlive = () => {};
  const stayAlive = () => {
    cancelAlive = clock.after(ALIVE_MS, () => {
      client.sayAlive();
      stayAlive();
    });
  };
  stayAlive();
  try {
    const now = await feed.queries.lastEvent();
    client.start(after ?? now);
    if (after !== undefined) await client.catchUp(feed, names, { after, now });
    let batch: EventRow[] = [];
    let cancelSend: (() => void) | undefined;
    let sending = Promise.resolve();
    let sentAt = Number.NEGATIVE_INFINITY;
    const send = () => {
      cancelSend = undefined;
      sentAt = clock.monotonic();
      const rows = batch;
      batch = [];
      // One after the other: looking up names must not let a later batch overtake.
      sending = sending.then(async () => {
        if (failed.signal.aborted) return;
        if (rows.length > MOST_TOGETHER) client.reset(rows.at(-1)!.id);
        else client.write(await names.name(rows));
      });
      // The store is away: the client comes again, and goes on behind what it has.
      sending = sending.catch((error) => failed.abort(error));
    };
    for await (const row of stream.read(AbortSignal.any([signal, failed.signal]))) {
      if (row.id <= client.last && row.id <= now) continue;
      batch.push(row);
      cancelSend ??= clock.after(Math.max(0, sentAt + TOGETHER_MS - clock.monotonic()), send);
    }
    cancelSend?.();
    await sending;
  } finally {
    cancelAlive();
    feed.close(stream);
    response.end();
  }
}

class Client {
  readonly #response: ServerResponse;
  readonly #wanted: (event: LiveEvent) => boolean;
  #isBehind = false;
  /** Number of the last event that it knows of. */
  last = 0;

  constructor(response: ServerResponse, wanted: (event: LiveEvent) => boolean) {
    this.#response = response;
    this.#wanted = wanted;
  }

  /** The number comes first, so that a client that is cut off at once knows where to go on. */
  start(last: number): void {
    this.last = last;
    this.#response.write(`retry: 1000\nid: ${last}\n: live\n\n`);
  }

  async catchUp(
    feed: EventFeed,
    names: LiveNames,
    { after, now }: { readonly after: number; readonly now: number },
  ): Promise<void> {
    if (now - after > MOST_MISSED || after > now) {
      this.reset(now);
      return;
    }
    while (this.last < now && !this.#isBehind) {
      const rows = await feed.queries.events({ after: this.last, limit: 1_000 });
      if (rows.length === 0) break;
      this.write(await names.name(rows));
    }
  }

  write(events: readonly LiveEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    if (this.#response.writableLength > MOST_BUFFERED) {
      // Said at once, and once: it hears it behind all that it has not taken yet, and reads anew what it did not hear.
      if (!this.#isBehind) this.reset(last.id);
      this.#isBehind = true;
      return;
    }
    this.#isBehind = false;
    this.last = Math.max(this.last, last.id);
    const told = events.filter(this.#wanted);
    if (told.length > 0) this.#send(told);
  }

  reset(id: number): void {
    if (this.#isBehind) return;
    this.last = id;
    const nothing = { dag_id: null, dag_run_id: null, task_id: null, map_index: null, try_number: null, state: null };
    this.#send([{ id, at: new Date(0).toISOString(), kind: 'reset', ...nothing }]);
  }

  /** Keeps the way open, and tells how far events went that did not concern it. */
  sayAlive(): void {
    if (this.#response.writableLength === 0) this.#response.write(`id: ${this.last}\n: alive\n\n`);
  }

  #send(events: readonly LiveEvent[]): void {
    this.#response.write(`id: ${this.last}\ndata: ${JSON.stringify(events)}\n\n`);
  }
}
