import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventRow, NewEvent } from '../store/rows.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { EventFeed } from './event-feed.ts';
import type { EventStream } from './event-stream.ts';

let store: SqliteStore;
let feed: EventFeed;
beforeEach(async () => {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  feed = new EventFeed(store, (error) => {
    throw error;
  });
});
afterEach(() => store.close());

function append(...kinds: string[]): Promise<void> {
  const rows = kinds.map(
    (kind): NewEvent => ({
      at: 1,
      kind,
      workflowId: null,
      run: null,
      task: null,
      index: null,
      attempt: null,
      data: null,
    }),
  );
  return store.transaction((tx) => tx.events.append(rows));
}

async function all(stream: EventStream<EventRow>): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind } of stream.read(new AbortController().signal)) kinds.push(kind);
  return kinds;
}

it('hands on what happens from now on, each once, to everybody who follows', async () => {
  await append('before');
  const first = await feed.open();
  await append('one', 'two');
  feed.wake();
  feed.wake();
  const second = await feed.open();
  await append('three');
  await feed.end();
  expect(await all(first)).toEqual(['one', 'two', 'three']);
  expect((await all(second)).at(-1)).toBe('three');
});

it('reads nothing while nobody follows, and begins anew with the next', async () => {
  feed.close(await feed.open());
  await append('unheard');
  feed.wake();
  const stream = await feed.open();
  await append('heard');
  await feed.end();
  expect(await all(stream)).toEqual(['heard']);
});

it('hands on more than one page', async () => {
  const stream = await feed.open();
  const kinds = Array.from({ length: 2500 }, (_, index) => `e${index}`);
  await append(...kinds);
  await feed.end();
  expect(await all(stream)).toEqual(kinds);
});

it('keeps for the first what happens while a second begins to follow', async () => {
  const answers = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  let asked = 0;
  const queries = new Proxy(store.queries, {
    get: (target, name) => (name === 'lastEvent' ? () => answers[asked++]!.promise : Reflect.get(target, name)),
  });
  const slow = new Proxy(store, { get: (target, name) => (name === 'queries' ? queries : Reflect.get(target, name)) });
  const own = new EventFeed(slow, (error) => {
    throw error;
  });
  const opening = [own.open(), own.open()] as const;
  answers[0]!.resolve(0);
  const first = await opening[0];
  await append('between');
  answers[1]!.resolve(1);
  await opening[1];
  await own.end();
  expect(await all(first)).toEqual(['between']);
});
