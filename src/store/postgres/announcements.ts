import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../../model/clock.ts';

/** Between two announcements of one store. Each is a small commit of its own, so that no transaction of the engine has one. */
const GAP_MS = 100;
/** How often watchers are called without having heard of anything. */
const POLL_MS = 1000;

export function channelOf(schema: string): string {
  return `millrace_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`;
}

/**
 * Tells other processes that something has changed: at once after a quiet time, else at most every GAP_MS. NOTIFY inside
 * a transaction takes a lock of the whole database until its commit is done; therefore it is sent after the commit, by
 * itself. What is lost when this process ends in between is found by the watchers' poll.
 */
export class Announcer {
  readonly #clock: Clock;
  readonly #notify: () => Promise<unknown>;
  #waiting = false;
  #cancelGap: (() => void) | null = null;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, notify: () => Promise<unknown>) {
    this.#clock = clock;
    this.#notify = notify;
  }

  changed(): void {
    if (this.#cancelGap) this.#waiting = true;
    else this.#send();
  }

  /** Sends what waits, and waits until it is sent. */
  async close(): Promise<void> {
    this.#cancelGap?.();
    if (this.#waiting) this.#send();
    this.#cancelGap?.();
    await this.#sending;
  }

  #send(): void {
    this.#waiting = false;
    this.#sending = this.#sending.then(this.#notify).catch(() => {});
    this.#cancelGap = this.#clock.after(GAP_MS, () => {
      this.#cancelGap = null;
      if (this.#waiting) this.#send();
    });
  }
}

/**
 * Hears what other stores announce, on a connection of its own, and calls back once a second besides: an announcement
 * is a hint that may get lost. A connection that breaks is made anew at the next of those calls.
 */
export class Listener {
  readonly #clock: Clock;
  readonly #connect: () => pg.Client;
  readonly #channel: string;
  readonly #own: string;
  readonly #watchers = new Set<() => void>();
  #client: pg.Client | null = null;
  #cancelPoll: (() => void) | null = null;

  constructor(options: {
    readonly clock: Clock;
    /** A client that is not connected yet. */
    readonly connect: () => pg.Client;
    readonly channel: string;
    /** What this store announces itself as; it does not call itself. */
    readonly own: string;
  }) {
    this.#clock = options.clock;
    this.#connect = options.connect;
    this.#channel = options.channel;
    this.#own = options.own;
  }

  watch(onChange: () => void): () => void {
    const watcher = () => onChange();
    this.#watchers.add(watcher);
    if (!this.#cancelPoll) this.#start();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) void this.close();
    };
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#cancelPoll?.();
    this.#cancelPoll = null;
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  #start(): void {
    if (!this.#client) this.#listen();
    this.#cancelPoll = this.#clock.after(POLL_MS, () => {
      this.#start();
      this.#call();
    });
  }

  #call(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #listen(): void {
    const client = this.#connect();
    const gone = () => {
      if (this.#client === client) this.#client = null;
    };
    this.#client = client;
    client.on('error', gone);
    client.on('end', gone);
    client.on('notification', ({ payload }) => {
      if (payload !== this.#own) this.#call();
    });
    client
      .connect()
      .then(() => client.query(`LISTEN ${this.#channel}`))
      // What was announced before this connection listened.
      .then(() => this.#call())
      .catch(() => {
        gone();
        client.end().catch(() => {});
      });
  }
}
