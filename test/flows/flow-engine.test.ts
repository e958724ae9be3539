import {
  allowFailure,
  cacheBy,
  context,
  flow,
  inputHash,
  secret,
  settled,
  skip,
  state,
  task,
  unmapped,
} from 'millrace';
import { afterEach, describe, expect, it } from 'vitest';
import { FlowWorld } from './flow-world.ts';

let world: FlowWorld;
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const names = (calls: readonly { readonly name: string; readonly state: string }[]) =>
  calls.map((call) => `${call.name} ${call.state}`);

describe('a flow', () => {
  it('runs its calls, records them and gives what it returns', async () => {
    const double = task('double', async (n: number) => n * 2);
    const add = task('add', ({ a, b }: { a: number; b: number }) => a + b);
    const sums = flow('sums', async ({ n }: { n: number }, { log }) => {
      log.info('begins');
      const [x, y] = await Promise.all([double(n), double(n + 1)]);
      return { sum: await add({ a: x, b: y }), at: new Date(5) };
    });
    world = await FlowWorld.of(sums);
    const run = await world.run(sums, { n: 3 });
    expect(run.state).toBe('success');
    expect(await world.output(run)).toEqual({ sum: 14, at: new Date(5) });
    expect(await world.calls(run)).toEqual([
      { name: 'double', state: 'success', attempt: 1, value: 6 },
      { name: 'double', state: 'success', attempt: 1, value: 8 },
      { name: 'add', state: 'success', attempt: 1, value: 14 },
    ]);
    expect(await world.log(run)).toEqual(['task: begins']);
  });

  it('takes outputs and promises in inputs, awaits them, and gives each call its own log and context', async () => {
    const one = task('one', (_: void, { log, task: self, attempt, run }) => {
      log.info(`I am ${self.id}, attempt ${attempt} of ${run.workflow}`);
      console.log('printed');
      return context().task.id;
    });
    const join = task('join', ({ list, more }: { list: string[]; more: { deep: string } }) => [...list, more.deep]);
    const wired = flow('wired', async () => join({ list: [one(), one()], more: { deep: one().pick(0) } }));
    world = await FlowWorld.of(wired);
    const run = await world.run(wired);
    expect(await world.output(run)).toEqual(['one', 'one', 'o']);
    expect(await world.log(run, 1, 2)).toEqual(['task: I am one, attempt 1 of wired', 'stdout: printed']);
    expect(await world.log(run)).toEqual([]);
  });

  it('maps: over elements, over named lists, over nothing', async () => {
    const times = task('times', ({ n, by, all }: { n: number; by: number; all: number[] }) => n * by + all.length);
    const square = task('square', (n: number) => n * n);
    const maps = flow('maps', async () => {
      const none = square.map([]);
      const squares = await Promise.all(square.map([1, 2, 3]));
      const products = await Promise.all(times.map({ n: squares, by: 10, all: unmapped([0, 0]) }));
      const wrong = await Promise.resolve()
        .then(() => times.map({ n: [1, 2], by: [1], all: unmapped([]) }))
        .catch((error: Error) => error.message);
      return { none, squares, products, wrong };
    });
    world = await FlowWorld.of(maps);
    const run = await world.run(maps);
    expect(await world.output(run)).toEqual({
      none: [],
      squares: [1, 4, 9],
      products: [12, 42, 92],
      wrong: "task 'times' is mapped over lists of different lengths: 'n' has 2, 'by' 1",
    });
  });

  it('has the members of outputs at run time too', async () => {
    const numbers = task('numbers', () => [1, 2, 3]);
    const sum = task('sum', (list: Iterable<number>) => [...list].reduce((a, b) => a + b, 0));
    const order: string[] = [];
    const note = task('note', (name: string) => {
      order.push(name);
    });
    const members = flow('members', async () => {
      const list = numbers();
      const zipped = await list.zip([10, 20], { fill: 0 });
      const later = note('later').after(note('first'), list);
      await later;
      const late = await Promise.resolve()
        .then(() => later.after(list))
        .catch((error: Error) => error.message);
      return { sum: await sum(list.map((n) => n * 10)), zipped, joined: await list.concat([4]), late };
    });
    world = await FlowWorld.of(members);
    expect(await world.output(await world.run(members))).toEqual({
      sum: 60,
      zipped: [
        [1, 10],
        [2, 20],
        [3, 0],
      ],
      joined: [1, 2, 3, 4],
      late: 'a call that has begun cannot be told to wait for others',
    });
    expect(order).toEqual(['first', 'later']);
  });
});

