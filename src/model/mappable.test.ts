import { describe, expect, it } from 'vitest';
import { elementsOfMappable, lengthOfMappable, materialise } from './mappable.ts';

function* numbers() {
  yield 1;
  yield 2;
}

describe('mapping over a value', () => {
  it.each<[unknown, unknown[]]>([
    [[], []],
    [
      [1, [2]],
      [1, [2]],
    ],
    [new Set(['a', 'b']), ['a', 'b']],
    [new Map([['a', 1]]), [['a', 1]]],
    [new Uint8Array([5, 6]), [5, 6]],
    [
      { a: 1, b: 2 },
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [Object.assign(Object.create(null), { a: 1 }), [['a', 1]]],
    [{}, []],
    [new Array(2), [undefined, undefined]],
  ])('%j has its elements', (value, elements) => {
    expect(elementsOfMappable(value)).toEqual(elements);
    expect(lengthOfMappable(value)).toBe(elements.length);
  });

  it.each<[unknown, string]>([
    ['text', 'a string'],
    [5, 'a number'],
    [undefined, 'undefined'],
    [null, 'null'],
    [() => 1, 'a function'],
    [new Date(0), 'an instance of Date'],
    [new DataView(new ArrayBuffer(1)), 'an instance of DataView'],
    [new Error('x'), 'an instance of Error'],
    [Promise.resolve([]), 'an instance of Promise'],
  ])('%s is refused', (value, name) => {
    const length = () => lengthOfMappable(value);
    expect(length).toThrow(expect.objectContaining({ code: 'unmappable_output', fix: expect.any(String) }));
    expect(length).toThrow(`a task cannot be mapped over ${name}`);
    expect(() => elementsOfMappable(value)).toThrow();
  });

  it('takes generators once they are arrays', () => {
    expect(() => lengthOfMappable(numbers())).toThrow();
    expect(lengthOfMappable(materialise(numbers()))).toBe(2);
    expect(materialise([1, 2].values())).toEqual([1, 2]);
  });

  it('leaves everything else as it is', () => {
    const set = new Set([1]);
    expect(materialise(set)).toBe(set);
    expect(materialise('text')).toBe('text');
    expect(materialise(null)).toBe(null);
  });
});
