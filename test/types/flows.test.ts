import {
  allowFailure,
  cacheBy,
  type Flow,
  flow,
  inputHash,
  type Output,
  type State,
  settled,
  state,
  type Task,
  task,
  unmapped,
} from 'millrace';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { drawnWorkflow } from '../../src/sdk/drawn.ts';
import { customerPipeline } from './north-star/customer-pipeline-flow.ts';

// What the compiler knows of flows, and what it refuses.

interface Page {
  readonly url: string;
  readonly words: number;
}
const fetchPage = task('fetch_page', async (url: string): Promise<Page> => ({ url, words: url.length }), {
  retries: 4,
  retryDelay: ['1s', '10s', '1m', '10m'],
  retry: (error) => !(error instanceof TypeError),
  timeout: '30s',
  cacheKey: cacheBy.inputs.and(cacheBy.code),
  cacheExpiration: '1h',
});
const count = task('count', (pages: Iterable<Page>) => [...pages].length);
const multiply = task('multiply', ({ a, b }: { a: number; b: number }) => a * b, { cacheKey: inputHash });

test('the north star compiles as it stands', () => {
  expectTypeOf(customerPipeline).toEqualTypeOf<Flow<{ date?: string }, void>>();
  expect(drawnWorkflow(customerPipeline).spec).toMatchObject({
    kind: 'flow',
    id: 'customer-pipeline',
    description: 'Daily customer scoring pipeline',
    schedule: { kind: 'none' },
    tasks: [{ id: 'customer-pipeline', input: { kind: 'params' }, retries: 0, timeout: null }],
  });
});

test('calls in flows', () => {
  expectTypeOf(fetchPage).toEqualTypeOf<Task<string, Page>>();
  const crawl = flow(
    'types_crawl',
    async ({ urls }: { urls: string[] }, { log, progress, signal }) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      const pages = await Promise.all(urls.map((url) => fetchPage(url)));
      expectTypeOf(pages).toEqualTypeOf<Page[]>();
      expectTypeOf(fetchPage.map(urls)).toEqualTypeOf<Output<Page>[]>();
      expectTypeOf(multiply.map({ a: [1, 2], b: 3 })).toEqualTypeOf<Output<number>[]>();
      expectTypeOf(multiply.map({ a: [1, 2], b: unmapped(3) })).toEqualTypeOf<Output<number>[]>();
      // @ts-expect-error a text is no number
      multiply.map({ a: ['1'], b: 3 });
      // @ts-expect-error an argument is missing
      multiply.map({ a: [1, 2] });
      const one = fetchPage.submit(urls[0] ?? '');
      expectTypeOf(one).toEqualTypeOf<Output<Page>>();
      expectTypeOf(await one).toEqualTypeOf<Page>();
      expectTypeOf(await allowFailure(one)).toEqualTypeOf<Page | undefined>();
      const end = await settled(one);
      expectTypeOf(end).toEqualTypeOf<State<Page>>();
      if (end.type === 'completed') expectTypeOf(end.value).toEqualTypeOf<Page>();
      if (end.type === 'failed') expectTypeOf(end.error).toEqualTypeOf<unknown>();
      // @ts-expect-error a page is no text
      fetchPage(one);
      // @ts-expect-error it may have failed
      fetchPage(allowFailure(one.pick('url')));
      fetchPage(one.pick('url'));
      multiply({ a: one.pick('words'), b: 2 });
      for (const page of progress(pages)) log.info(page.url);
      return count(pages);
    },
    { runName: ({ urls }) => `crawl of ${urls.length}`, retries: 1, timeout: '2h', logPrints: true },
  );
  expectTypeOf(crawl).toEqualTypeOf<Flow<{ urls: string[] }, number>>();
  flow('types_parent', async () => {
    expectTypeOf(await crawl({ urls: ['x'] })).toEqualTypeOf<number>();
    // @ts-expect-error urls are missing
    crawl({});
    // @ts-expect-error it takes params
    crawl();
    return state.completed(1);
  });
});

test('params are typed by the function, or by the schema', () => {
  const order = flow('types_order', async ({ id }: { id: string }) => id, {
    params: z.object({ id: z.string().uuid() }),
  });
  expectTypeOf(order).toEqualTypeOf<Flow<{ id: string }, string>>();
  const inferred = flow('types_inferred', async ({ n }) => n + 1, { params: z.object({ n: z.number() }) });
  expectTypeOf(inferred).toEqualTypeOf<Flow<{ n: number }, number>>();
  // @ts-expect-error the schema says something else than the function
  flow('types_differ', async ({ id }: { id: number }) => id, { params: z.object({ id: z.string() }) });
  const nothing = flow('types_nothing', async () => {});
  expectTypeOf(nothing).toEqualTypeOf<Flow<void, void>>();
  () => nothing();
  () => order.serve({ name: 'orders', cron: '0 6 * * *', params: { id: 'x' } });
  // @ts-expect-error n is no param
  () => order.serve({ name: 'orders', params: { n: 1 } });
});
