import { afterEach, describe, expect, it } from 'vitest';
import type { ResolvedExpression, StoredValue } from '../model/expression.ts';
import { decodeValue, encodeValue } from '../model/value.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { fails, skips, succeeds } from './testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type Names, type TaskSketch } from './testing/spec-builder.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  await world.publish(dagSpec('d', tasks, dag));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

/** A resolved input, readable: values decoded, what the runner has to do left as it is. */
function readable(input: ResolvedExpression | null): unknown {
  if (!input) return null;
  switch (input.kind) {
    case 'value':
      return stored(input.value);
    case 'absent':
      return 'absent';
    case 'array':
      return input.items.map(readable);
    case 'object':
      return Object.fromEntries(input.entries.map(([name, part]) => [name, readable(part)]));
    case 'collected':
      return input.values?.map(stored);
    case 'merge':
      return Object.assign({}, ...input.of.map(readable));
    case 'element_of':
      return [`element ${input.index} of`, stored(input.value)];
    case 'apply':
    case 'map':
      return [input.kind, input.fn, readable(input.of)];
    case 'pick':
      return (readable(input.of) as Record<string, unknown>)[input.key];
    case 'zip':
      return ['zip', ...input.of.map(readable)];
    case 'concat':
      return ['concat', ...input.of.map(readable)];
  }
}

function stored(value: StoredValue): unknown {
  if (value.kind === 'inline') return decodeValue(value.data);
  return value.kind === 'list' ? value.elements.map((element) => decodeValue(element)) : value.hash;
}

/** What each instance of a task got, in order of map index. */
function inputs(taskId: string): unknown[] {
  return world.executor.orders
    .filter((order) => order.taskId === taskId)
    .sort((a, b) => a.mapIndex - b.mapIndex)
    .map(({ input }) => readable(input));
}

const over = (name: string) => (names: Names) => ({ kind: 'over' as const, over: names.output(name) });

describe('what a task is mapped over', () => {
  it('a literal: expanded when the run starts', async () => {
    await start({ t: { mapping: () => ({ kind: 'expand', over: [['x', listOf('a', 'b')]] }) } });
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({ 't[0]': 'success', 't[1]': 'success' });
    expect(inputs('t')).toEqual([{ x: 'a' }, { x: 'b' }]);
  });

  it('an output: expanded when its task has ended', async () => {
    const { executor } = await start({ s: {}, t: { after: ['s'], mapping: over('s') } });
    executor.answer('s', 'hold');
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({ s: 'running', t: 'none' });
    expect(executor.held('s').order.mappable).toBe(true);
    executor.finish('s', succeeds([10, 20, 30]));
    await world.settle();
    expect(inputs('t')).toEqual([10, 20, 30]);
    expect((await world.run(run)).state).toBe('success');
    expect(await world.eventsOf('task.expanded')).toMatchObject([{ task: 1, data: '{"instances":3}' }]);
  });

  it('the product of several arguments, the last one varying fastest', async () => {
    const { executor } = await start({
      s: {},
      t: {
        after: ['s'],
        mapping: (names) => ({
          kind: 'expand',
          over: [
            ['x', names.output('s')],
            ['y', listOf('a', 'b')],
          ],
        }),
      },
    });
    executor.answer('s', succeeds([1, 2]));
    await world.trigger('d');
    expect(inputs('t')).toEqual([
      { x: 1, y: 'a' },
      { x: 1, y: 'b' },
      { x: 2, y: 'a' },
      { x: 2, y: 'b' },
    ]);
  });

  it('objects of named arguments, laid over the constant ones', async () => {
    const { executor } = await start({
      s: {},
      t: {
        after: ['s'],
        input: () => ({ kind: 'object', entries: [['c', { kind: 'literal', value: encodeValue('same') }]] }),
        mapping: (names) => ({ kind: 'expand_kwargs', over: names.output('s') }),
      },
    });
    executor.answer('s', succeeds([{ a: 1 }, { a: 2, c: 'other' }]));
    await world.trigger('d');
    expect(inputs('t')).toEqual([
      { c: 'same', a: 1 },
      { c: 'other', a: 2 },
    ]);
  });

  it('zip, with and without fill, and concat', async () => {
    const tasks = (fill: string | null): Record<string, TaskSketch> => ({
      s: {},
      z: {
        after: ['s'],
        mapping: (names) => ({
          kind: 'over',
          over: {
            kind: 'zip',
            of: [names.output('s'), listOf('a', 'b', 'c')],
            fill: fill === null ? null : { kind: 'literal', value: encodeValue(fill) },
          },
        }),
      },
      c: {
        after: ['s'],
        mapping: (names) => ({ kind: 'over', over: { kind: 'concat', of: [listOf('a'), names.output('s')] } }),
      },
    });
    const { executor } = await start(tasks(null));
    executor.answer('s', succeeds([1, 2]));
    await world.trigger('d');
    expect(inputs('z')).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(inputs('c')).toEqual(['a', 1, 2]);
    executor.orders.length = 0;
    await world.publish(dagSpec('filled', tasks('-')));
    await world.trigger('filled');
    expect(inputs('z')).toEqual([
      [1, 'a'],
      [2, 'b'],
      ['-', 'c'],
    ]);
  });

  it('elements through a function, which the runner applies', async () => {
    const { executor } = await start({
      s: {},
      t: { after: ['s'], mapping: (names) => ({ kind: 'over', over: { kind: 'map', of: names.output('s'), fn: 4 } }) },
    });
    executor.answer('s', succeeds([1, 2]));
    await world.trigger('d');
    expect(inputs('t')).toEqual([
      ['apply', 4, 1],
      ['apply', 4, 2],
    ]);
  });

  it('a param, by the value that this run has', async () => {
    await start(
      { t: { mapping: () => ({ kind: 'over', over: { kind: 'param', name: 'countries' } }) } },
      { params: { countries: ['de'] } },
    );
    await world.trigger('d', { conf: { countries: ['at', 'ch'] } });
    expect(inputs('t')).toEqual(['at', 'ch']);
  });

  it('a Map and a plain object, as pairs', async () => {
    const { executor } = await start({ s: {}, t: { after: ['s'], mapping: over('s') } });
    executor.answer('s', succeeds({ a: 1, b: 2 }));
    const run = await world.trigger('d');
    expect(Object.keys(await world.states(run))).toEqual(['s', 't[0]', 't[1]']);
    expect(inputs('t')).toEqual([
      ['element 0 of', { a: 1, b: 2 }],
      ['element 1 of', { a: 1, b: 2 }],
    ]);
  });

  it('another mapped task: one instance for each of its outputs', async () => {
    const { executor } = await start({
      a: { mapping: () => ({ kind: 'over', over: listOf(1, 2, 3) }) },
      b: { after: ['a'], triggerRule: 'none_failed', mapping: over('a') },
    });
    // The second one gives nothing: no element comes of it.
    executor.answer('a', ({ mapIndex }) => (mapIndex === 1 ? skips : succeeds(mapIndex * 10)));
    const run = await world.trigger('d');
    expect(executor.orders[0]!.mappable).toBe(false);
    expect(inputs('b')).toEqual([0, 20]);
    expect((await world.run(run)).state).toBe('success');
  });
});

