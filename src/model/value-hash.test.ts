import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valueHash } from './value-hash.ts';

const same = (a: unknown, b: unknown) => expect(valueHash(a)).toBe(valueHash(b));
const differ = (a: unknown, b: unknown) => expect(valueHash(a)).not.toBe(valueHash(b));

it('does not mind the order of keys, entries and members, nor shared references', () => {
  same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 });
  same(
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  );
  same(new Set([1, { x: 1 }]), new Set([{ x: 1 }, 1]));
  const shared = { x: 1 };
  same([shared, shared], [{ x: 1 }, { x: 1 }]);
  same({ a: undefined }, {});
});

it('keeps types and structure apart', () => {
  differ(1, '1');
  differ(null, undefined);
  differ(new Date(0), new Date(0).toISOString());
  differ([1, 2], [2, 1]);
  differ([[1], 2], [1, [2]]);
  differ({ a: '1,"b":2' }, { a: '1', b: 2 });
  differ(new Set([1]), [1]);
  differ(new Map([['a', 1]]), { a: 1 });
  differ(0, -0);
  differ(1n, 1);
});

it('takes the elements of a sequence', () => {
  const sequence = {
    toArray: () => [1, 2],
    *[Symbol.iterator]() {
      yield* [1, 2];
    },
  };
  class Sequence {
    toArray = sequence.toArray;
    [Symbol.iterator] = sequence[Symbol.iterator];
  }
  same(new Sequence(), [1, 2]);
});

it('refuses cycles and what cannot be kept', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => valueHash(cycle)).toThrow(/leads back to itself/);
  expect(() => valueHash({ fn: () => 1 })).toThrow(/function/);
});

it('gives equal JSON values equal hashes, and others others', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const text = (value: unknown): string =>
        JSON.stringify(value, (_, v: unknown) =>
          typeof v === 'object' && v !== null && !Array.isArray(v)
            ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
            : Object.is(v, -0)
              ? '-0'
              : v,
        );
      expect(valueHash(a) === valueHash(b)).toBe(text(a) === text(b));
    }),
  );
});
