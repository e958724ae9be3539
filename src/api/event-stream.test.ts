import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import { EventFeed } from '../insight/event-feed.ts';
import type { NewEvent } from '../store/rows.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { type StreamRequest, streamEvents } from './event-stream.ts';

let store: SqliteStore;
let clock: VirtualClock;
let feed: EventFeed;
/** What becomes of looking a workflow up. */
let lookup: (() => Promise<never>) | undefined;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  clock = new VirtualClock();
  lookup = undefined;
  const readings = new Proxy(store.readings, {
    get: (target, name) => (lookup && name === 'workflows' ? lookup : Reflect.get(target, name)),
  });
  const seen = new Proxy(store, {
    get: (target, name) => (name === 'readings' ? readings : Reflect.get(target, name)),
  });
  feed = new EventFeed(seen, (error) => {
    throw error;
  });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await store.close();
});

/** Events about a workflow by its number, or about none. */
async function happen(count: number, about: Partial<NewEvent> = {}): Promise<void> {
  const row = { at: 1, kind: 'run.running', workflowId: null, run: null, task: null, index: null, attempt: null };
  const rows = Array.from({ length: count }, (): NewEvent => ({ ...row, data: null, ...about }));
  await store.transaction((tx) => tx.events.append(rows));
  feed.wake();
  await clock.settle();
}

interface Message {
  readonly id: string | undefined;
  readonly events: readonly { readonly id: number; readonly kind: string }[];
}

/** A client on a real response, whose end of the socket takes nothing while it is told not to. */
class Listener {
  #text = '';
  #held: (() => void)[] = [];
  #isTaking = true;
  readonly response: ServerResponse;
  readonly ended: Promise<void>;
  readonly #gone = new AbortController();

  constructor(request: Partial<StreamRequest> = {}) {
    const socket = new Duplex({
      read() {},
      write: (chunk, _, done) => {
        const take = () => {
          this.#text += chunk;
          done();
        };
        if (this.#isTaking) take();
        else this.#held.push(take);
      },
    });
    this.response = new ServerResponse(new IncomingMessage(new Socket()));
    this.response.useChunkedEncodingByDefault = false;
    this.response.assignSocket(socket as Socket);
    this.ended = streamEvents(
      feed,
      this.response,
      { clock, after: undefined, wanted: () => true, ...request },
      this.#gone.signal,
    );
    ends.push(() => this.leave());
  }

  /** What it has heard, without the head of the answer. */
  get messages(): Message[] {
    const [, ...blocks] = this.#text.split(/\r\n\r\n|\n\n/);
    return blocks.filter(Boolean).map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      return { id: field('id'), events: JSON.parse(field('data') ?? '[]') as Message['events'] };
    });
  }

  get events() {
    return this.messages.flatMap(({ events }) => events);
  }

  pause(): void {
    this.#isTaking = false;
  }

  async take(): Promise<void> {
    this.#isTaking = true;
    while (this.#held.length > 0) {
      for (const take of this.#held.splice(0)) take();
      await clock.settle();
    }
  }

  async leave(): Promise<void> {
    this.#isTaking = true;
    this.#gone.abort();
    await this.ended;
  }
}

async function listen(request: Partial<StreamRequest> = {}): Promise<Listener> {
  const listener = new Listener(request);
  await clock.settle();
  return listener;
}

