import { systemClock } from '../model/clock.ts';
import type { components } from './schema.ts';

export type LiveEvent = components['schemas']['LiveEvent'];

export interface Status {
  readonly state: 'connecting' | 'live' | 'away';
  /** When it tries again, in milliseconds since the epoch; undefined where it does not wait. */
  readonly nextTry: number | undefined;
}

export interface SubscribeOptions {
  /** `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** Goes with the request as `Authorization: Bearer …`. */
  readonly token?: string;
  /** Events of one workflow, or of one of its runs. Default: all. */
  readonly dagId?: string;
  readonly dagRunId?: string;
  /** Goes on behind this event. Default: from now on. */
  readonly after?: number;
  readonly onEvents: (events: readonly LiveEvent[]) => void;
  readonly onStatus?: (status: Status) => void;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

export interface Subscription {
  close(): void;
  /** Does not wait for the next attempt. */
  tryNow(): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** The server says something every 15 s; a way on which nothing came for so long is dead. */
const SILENCE_MS = 40_000;

/**
 * Hears what happens on a server, in browsers and in Node. A connection that breaks is made again, later and later, and
 * goes on where it was; a gap that is too large ends in an event of kind `reset`.
 */
export function subscribe(options: SubscribeOptions): Subscription {
  const { onStatus = () => {}, fetch: ask = fetch } = options;
  const closing = new AbortController();
  let last = options.after;
  let wake = () => {};

  async function connect(): Promise<void> {
    const attempt = new AbortController();
    let cancelSilence = systemClock.after(SILENCE_MS, () => attempt.abort());
    try {
      const { token } = options;
      const headers = {
        accept: 'text/event-stream',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const signal = AbortSignal.any([closing.signal, attempt.signal]);
      const response = await ask(addressOf(options, last), { headers, signal });
      if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
      onStatus({ state: 'live', nextTry: undefined });
      wait = FIRST_WAIT_MS;
      for await (const { id, data } of messages(response.body)) {
        cancelSilence();
        cancelSilence = systemClock.after(SILENCE_MS, () => attempt.abort());
        if (id !== undefined) last = id;
        if (data !== '') options.onEvents(JSON.parse(data) as LiveEvent[]);
      }
    } finally {
      cancelSilence();
    }
  }

  let wait = FIRST_WAIT_MS;
  async function stayConnected(): Promise<void> {
    while (!closing.signal.aborted) {
      await connect().catch(() => {});
      if (closing.signal.aborted) return;
      onStatus({ state: 'away', nextTry: systemClock.now() + wait });
      await new Promise<void>((resolve) => {
        const cancel = systemClock.after(wait, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  onStatus({ state: 'connecting', nextTry: undefined });
  void stayConnected();
  return {
    close: () => {
      closing.abort();
      wake();
    },
    tryNow: () => wake(),
  };
}

function addressOf({ baseUrl, dagId, dagRunId }: SubscribeOptions, after: number | undefined): URL {
  const url = new URL('/api/v2/events/stream', baseUrl);
  if (dagId !== undefined) url.searchParams.set('dag_id', dagId);
  if (dagRunId !== undefined) url.searchParams.set('dag_run_id', dagRunId);
  if (after !== undefined) url.searchParams.set('after', String(after));
  return url;
}

interface Message {
  readonly id: number | undefined;
  readonly data: string;
}

/** Server-sent events of a body, each when it is whole. */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        yield messageOf(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function messageOf(block: string): Message {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
  const values = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const id = values('id').at(-1);
  return { id: id !== undefined && /^\d+$/.test(id) ? Number(id) : undefined, data: values('data').join('\n') };
}
