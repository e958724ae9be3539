import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { systemClock } from '../model/clock.ts';
import { createClient, type LiveEvent, type Status, type Subscription, subscribe } from './index.ts';

let server: Server;
let baseUrl: string;
/** What was asked, in order; each is answered by the test. */
let asked: { readonly request: IncomingMessage; readonly response: ServerResponse }[];
let wake: () => void;
let subscription: Subscription | undefined;

beforeEach(async () => {
  asked = [];
  wake = () => {};
  server = createServer((request, response) => {
    asked.push({ request, response });
    wake();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  subscription?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The nth request, when it has come. */
async function nth(n: number) {
  while (asked.length < n) await new Promise<void>((resolve) => (wake = resolve));
  return asked[n - 1]!;
}

describe('the client', () => {
  it('asks by path, with its token, and gives the answer or the problem', async () => {
    const client = createClient({ baseUrl, token: 'secret' });
    const asking = client.GET('/api/v2/dags/{dag_id}', { params: { path: { dag_id: 'a b/c' } } });
    const { request, response } = await nth(1);
    expect([request.url, request.headers.authorization]).toEqual(['/api/v2/dags/a%20b%2Fc', 'Bearer secret']);
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"not there"}');
    const { data, error, response: got } = await asking;
    expect([data, error, got.status]).toEqual([undefined, { detail: 'not there' }, 404]);
  });

  it('shows its token where it listens, too', async () => {
    subscription = subscribe({ baseUrl, token: 'secret', onEvents: () => {} });
    expect((await nth(1)).request.headers.authorization).toBe('Bearer secret');
  });

  it('has the types of the contract', () => {
    const client = createClient({ baseUrl });
    const why = () =>
      client.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/why', {
        params: { path: { dag_id: 'd', dag_run_id: 'r' } },
      });
    type Answer = NonNullable<Awaited<ReturnType<typeof why>>['data']>;
    expectTypeOf<Answer['total']>().toEqualTypeOf<number>();
    expectTypeOf<Answer['waiting'][number]['task_id']>().toEqualTypeOf<string | null>();
    // @ts-expect-error: there is no such path
    void (() => client.GET('/api/v2/nothing'));
    // @ts-expect-error: the name of the run is missing
    void (() => client.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/why', { params: { path: { dag_id: 'd' } } }));
  });
});

describe('a subscription', () => {
  let events: LiveEvent[];
  let states: Status['state'][];
  let heard: () => void;

  beforeEach(() => {
    events = [];
    states = [];
    heard = () => {};
  });

  const open = (options: Partial<Parameters<typeof subscribe>[0]> = {}) => {
    subscription = subscribe({
      baseUrl,
      onEvents: (some) => {
        events.push(...some);
        heard();
      },
      onStatus: ({ state }) => {
        states.push(state);
        heard();
      },
      ...options,
    });
    return subscription;
  };
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (heard = resolve));
  }
  const begin = ({ response }: { readonly response: ServerResponse }) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' });
  const message = (...ids: number[]) => `id: ${ids.at(-1)}\ndata: ${JSON.stringify(ids.map((id) => ({ id })))}\n\n`;
  const ids = () => events.map(({ id }) => id);

  it('hears what it asks for, however the bytes come', async () => {
    open({ dagId: 'd', dagRunId: 'r 1', after: 7 });
    const first = await nth(1);
    expect(first.request.url).toBe('/api/v2/events/stream?dag_id=d&dag_run_id=r+1&after=7');
    const answer = begin(first);
    const text = `retry: 1000\nid: 7\n: live\n\n${message(8, 9)}: alive\n\n${message(10)}`;
    for (const character of text) answer.write(character);
    await until(() => ids().length === 3);
    expect([ids(), states]).toEqual([
      [8, 9, 10],
      ['connecting', 'live'],
    ]);
  });

  it('goes on behind what it has, when the connection breaks and when the server ends it', async () => {
    const live = open();
    begin(await nth(1)).write(`id: 4\n: live\n\n${message(5)}`);
    await until(() => ids().length === 1);
    asked[0]!.response.destroy();
    await until(() => states.at(-1) === 'away');
    live.tryNow();
    const second = await nth(2);
    expect(second.request.url).toBe('/api/v2/events/stream?after=5');
    // What does not concern it moves it on all the same.
    begin(second).end('id: 9\n: alive\n\n');
    await until(() => states.filter((state) => state === 'away').length === 2);
    live.tryNow();
    expect((await nth(3)).request.url).toBe('/api/v2/events/stream?after=9');
    begin(asked[2]!).write(message(10));
    await until(() => ids().length === 2);
    expect(ids()).toEqual([5, 10]);
  });

  it('waits longer each time that nobody answers, up to 15 seconds, until it was live', async () => {
    const waits: number[] = [];
    const live = open({
      onStatus: ({ state, nextTry }) => {
        states.push(state);
        if (nextTry !== undefined) waits.push(Math.round((nextTry - systemClock.now()) / 100) / 10);
        heard();
      },
    });
    for (let n = 1; n <= 7; n += 1) {
      (await nth(n)).response.writeHead(503).end();
      await until(() => waits.length === n);
      live.tryNow();
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 15, 15]);
    begin(await nth(8)).end(message(1));
    await until(() => waits.length === 8);
    expect(waits.at(-1)).toBe(0.5);
  });

  it('is over when it is closed', async () => {
    const live = open();
    const first = await nth(1);
    begin(first).write(message(1));
    await until(() => ids().length === 1);
    const gone = new Promise((resolve) => first.response.on('close', resolve));
    live.close();
    await gone;
    expect([asked.length, states]).toEqual([1, ['connecting', 'live']]);
  });
});