describe('failures', () => {
  const bad = task('bad', (): number => {
    throw new TypeError('boom');
  });
  const ok = task('ok', (n: number | undefined) => n ?? -1);

  it('fail what takes them, and the flow that does not catch them', async () => {
    const fails = flow('fails', async () => {
      const wrong = bad();
      const after = await ok(wrong).catch((error) => `${error instanceof TypeError} ${error.message}`);
      const states = [await settled(wrong), await settled(ok(wrong)), await settled(ok(allowFailure(wrong)))];
      return [after, ...states.map((end) => `${end.type} ${'value' in end ? end.value : end.message}`)];
    });
    const throws = flow('throws', async () => {
      await bad();
    });
    world = await FlowWorld.of(fails, throws);
    const run = await world.run(fails);
    expect(await world.output(run)).toEqual(['true boom', 'failed boom', 'upstream_failed boom', 'completed -1']);
    expect(names(await world.calls(run))).toEqual([
      'bad failed',
      'ok upstream_failed',
      'ok upstream_failed',
      'ok success',
    ]);
    expect((await world.run(throws)).state).toBe('failed');
  });

  it('retries calls with their delays, then goes on', async () => {
    const times: number[] = [];
    const shaky = task(
      'shaky',
      (_: void, { attempt, maxAttempts }) => {
        times.push(world.clock.now());
        if (attempt < 4) throw new Error(`attempt ${attempt} of ${maxAttempts}`);
        return attempt;
      },
      { retries: 3, retryDelay: ['1s', '10s'] },
    );
    const picky = task(
      'picky',
      () => {
        throw new TypeError('never');
      },
      { retries: 5, retry: (error) => !(error instanceof TypeError) },
    );
    const retries = flow('retries', async () => [await shaky(), (await settled(picky())).type]);
    world = await FlowWorld.of(retries);
    const run = await world.run(retries);
    expect(await world.output(run)).toEqual([4, 'failed']);
    expect(times.map((at) => at - times[0]!)).toEqual([0, 1000, 11_000, 21_000]);
    expect(await world.calls(run)).toMatchObject([{ attempt: 4 }, { attempt: 1, state: 'failed' }]);
  });

  it('times a call out by its signal, and goes on without a body that does not heed it', async () => {
    const hangs = task('hangs', () => new Promise<never>(() => {}), { timeout: '5s', retries: 1 });
    const late = flow('late', async () => {
      const end = await settled(hangs());
      return [end.type, end.name];
    });
    world = await FlowWorld.of(late);
    const run = await world.run(late);
    expect(await world.output(run)).toEqual(['failed', 'TimedOut']);
    expect(await world.calls(run)).toMatchObject([{ attempt: 2, state: 'failed' }]);
  });

  it('are tried again by a flow that retries; what succeeded answers from the record', async () => {
    let extracted = 0;
    let loaded = 0;
    const extract = task('extract', () => ++extracted);
    const load = task('load', (n: number) => {
      if (++loaded < 3) throw new Error('not yet');
      return n + loaded;
    });
    const again = flow('again', async () => load(extract()), { retries: 2, retryDelay: '1m' });
    world = await FlowWorld.of(again);
    const run = await world.run(again);
    expect([run.state, await world.output(run), extracted, loaded]).toEqual(['success', 4, 1, 3]);
    expect(await world.calls(run)).toMatchObject([
      { name: 'extract', attempt: 1 },
      { name: 'load', attempt: 3 },
    ]);
  });

  it('of calls that nobody awaits are recorded; the flow waits for all of them and ends as its body says', async () => {
    const slow = task('slow', async (name: string, { signal }) => {
      await new Promise((resolve) => world.clock.after(60_000, () => resolve(signal)));
      if (name === 'bad') throw new Error('late');
      return name;
    });
    const leaves = flow('leaves', async () => {
      void slow('good');
      void slow('bad');
      return 'returned';
    });
    world = await FlowWorld.of(leaves);
    const run = await world.run(leaves);
    expect([run.state, await world.output(run)]).toEqual(['success', 'returned']);
    expect(names(await world.calls(run))).toEqual(['slow success', 'slow failed']);
  });

  it('end the flow as the states that it returns', async () => {
    const some = flow('some', async () => [ok(1), bad(), ok(bad())]);
    const all = flow('all', async () => [ok(1), ok(2)]);
    const mixed = flow('mixed', async () => [await settled(bad()), 1]);
    const own = flow('own', async () => state.failed('on purpose'));
    const stops = flow('stops', async () => [await settled(ok(1)), state.cancelled('enough')], { retries: 3 });
    const skips = flow('skips', async () => [await task('skips', () => skip('nothing'))(), state.completed(1)]);
    world = await FlowWorld.of(some, all, mixed, own, stops, skips);
    const failed = await world.run(some);
    expect(failed.state).toBe('failed');
    expect((await world.log(failed)).join('\n')).toContain('2/3 states failed.');
    const good = await world.run(all);
    expect([good.state, await world.output(good)]).toEqual(['success', [1, 2]]);
    expect((await world.run(mixed)).state).toBe('success');
    expect((await world.run(own)).state).toBe('failed');
    expect((await world.run(stops)).state).toBe('cancelled');
    expect((await world.run(skips)).state).toBe('success');
  });
});