describe('a stream of events', () => {
  it('begins with the number of the last event, and tells what comes together in one message', async () => {
    await happen(3);
    const listener = await listen();
    expect(listener.messages).toEqual([{ id: '3', events: [] }]);
    await happen(2);
    await happen(1);
    expect(listener.messages.length).toBe(1);
    await clock.advance(50);
    expect(listener.messages.slice(1).map(({ id, events }) => [id, events.map((event) => event.id)])).toEqual([
      ['6', [4, 5, 6]],
    ]);
  });

  it('goes on behind the event that the client has', async () => {
    await happen(5);
    const listener = await listen({ after: 2 });
    await happen(1);
    await clock.advance(50);
    expect(listener.events.map(({ id }) => id)).toEqual([3, 4, 5, 6]);
  });

  it('says that too much was missed, or that the events are others, and how to go on', async () => {
    await happen(10_050);
    const long = await listen({ after: 10 });
    expect(long.messages.at(-1)).toMatchObject({ id: '10050', events: [{ id: 10_050, kind: 'reset' }] });
    // The store was made anew: numbers begin again.
    const other = await listen({ after: 1_000_000 });
    expect(other.messages.at(-1)).toMatchObject({ id: '10050', events: [{ kind: 'reset' }] });
    await happen(1);
    await clock.advance(50);
    expect([long.messages.at(-1), other.messages.at(-1)]).toMatchObject([{ id: '10051' }, { id: '10051' }]);
  });

  it('tells of a burst that it was one', async () => {
    const listener = await listen();
    await happen(2_001);
    await clock.advance(50);
    expect(listener.events).toMatchObject([{ kind: 'reset', id: 2_001 }]);
  });

  it('tells each client what it wants, and how far the rest went', async () => {
    const listener = await listen({ wanted: ({ try_number }) => try_number === 7 });
    await happen(2);
    await happen(1, { attempt: 7 });
    await happen(1);
    await clock.advance(50);
    expect(listener.events.map(({ id }) => id)).toEqual([3]);
    expect(listener.messages.at(-1)?.id).toBe('4');
    await happen(2);
    await clock.advance(50);
    await clock.advance(15_000);
    expect(listener.messages.at(-1)).toEqual({ id: '6', events: [] });
  });

  it('says every 15 seconds that it is there', async () => {
    const listener = await listen();
    await clock.advance(15_000);
    await clock.advance(15_000);
    expect(listener.messages).toEqual(Array(3).fill({ id: '0', events: [] }));
    await listener.leave();
    expect(clock.next()).toBeNull();
  });

  it('waits for nobody: a client that does not listen reads anew when it does, and hears all from there', async () => {
    const listener = await listen();
    listener.pause();
    for (let n = 0; n < 10; n += 1) {
      await happen(1_500);
      await clock.advance(50);
    }
    expect(listener.response.writableLength).toBeLessThan(2 << 20);
    await listener.take();
    const told = listener.events;
    const reset = told.findIndex(({ kind }) => kind === 'reset');
    expect(told.slice(0, reset).map(({ id }) => id)).toEqual(told.slice(0, reset).map((_, at) => at + 1));
    expect([reset, told.length]).toEqual([told.length - 1, reset + 1]);
    await happen(2);
    await clock.advance(50);
    expect(listener.events.slice(reset + 1).map(({ id }) => id)).toEqual([15_001, 15_002]);
  });

  it('does not wait for a slow client that missed much, either', async () => {
    await happen(9_000);
    const listener = new Listener({ after: 0 });
    listener.pause();
    await clock.settle();
    await listener.take();
    expect(listener.events.at(-1)).toMatchObject({ kind: 'reset' });
    await happen(1);
    await clock.advance(50);
    expect(listener.events.at(-1)).toMatchObject({ id: 9_001 });
  });

  it('tells nothing behind what it could not tell', async () => {
    const listener = await listen();
    const answer = Promise.withResolvers<never>();
    lookup = () => answer.promise;
    await happen(1, { workflowId: 1 });
    await clock.advance(50);
    await happen(1);
    await clock.advance(50);
    answer.reject(new Error('the database is away'));
    await listener.ended;
    expect(listener.messages.at(-1)?.id).toBe('0');
  });

  it('ends when names cannot be looked up, so that the client comes again behind what it has', async () => {
    const listener = await listen();
    await happen(1);
    await clock.advance(50);
    lookup = () => Promise.reject(new Error('the database is away'));
    await happen(1, { workflowId: 1 });
    await clock.advance(50);
    lookup = undefined;
    await listener.ended;
    expect(listener.messages.at(-1)?.id).toBe('1');
    const again = await listen({ after: 1 });
    expect(again.events.map(({ id }) => id)).toEqual([2]);
  });
});
