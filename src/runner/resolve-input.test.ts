import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../model/clock.ts';
import type { ResolvedExpression, StoredValue } from '../model/expression.ts';
import { encodeValue } from '../model/value.ts';
import { memoryObjects } from '../objects/memory.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { encodeOutput } from './encode-output.ts';
import { type InputSources, resolveInput } from './resolve-input.ts';
import { Sequence } from './sequence.ts';

let objects: ObjectStore;
let sources: InputSources;
const absent: ResolvedExpression = { kind: 'absent' };

beforeEach(() => {
  objects = memoryObjects(systemClock);
  sources = { objects, functions: [], ask: async () => ({ error: 'nobody is asked' }) };
});

const inline = (value: unknown): StoredValue => ({ kind: 'inline', data: encodeValue(value) });
const value = (of: unknown): ResolvedExpression => ({ kind: 'value', value: inline(of) });
const resolve = (expression: ResolvedExpression | null, functions: InputSources['functions'] = []) =>
  resolveInput(expression, { ...sources, functions });
const listed = async (expression: ResolvedExpression, functions: InputSources['functions'] = []) => [
  ...((await resolve(expression, functions)) as Iterable<unknown>),
];
async function stored(of: unknown, options: { mappable: boolean; inlineLimit?: number }): Promise<StoredValue> {
  const { output } = await encodeOutput(of, { inlineLimit: 20, objects, ...options });
  return output as StoredValue;
}

describe('an input', () => {
  it('is undefined where there is none, and where the output is absent', async () => {
    expect(await resolve(null)).toBeUndefined();
    expect(await resolve(absent)).toBeUndefined();
    expect(await resolve({ kind: 'pick', of: absent, key: 'a' })).toBeUndefined();
    expect(await resolve({ kind: 'object', entries: [['a', absent]] })).toEqual({ a: undefined });
  });

  it('is put together from objects, arrays, picks and layers', async () => {
    const expression: ResolvedExpression = {
      kind: 'merge',
      of: [
        {
          kind: 'object',
          entries: [
            ['table', value('orders')],
            ['n', value(1)],
          ],
        },
        { kind: 'object', entries: [['n', { kind: 'pick', of: value({ n: 2n }), key: 'n' }]] },
        { kind: 'object', entries: [['list', { kind: 'array', items: [value(1), absent, value(new Date(3))] }]] },
      ],
    };
    expect(await resolve(expression)).toEqual({ table: 'orders', n: 2n, list: [1, undefined, new Date(3)] });
  });

  it('is read from the object store where it is long', async () => {
    const long = 'x'.repeat(100);
    const output = await stored(long, { mappable: false });
    expect(output.kind).toBe('object');
    expect(await resolve({ kind: 'value', value: output })).toBe(long);
    const gone = { ...output, hash: '0'.repeat(64) } as StoredValue;
    await expect(resolve({ kind: 'value', value: gone })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is one element of what is mapped over, whatever that is and wherever it lies', async () => {
    const long = Array.from({ length: 50 }, (_, index) => `element ${index}`);
    for (const [of, index, element] of [
      [[1, 2], 1, 2],
      [long, 49, 'element 49'],
      [new Map([['a', 1]]), 0, ['a', 1]],
      [{ a: 1, b: 'y'.repeat(100) }, 1, ['b', 'y'.repeat(100)]],
      [new Set(['p', 'q']), 1, 'q'],
    ] as const) {
      const output = await stored(of, { mappable: true });
      expect(await resolve({ kind: 'element_of', value: output, index })).toEqual(element);
      expect(await resolve({ kind: 'value', value: output })).toEqual(of);
    }
  });

  it('goes through functions, sync and async, and applies none twice to one element on one pass', async () => {
    const calls: unknown[] = [];
    const double = (n: unknown) => {
      calls.push(n);
      return Number(n) * 2;
    };
    const later = async (n: unknown) => Number(n) + 1;
    const list = value([1, 2, 3]);
    expect(await resolve({ kind: 'apply', of: value(4), fn: 0 }, [double])).toBe(8);
    calls.length = 0;
    expect(await listed({ kind: 'map', of: list, fn: 0 }, [double])).toEqual([2, 4, 6]);
    expect(calls).toEqual([1, 2, 3]);
    expect(await listed({ kind: 'map', of: { kind: 'map', of: list, fn: 0 }, fn: 1 }, [double, later])).toEqual([
      3, 5, 7,
    ]);
    await expect(resolve({ kind: 'apply', of: list, fn: 7 })).rejects.toMatchObject({ code: 'runtime_varying' });
  });

  it('is zipped and concatenated from lists, a text being none', async () => {
    const lists = [value([1, 2]), value(new Set(['a'])), absent];
    expect(await listed({ kind: 'concat', of: lists })).toEqual([1, 2, 'a']);
    expect(await listed({ kind: 'zip', of: lists.slice(0, 2), fill: null })).toEqual([[1, 'a']]);
    expect(await listed({ kind: 'zip', of: lists.slice(0, 2), fill: value(0) })).toEqual([
      [1, 'a'],
      [2, 0],
    ]);
    await expect(resolve({ kind: 'concat', of: [value('text')] })).rejects.toMatchObject({ code: 'unmappable_output' });
  });

  it('collects outputs lazily, and fetches many in pages before', async () => {
    const pages: number[] = [];
    const ask: InputSources['ask'] = async (question) => {
      if (question.kind !== 'collected') return { error: 'what?' };
      pages.push(question.offset);
      return { values: Array.from({ length: question.limit }, (_, index) => inline(question.offset + index)) };
    };
    const collected: ResolvedExpression = { kind: 'collected', task: 0, length: 2300, values: null };
    const sequence = await resolveInput(collected, { ...sources, ask });
    expect(sequence).toBeInstanceOf(Sequence);
    expect(pages).toEqual([0, 1000, 2000]);
    expect((sequence as Sequence<number>).at(-1)).toBe(2299);

    const broken: ResolvedExpression = {
      kind: 'collected',
      task: 0,
      length: 2,
      values: [inline(1), { kind: 'inline', data: 'no value' }],
    };
    const lazy = (await resolve(broken)) as Sequence<number>;
    expect(lazy.at(0)).toBe(1);
    expect(() => lazy.at(1)).toThrow();
    await expect(resolve(collected)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('an output', () => {
  const encode = (of: unknown, mappable = false) => encodeOutput(of, { mappable, inlineLimit: 1000, objects });

  it('is nothing, inline, a list, or an object', async () => {
    expect(await encode(undefined)).toEqual({ output: null, length: null });
    expect(await encode(null)).toEqual({ output: inline(null), length: null });
    expect(await encode([1, 2], true)).toEqual({
      output: { kind: 'list', elements: [encodeValue(1), encodeValue(2)] },
      length: 2,
    });
    expect(await encode([], true)).toEqual({ output: { kind: 'list', elements: [] }, length: 0 });
    expect((await encode('ä'.repeat(600))).output).toMatchObject({ kind: 'object', bytes: 1204 });
  });

  it('is made whole where it came as a generator or a sequence', async () => {
    const numbers = function* () {
      yield 1;
      yield 2;
    };
    expect((await encode(numbers(), true)).length).toBe(2);
    expect((await encode(Sequence.of([1]))).output).toEqual(inline([1]));
  });

  it('is refused where it cannot be kept, or not be mapped over', async () => {
    await expect(encode({ fn: () => 1 })).rejects.toMatchObject({ code: 'unserialisable_output' });
    for (const of of [undefined, null, 1, 'text']) {
      await expect(encode(of, true)).rejects.toMatchObject({ code: 'unmappable_output' });
    }
  });
});