describe('child flows', () => {
  it('run in the same attempt, under their own names, with params of their own', async () => {
    const leaf = task('leaf', (n: number, { params }) => n + Object.keys(params).length);
    const child = flow('child', async ({ n }: { n: number }, { params }) => (await leaf(n)) + Number(params.n));
    const parent = flow('parent', async () => [await child({ n: 1 }), await child({ n: 10 }), await leaf(0)]);
    world = await FlowWorld.of(parent, child);
    const run = await world.run(parent);
    expect(await world.output(run)).toEqual([2, 20, 0]);
    expect(names(await world.calls(run))).toEqual(
      ['child success', 'child success', 'child/0/leaf success', 'child/1/leaf success', 'leaf success'].sort(
        (a, b) => order(a) - order(b),
      ),
    );
  });

  const order = (text: string) => ['child ', 'child/0', 'child/1', 'leaf'].findIndex((start) => text.startsWith(start));

  it('retry by themselves; what succeeded in them answers from the record', async () => {
    let first = 0;
    let second = 0;
    const one = task('one', () => ++first);
    const two = task('two', () => {
      if (++second < 3) throw new Error('not yet');
      return second;
    });
    const child = flow('child', async () => (await one()) + (await two()), { retries: 2 });
    const parent = flow('parent', async () => child());
    world = await FlowWorld.of(parent);
    const run = await world.run(parent);
    expect([run.state, await world.output(run), first, second]).toEqual(['success', 4, 1, 3]);
    expect(await world.calls(run)).toMatchObject([
      { name: 'child', attempt: 3 },
      { name: 'child/0/one', attempt: 1 },
      { name: 'child/0/two', attempt: 3 },
    ]);
  });
});

describe('params', () => {
  it('are checked by a schema before the body runs', async () => {
    const { z } = await import('zod');
    let ran = 0;
    const checked = flow(
      'checked',
      async ({ day, n }) => {
        ran += 1;
        return [day instanceof Date, n];
      },
      { params: z.object({ day: z.coerce.date(), n: z.number().default(3) }), retries: 3 },
    );
    world = await FlowWorld.of(checked);
    expect(await world.output(await world.run(checked, { day: '2026-01-05' }))).toEqual([true, 3]);
    const refused = await world.run(checked, { day: 'no day' });
    expect([refused.state, ran, await world.attempts(refused)]).toEqual(['failed', 1, 1]);
  });
});

