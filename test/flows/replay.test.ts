import { flow, task } from 'millrace';
import { afterEach, expect, it } from 'vitest';
import { FlowWorld } from './flow-world.ts';

let world: FlowWorld;
afterEach(() => world.close());

const wait = (ms: number) => new Promise<void>((resolve) => world.clock.after(ms, resolve));

it('gives each of several calls side by side its own answer, although they come in another order than before', async () => {
  const ran: string[] = [];
  // The first time the last url comes back first, so that its second call is the first one.
  const fetch = task('fetch', async (url: string) => {
    await wait({ a: 3000, b: 2000, c: 1000 }[url] ?? 0);
    return `page ${url}`;
  });
  const store = task('store', (page: string) => {
    ran.push(page);
    return `stored ${page}`;
  });
  const last = task('last', () => 'done');
  const crawl = flow('crawl', async () => {
    const stored = await Promise.all(['a', 'b', 'c'].map(async (url) => store(await fetch(url))));
    await last();
    return stored;
  });
  // fetch ×3 begins, then each end with a beginning and an end of store, then last: it dies when all stores are done.
  world = await FlowWorld.of(crawl);
  await world.server((acknowledged) => acknowledged === 13);
  const run = await world.start(crawl);
  await world.clock.advance(5000);
  expect(world.executor.cut).toBe(true);
  expect(ran).toEqual(['page c', 'page b', 'page a']);
  await world.server();
  await world.ended(run);
  expect(await world.output(run)).toEqual(['stored page a', 'stored page b', 'stored page c']);
  expect(ran).toEqual(['page c', 'page b', 'page a']);
});

it('of those of which only some were recorded, too', async () => {
  const ran: string[] = [];
  const fetch = task('fetch', async (url: string) => {
    await wait({ a: 3000, b: 2000, c: 1000 }[url] ?? 0);
    return url;
  });
  const store = task('store', (url: string) => {
    ran.push(url);
    return `stored ${url}`;
  });
  const crawl = flow('crawl', async () => Promise.all(['a', 'b', 'c'].map(async (url) => store(await fetch(url)))));
  world = await FlowWorld.of(crawl);
  // c is stored, b only fetched.
  await world.server((acknowledged) => acknowledged === 7);
  const run = await world.start(crawl);
  await world.clock.advance(2500);
  expect(world.executor.cut).toBe(true);
  await world.server();
  await world.ended(run);
  expect(await world.output(run)).toEqual(['stored a', 'stored b', 'stored c']);
  expect(ran.filter((url) => url === 'c')).toEqual(['c']);
});

it('answers a call by its order where what it is given is new each time', async () => {
  let clock = 0;
  const ran: number[] = [];
  const stamp = task('stamp', ({ name }: { name: string; at: number }) => {
    ran.push(clock);
    return name;
  });
  const fails = task('fails', () => {
    if (clock < 10) throw new Error('not yet');
  });
  const stamps = flow(
    'stamps',
    async () => {
      const names: string[] = [];
      for (const name of ['a', 'b', 'c']) names.push(await stamp({ name, at: ++clock }));
      await fails();
      return names;
    },
    { retries: 4 },
  );
  world = await FlowWorld.of(stamps);
  const run = await world.run(stamps);
  expect([run.state, await world.output(run), ran]).toEqual(['success', ['a', 'b', 'c'], [1, 2, 3]]);
});

it('tells calls by their keys where they have some', async () => {
  const ran: string[] = [];
  const page = task(
    'page',
    (url: string) => {
      ran.push(url);
      return url.toUpperCase();
    },
    { key: (url: string) => url },
  );
  let fail = true;
  const crawl = flow(
    'crawl',
    async ({ urls }: { urls: string[] }) => {
      const pages = await Promise.all((fail ? urls : urls.toReversed()).map((url) => page(url)));
      if (fail) {
        fail = false;
        throw new Error('again');
      }
      return pages;
    },
    { retries: 1 },
  );
  world = await FlowWorld.of(crawl);
  const run = await world.run(crawl, { urls: ['x', 'y'] });
  expect(await world.output(run)).toEqual(['Y', 'X']);
  expect(ran).toEqual(['x', 'y']);
  expect((await world.calls(run)).map(({ name }) => name)).toEqual(['page[x]', 'page[y]']);
});

it('answers ten thousand calls from the record', async () => {
  let ran = 0;
  let broken = true;
  const one = task('one', (n: number) => {
    ran += 1;
    return n;
  });
  const many = flow(
    'many',
    async () => {
      const all = await Promise.all(Array.from({ length: 10_000 }, (_, n) => one(n)));
      if (broken) {
        broken = false;
        throw new Error('again');
      }
      return all.reduce((a, b) => a + b, 0);
    },
    { retries: 1 },
  );
  world = await FlowWorld.of(many);
  const run = await world.run(many);
  expect([run.state, await world.output(run), ran]).toEqual(['success', 49_995_000, 10_000]);
});
