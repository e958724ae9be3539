import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginsWith, likes, ordered, pythonJson } from './list.ts';

describe('patterns', () => {
  it.each([
    ['rest_linear', 'lin', true],
    ['rest_linear', '%lin%', true],
    ['rest_linear', 'REST', true],
    ['rest_linear', 'r%near', true],
    ['rest_linear', 'near%rest', false],
    ['rest_linear', 'l_near', true],
    ['rest_linear', 'l__ear', true],
    ['rest_linear', 'mapped|linear', true],
    ['rest_linear', 'mapped | linear', true],
    ['rest_linear', '~', true],
    ['rest_linear', '', true],
    ['rest_linear', 'x', false],
    ['a.b', 'a+b', false],
  ])('%s like %s: %s', (text, pattern, fits) => {
    expect(likes(text, pattern)).toBe(fits);
  });

  it('are not slow, whatever they are', () => {
    expect(likes('a'.repeat(2_000), `${'%a'.repeat(500)}%b`)).toBe(false);
  });

  it('find every part of a text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), fc.nat(19), fc.nat(19), (text, from, length) => {
        expect(likes(text, text.slice(from, from + length))).toBe(true);
      }),
    );
  });

  it('begin a text, and then the case counts', () => {
    expect(beginsWith('rest_a', 'rest')).toBe(true);
    expect(beginsWith('rest_a', 'REST')).toBe(false);
    expect(beginsWith('rest_a', 'x|rest_')).toBe(true);
    expect(beginsWith('rest_a', undefined)).toBe(true);
  });
});

describe('orders', () => {
  const entries = [
    { name: 'b', at: 2 },
    { name: 'a', at: null },
    { name: 'c', at: 1 },
    { name: 'a', at: 3 },
  ];
  const orders = { name: (e: (typeof entries)[number]) => e.name, at: (e: (typeof entries)[number]) => e.at };

  it('go by one name after the other, and what is not there comes last', () => {
    const names = (by: string[]) => ordered(entries, by, orders).map(({ name, at }) => `${name}${at}`);
    expect(names(['name', '-at'])).toEqual(['anull', 'a3', 'b2', 'c1']);
    expect(names(['at'])).toEqual(['c1', 'b2', 'a3', 'anull']);
    expect(names([])).toEqual(['b2', 'anull', 'c1', 'a3']);
  });

  it.each(['nope', '-nope', 'toString', '__proto__', "name'; DROP TABLE run; --"])('refuse %s', (name) => {
    expect(() => ordered(entries, [name], orders)).toThrow('disallowed');
  });
});

it('writes JSON as Python does', () => {
  expect(pythonJson({ a: [1, 2.5, null, true], 'b"': 'ü' })).toBe('{"a": [1, 2.5, null, true], "b\\"": "ü"}');
  expect([pythonJson(undefined), pythonJson([]), pythonJson({})]).toEqual(['null', '[]', '{}']);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(pythonJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