describe('the cache', () => {
  it('answers the same call within its time, and across runs', async () => {
    let extracted = 0;
    const extract = task('extract', (_: { day: string; table: string }) => ++extracted, {
      cacheKey: inputHash,
      cacheExpiration: '1h',
    });
    const cached = flow('cached', async () => {
      const a = await extract({ day: '1', table: 'x' });
      const end = await settled(extract({ table: 'x', day: '1' }));
      return [a, end.name, await extract({ day: '2', table: 'x' })];
    });
    world = await FlowWorld.of(cached);
    expect(await world.output(await world.run(cached))).toEqual([1, 'Cached', 2]);
    const second = await world.run(cached);
    expect(await world.output(second)).toEqual([1, 'Cached', 2]);
    expect(await world.log(second, 1, 0)).toEqual(['millrace: answered from the cache']);
    await world.clock.advance(3_600_000);
    expect(await world.output(await world.run(cached))).toEqual([3, 'Cached', 4]);
    expect(extracted).toBe(4);
  });

  it('goes by its policy', async () => {
    let count = 0;
    const body = () => ++count;
    const make = (
      name: string,
      cacheKey: Parameters<typeof task>[2] extends infer O
        ? NonNullable<O> extends { cacheKey?: infer K }
          ? K
          : never
        : never,
    ) => task(name, (_: { a: number; b?: number }) => body(), { cacheKey: cacheKey as never });
    const inRun = make('in_run', cacheBy.inputs.and(cacheBy.run) as never);
    const without = make('without', cacheBy.inputs.without('b') as never);
    const byKey = make('by_key', ((_: unknown, { a }: { a: number }) => (a === 0 ? null : `key ${a}`)) as never);
    const throws = make('throws', (() => {
      throw new Error('no key');
    }) as never);
    const nothing = task(
      'nothing',
      () => {
        count += 1;
      },
      { cacheKey: inputHash },
    );
    const policies = flow('policies', async () => {
      const before = count;
      await inRun({ a: 1 });
      await inRun({ a: 1 });
      await without({ a: 1, b: 1 });
      await without({ a: 1, b: 2 });
      await byKey({ a: 1 });
      await byKey({ a: 1, b: 2 });
      await byKey({ a: 0 });
      await byKey({ a: 0 });
      await throws({ a: 1 });
      await throws({ a: 1 });
      await nothing();
      await nothing();
      return count - before;
    });
    world = await FlowWorld.of(policies);
    expect(await world.output(await world.run(policies))).toBe(1 + 1 + 1 + 2 + 2 + 1);
    expect(await world.output(await world.run(policies))).toBe(1 + 0 + 0 + 2 + 2 + 0);
  });

  it('works for the tasks of a DAG, too', async () => {
    const { dag } = await import('millrace');
    let ran = 0;
    const extract = task('extract', (_: { day: string }) => [++ran], { cacheKey: inputHash, cacheExpiration: '1h' });
    const each = task('each', (n: number) => n * 10);
    const pipeline = dag('pipeline', {}, () => void each.over(extract({ day: '1' })));
    world = await FlowWorld.of(pipeline);
    const first = await world.run(pipeline);
    const second = await world.run(pipeline);
    expect([first.state, second.state, ran]).toEqual(['success', 'success', 1]);
    expect(await world.output(second)).toBeUndefined();
  });
});

describe('secrets', () => {
  it('are there in flows and in their calls, and masked in both logs', async () => {
    const shows = task('shows', async (_: void, { log }) => {
      log.info(`call: ${await secret('a')}`);
    });
    const secrets = flow('secrets', async (_: void, { log }) => {
      log.info(`flow: ${await secret('a')}`);
      await shows();
    });
    world = await FlowWorld.of(secrets);
    const run = await world.run(secrets);
    expect([...(await world.log(run)), ...(await world.log(run, 1, 0))]).toEqual([
      'task: flow: ***',
      'task: call: ***',
    ]);
  });
});