describe('when there is nothing to map over', () => {
  it('skips the task over an empty list, known or not', async () => {
    const { executor } = await start({
      s: {},
      literal: { mapping: () => ({ kind: 'over', over: listOf() }) },
      output: { after: ['s'], mapping: over('s') },
      below: { after: ['literal', 'output'], triggerRule: 'all_skipped' },
    });
    executor.answer('s', succeeds([]));
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({ s: 'success', literal: 'skipped', output: 'skipped', below: 'success' });
    expect((await world.run(run)).state).toBe('success');
  });

  it.each([
    ['failed', fails(), 'upstream_failed'],
    ['skipped', skips, 'skipped'],
  ] as const)('ends when its source is %s, whatever its rule', async (_how, outcome, expected) => {
    const rules = ['all_success', 'all_done', 'none_failed', 'one_failed'] as const;
    const mapped = rules.map((triggerRule) => [triggerRule, { after: ['s'], triggerRule, mapping: over('s') }]);
    const { executor } = await start({ s: {}, ...Object.fromEntries(mapped) });
    executor.answer('s', outcome);
    expect(await world.states(await world.trigger('d'))).toMatchObject(
      Object.fromEntries(rules.map((rule) => [rule, expected])),
    );
  });

  it('does not expand over a part of what another mapped task gives', async () => {
    const { executor } = await start({
      a: { mapping: () => ({ kind: 'over', over: listOf(1, 2) }) },
      b: { after: ['a'], triggerRule: 'one_success', mapping: over('a') },
    });
    executor.answer('a', 'hold');
    const run = await world.trigger('d');
    executor.finish('a[0]', succeeds('x'));
    await world.settle();
    // Its rule does not wait, so that its length can never be known (Airflow's).
    expect((await world.states(run)).b).toBe('upstream_failed');
    executor.finish('a[1]', succeeds('y'));
    await world.settle();
    expect((await world.run(run)).state).toBe('failed');
  });
});

