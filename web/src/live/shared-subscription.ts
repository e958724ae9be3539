import {
  type LiveEvent,
  type Status,
  type SubscribeOptions,
  type Subscription,
  subscribe,
} from '../../../src/client/events.ts';

const NAME = 'millrace-live';

type Message =
  | { readonly kind: 'events'; readonly events: readonly LiveEvent[] }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'hello' | 'try now' };

/**
 * One stream for all tabs of a browser. A stream keeps a connection, and a browser opens six of them to a server that
 * speaks HTTP/1.1: with a stream each, the seventh tab would get no answer at all. The tab that holds the lock streams and
 * tells the others; when it closes, the next one takes the lock and goes on behind the last event that it heard of.
 */
export function subscribeShared(options: Omit<SubscribeOptions, 'after'>): Subscription {
  const { onEvents, onStatus = () => {} } = options;
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return subscribe(options);
  const channel = new BroadcastChannel(NAME);
  const closing = new AbortController();
  let own: Subscription | undefined;
  let status: Status = { state: 'connecting', nextTry: undefined };
  let last: number | undefined;
  const tell = (message: Message) => channel.postMessage(message);
  const hear = (events: readonly LiveEvent[]) => {
    last = events.at(-1)?.id ?? last;
    onEvents(events);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'events') hear(data.events);
    else if (data.kind === 'status') onStatus(data.status);
    else if (own && data.kind === 'hello') tell({ kind: 'status', status });
    else if (own && data.kind === 'try now') own.tryNow();
  };
  const stream = () =>
    new Promise<void>((resolve) => {
      own = subscribe({
        ...options,
        ...(last === undefined ? {} : { after: last }),
        onEvents: (events) => {
          hear(events);
          tell({ kind: 'events', events });
        },
        onStatus: (next) => {
          status = next;
          onStatus(next);
          tell({ kind: 'status', status: next });
        },
      });
      closing.signal.addEventListener('abort', () => {
        own?.close();
        resolve();
      });
    });
  navigator.locks.request(NAME, { signal: closing.signal }, stream).catch(() => {
    // Closed before its turn came.
  });
  tell({ kind: 'hello' });
  return {
    close: () => {
      closing.abort();
      channel.close();
    },
    tryNow: () => (own ? own.tryNow() : tell({ kind: 'try now' })),
  };
}
