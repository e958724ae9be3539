import { expect, it } from 'vitest';
import { awaitedInput, UpstreamFailure } from './awaited-input.ts';

it('puts values in place of promises, wherever they are in plain objects and arrays', async () => {
  const one = Promise.resolve(1);
  const cycle: { self?: unknown; n: Promise<number> } = { n: one };
  cycle.self = cycle;
  const map = new Map([['a', one]]);
  const result = (await awaitedInput({ list: [one, { deep: one }], cycle, map })) as {
    list: unknown;
    cycle: { self: unknown; n: number };
    map: unknown;
  };
  expect(result.list).toEqual([1, { deep: 1 }]);
  expect(result.cycle.n).toBe(1);
  expect(result.cycle.self).toBe(result.cycle);
  expect(result.map).toBe(map);
});

it('copies nothing where there are none', async () => {
  const input = { a: [1, { b: 2 }] };
  expect(await awaitedInput(input)).toBe(input);
  expect(await awaitedInput(undefined)).toBeUndefined();
});

it('waits for all, then fails with the first that failed', async () => {
  let ended = false;
  const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    ended = true;
  });
  const failure = await awaitedInput([slow, Promise.reject(new Error('a')), Promise.reject(new Error('b'))]).catch(
    (error: unknown) => error,
  );
  expect(ended).toBe(true);
  expect(failure).toBeInstanceOf(UpstreamFailure);
  expect((failure as UpstreamFailure).error).toMatchObject({ message: 'a' });
});
