import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../model/clock.ts';
import { type PostgresServer, startPostgres } from '../../testing/postgres-server.ts';
import { publish } from '../conformance/sample.ts';
import { Announcer } from './announcements.ts';
import { PostgresStore } from './store.ts';

let server: PostgresServer;
let uri: string;

beforeAll(async () => {
  server = await startPostgres();
  uri = await server.createDatabase('announcements');
});

afterAll(() => server?.stop());

/** Time that passes when a test says so. */
class Hand implements Clock {
  readonly #pending = new Set<() => void>();
  now = () => systemClock.now();
  monotonic = () => systemClock.monotonic();
  yield = systemClock.yield;
  after(_ms: number, callback: () => void): () => void {
    this.#pending.add(callback);
    return () => this.#pending.delete(callback);
  }
  /** Whatever waits is over. */
  move(): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const callback of pending) callback();
  }
}

test('a change is heard of by NOTIFY, without any polling; one’s own and mere reads are not', async () => {
  const hand = new Hand();
  const store = await PostgresStore.open(uri, { clock: hand });
  const other = await PostgresStore.open(uri, { clock: hand });
  await store.migrate();
  let calls = 0;
  store.watch(() => {
    calls += 1;
  });
  // It calls once when it listens: what happened before that nobody told it.
  await vi.waitFor(() => expect(calls).toBe(1), { timeout: 10_000, interval: 5 });
  await store.transaction((tx) => publish(tx, 'own'));
  await other.transaction((tx) => tx.pools.list());
  await other.transaction((tx) => publish(tx, 'theirs'));
  await vi.waitFor(() => expect(calls).toBe(2), { timeout: 10_000, interval: 5 });
  await Promise.all([store.close(), other.close()]);
  expect(calls).toBe(2);
});

test('without anybody telling, watchers are called when the time for it has come', async () => {
  const hand = new Hand();
  const store = await PostgresStore.open(uri, { clock: hand });
  let calls = 0;
  const stop = store.watch(() => {
    calls += 1;
  });
  await vi.waitFor(() => expect(calls).toBe(1), { timeout: 10_000, interval: 5 });
  hand.move();
  hand.move();
  expect(calls).toBe(3);
  stop();
  hand.move();
  expect(calls).toBe(3);
  await store.close();
});

test('many changes make one announcement at once and one after the gap', async () => {
  const hand = new Hand();
  let sent = 0;
  const announcer = new Announcer(hand, async () => {
    sent += 1;
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < 10; n++) announcer.changed();
  await settled();
  expect(sent).toBe(1);
  hand.move();
  await settled();
  expect(sent).toBe(2);
  hand.move();
  await settled();
  expect(sent).toBe(2);
  announcer.changed();
  announcer.changed();
  await announcer.close();
  expect(sent, 'closing sends what waits').toBe(4);
});

test('an announcement that fails is not an error: it is a hint', async () => {
  const hand = new Hand();
  const announcer = new Announcer(hand, () => Promise.reject(new Error('away')));
  announcer.changed();
  await announcer.close();
});