describe('a server that dies', () => {
  const bodies = new Map<string, number>();
  const ran = (name: string) => bodies.set(name, (bodies.get(name) ?? 0) + 1);
  const step = task('step', (name: string) => {
    ran(name);
    return name;
  });
  const fails = task('fails', (name: string) => {
    ran(name);
    throw new RangeError(name);
  });
  const child = flow(
    'inner',
    async ({ name }: { name: string }) => `${await step(`${name}1`)}${await step(`${name}2`)}`,
  );
  const durable = flow('durable', async () => {
    const seen: unknown[] = [];
    for (const name of ['a', 'b']) seen.push(await step(name));
    seen.push(...(await Promise.all(['c', 'd', 'e'].map((name) => step(name)))));
    seen.push(await fails('f').catch((error) => `${error instanceof RangeError} ${error.message}`));
    seen.push(await child({ name: 'g' }));
    seen.push(await step('z'));
    return seen;
  });
  const expected = ['a', 'b', 'c', 'd', 'e', 'true f', 'g1g2', 'z'];
  // One for each beginning and each end.
  const acknowledgements = 2 * 10;

  it.each(Array.from({ length: acknowledgements }, (_, at) => at))(
    'before acknowledgement %i: the next one goes on where it was and repeats nothing that had ended',
    async (at) => {
      bodies.clear();
      world = await FlowWorld.of(durable);
      await world.server((acknowledged) => acknowledged === at);
      const run = await world.start(durable);
      await world.clock.settle();
      expect(world.executor.cut).toBe(true);
      const ended = (await world.calls(run)).filter((call) => call.state === 'success' || call.state === 'failed');
      const before = new Map(bodies);
      await world.server();
      const end = await world.ended(run);
      expect([end.state, await world.output(run)]).toEqual(['success', expected]);
      for (const call of ended) {
        const name = call.state === 'failed' ? 'f' : String(call.value);
        if (before.has(name)) expect([name, bodies.get(name)]).toEqual([name, 1]);
      }
      expect([...bodies.values()].every((count) => count <= 2)).toBe(true);
      expect(
        (await world.calls(run)).every(({ state: end, name }) => end === (name === 'fails' ? 'failed' : 'success')),
      ).toBe(true);
    },
  );

  it('and one that is cleared with its record kept runs only what had failed', async () => {
    bodies.clear();
    let broken = true;
    const flaky = task('flaky', () => {
      ran('flaky');
      if (broken) throw new Error('broken');
      return 'mended';
    });
    const mends = flow('mends', async () => [await step('a'), await flaky()]);
    world = await FlowWorld.of(mends);
    const run = await world.run(mends);
    expect(run.state).toBe('failed');
    broken = false;
    await world.resume(run);
    const end = await world.ended(run);
    expect([end.state, await world.output(run)]).toEqual(['success', ['a', 'mended']]);
    expect(Object.fromEntries(bodies)).toEqual({ a: 1, flaky: 2 });
    await world.resume(run, 'forgotten');
    expect((await world.ended(run)).state).toBe('success');
    expect(Object.fromEntries(bodies)).toEqual({ a: 2, flaky: 3 });
  });

  it('or a run that is cancelled: the calls get their signals, and what comes after is not begun', async () => {
    bodies.clear();
    const signals: unknown[] = [];
    const waits = task(
      'waits',
      (_: void, { signal }) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            signals.push((signal.reason as Error).message);
            reject(signal.reason);
          });
        }),
    );
    const cancelled = flow('cancelled', async () => {
      await waits().catch(() => step('after'));
    });
    world = await FlowWorld.of(cancelled);
    const run = await world.start(cancelled);
    await world.clock.settle();
    await world.cancel(run);
    expect((await world.ended(run)).state).toBe('cancelled');
    expect(signals).toEqual(['the attempt was stopped: cancelled']);
    expect(bodies.size).toBe(0);
    expect(names(await world.calls(run))).toEqual(['waits failed']);
  });
});
