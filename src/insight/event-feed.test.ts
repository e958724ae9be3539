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

it('keeps what happens while two begin to follow at once', async () => {
  const first = feed.open();
  const appended = append('between');
  const second = feed.open();
  const [one] = await Promise.all([first, second, appended]);
  feed.wake();
  await append('after');
  await feed.end();
  expect((await all(one)).at(-1)).toBe('after');
});
