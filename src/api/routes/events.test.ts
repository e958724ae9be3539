import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiWorld } from '../../../test/api-world.ts';
import { type LiveEvent, type Subscription, subscribe } from '../../client/index.ts';
import { dagSpec } from '../../engine/testing/spec-builder.ts';

let world: ApiWorld;
let baseUrl: string;
const open: Subscription[] = [];

beforeEach(async () => {
  world = await ApiWorld.start();
  baseUrl = await world.api.listen({ host: '127.0.0.1', port: 0 });
  await world.engine.publish(dagSpec('d', { a: {} }), dagSpec('other', { a: {} }));
});
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  await world.end();
});

/** A client on the real way, and what it has heard. */
async function listen(options: Partial<Parameters<typeof subscribe>[0]> = {}) {
  const heard: LiveEvent[] = [];
  let wake = () => {};
  const live = Promise.withResolvers<void>();
  open.push(
    subscribe({
      baseUrl,
      onEvents: (events) => {
        heard.push(...events);
        wake();
      },
      onStatus: ({ state }) => state === 'live' && live.resolve(),
      ...options,
    }),
  );
  await live.promise;
  return {
    heard,
    /** Until so many have come. */
    async until(count: number): Promise<string[]> {
      while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return heard.map(({ dag_id, kind, state, task_id }) => [dag_id, kind, task_id, state].filter(Boolean).join(' '));
    },
  };
}

/** Lets the server tell what has happened. */
async function tell(): Promise<void> {
  world.feed.wake();
  await world.engine.advance(50);
}

const RUN = ['d run queued', 'd run running', 'd task a queued', 'd task a running'];

it('tells a client of one workflow, or of one run, what concerns it', async () => {
  const [all, ofDag, ofRun] = [
    await listen(),
    await listen({ dagId: 'd' }),
    await listen({ dagId: 'd', dagRunId: 'r2' }),
  ];
  await world.engine.trigger('other', { runId: 'r2' });
  await world.engine.trigger('d', { runId: 'r1' });
  await world.engine.trigger('d', { runId: 'r2' });
  await tell();
  expect((await ofRun.until(RUN.length)).sort()).toEqual([...RUN].sort());
  expect(await ofDag.until(2 * RUN.length)).toHaveLength(2 * RUN.length);
  expect(await all.until(3 * RUN.length)).toHaveLength(3 * RUN.length);
  expect(ofRun.heard.every(({ dag_run_id }) => dag_run_id === 'r2')).toBe(true);
});

it('goes on behind the number in the header, which a browser sends by itself, before that in the address', async () => {
  const { heard, until } = await listen();
  await world.engine.trigger('d', { runId: 'r1' });
  await tell();
  await until(RUN.length);
  const after = heard[1]!.id;
  const response = await fetch(`${baseUrl}/api/v2/events/stream?after=1`, { headers: { 'last-event-id': `${after}` } });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('data: ')) text += (await reader.read()).value;
  expect(text).toContain(`id: ${after}\n: live`);
  const told = JSON.parse(/^data: (.*)$/m.exec(text)![1]!) as LiveEvent[];
  expect(told.map(({ id }) => id)).toEqual(heard.slice(2).map(({ id }) => id));
  await reader.cancel();
});

it('ends with the server', async () => {
  const response = await fetch(`${baseUrl}/api/v2/events/stream`);
  const text = response.text();
  await world.feed.end();
  expect(await text).toContain(': live');
});