describe('mapped groups', () => {
  const group: Record<string, TaskSketch> = {
    s: {},
    first: { group: 'g', after: ['s'], input: (names) => names.element('g') },
    second: { group: 'g', after: ['first'], input: (names) => names.output('first') },
    after: { after: ['second'], triggerRule: 'all_done', input: (names) => names.output('second') },
  };
  const dag: DagSketch = { groups: { g: (names) => ({ kind: 'over', over: names.output('s') }) } };

  it('goes depth first: an instance waits for its own index only', async () => {
    const { executor } = await start(group, dag);
    executor
      .answer('s', succeeds(['x', 'y']))
      .answer('first', 'hold')
      .answer('second', 'hold');
    const run = await world.trigger('d');
    executor.finish('first[1]', succeeds('Y'));
    await world.settle();
    expect(executor.running).toEqual(['first[0]', 'second[1]']);
    expect(readable(executor.held('second[1]').order.input)).toBe('Y');
    executor.finish('second[1]', succeeds('YY'));
    executor.finish('first[0]', fails());
    await world.settle();
    expect(await world.states(run)).toEqual({
      s: 'success',
      'first[0]': 'failed',
      'first[1]': 'success',
      'second[0]': 'upstream_failed',
      'second[1]': 'success',
      after: 'success',
    });
    expect(inputs('first')).toEqual(['x', 'y']);
    // A list also of one.
    expect(inputs('after')).toEqual([['YY']]);
  });

  it('is skipped as a whole over nothing, and fails as a whole without its source', async () => {
    const { executor } = await start(group, dag);
    executor.answer('s', succeeds([]));
    expect(await world.states(await world.trigger('d'))).toMatchObject({
      first: 'skipped',
      second: 'skipped',
      after: 'success',
    });
    executor.answer('s', fails());
    expect(await world.states(await world.trigger('d'))).toMatchObject({
      first: 'upstream_failed',
      second: 'upstream_failed',
    });
  });

  it('retries one index without the others', async () => {
    const { executor } = await start({ ...group, first: { ...group.first!, retries: 1, retryDelay: 1000 } }, dag);
    executor.answer('s', succeeds(['x', 'y']));
    executor.answer('first', ({ mapIndex, attempt }) =>
      mapIndex === 0 && attempt === 1 ? fails() : succeeds(mapIndex),
    );
    const run = await world.trigger('d');
    expect(await world.states(run)).toMatchObject({
      'first[0]': 'up_for_retry',
      'second[1]': 'success',
      after: 'none',
    });
    await world.advance(1000);
    expect((await world.run(run)).state).toBe('success');
    expect(inputs('after')).toHaveLength(1);
  });
});

describe('collecting', () => {
  it('gives what the instances returned, in order of map index, without those that gave nothing', async () => {
    const { executor } = await start({
      m: { mapping: () => ({ kind: 'over', over: listOf(0, 1, 2, 3) }) },
      all: { after: ['m'], triggerRule: 'all_done', input: (names) => names.output('m') },
    });
    executor.answer('m', ({ mapIndex }) =>
      mapIndex === 1 ? fails() : mapIndex === 2 ? succeeds() : succeeds(`v${mapIndex}`),
    );
    await world.trigger('d');
    expect(inputs('all')).toEqual([['v0', 'v3']]);
  });

  it('fetches many in pages', async () => {
    const { executor } = await start({
      m: { mapping: () => ({ kind: 'over', over: listOf(...Array(30).keys()) }) },
      all: { after: ['m'], input: (names) => names.output('m') },
    });
    const long = 'x'.repeat(20_000);
    executor.answer('m', ({ mapIndex }) => succeeds(`${mapIndex}${long}`)).answer('all', 'hold');
    await world.trigger('d');
    const { order } = executor.held('all');
    expect(order.input).toEqual({ kind: 'collected', task: 0, length: 30, values: null });
    const answer = await executor.events.ask(order.token, { kind: 'collected', task: 0, offset: 28, limit: 10 });
    expect('values' in answer && answer.values.map((value) => String(stored(value)).replaceAll('x', ''))).toEqual([
      '28',
      '29',
    ]);
  });

  it('runs the collecting task once for a thousand instances', async () => {
    const { executor } = await start({
      s: {},
      m: { after: ['s'], mapping: over('s') },
      all: { after: ['m'] },
    });
    executor.capacity = 100;
    executor.answer('s', succeeds([...Array(1000).keys()]));
    const run = await world.trigger('d');
    expect((await world.run(run)).state).toBe('success');
    expect(executor.started.filter((name) => name === 'all#1')).toHaveLength(1);
    expect(executor.started).toHaveLength(1002);
  });
});
