import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatSequences, Sequence, zipSequences } from './sequence.ts';

const lists = fc.array(fc.integer(), { maxLength: 8 });
const places = fc.integer({ min: -10, max: 10 });

describe('a sequence', () => {
  it('answers as an array does', () => {
    fc.assert(
      fc.property(lists, places, places, (list, a, b) => {
        const sequence = Sequence.of(list);
        expect([...sequence]).toEqual(list);
        expect(sequence.length).toBe(list.length);
        expect(sequence.at(a)).toBe(list.at(a));
        expect([...sequence.slice(a, b)]).toEqual(list.slice(a, b));
        expect([...sequence.slice(a).map((n) => n * 2)]).toEqual(list.slice(a).map((n) => n * 2));
        expect(sequence.filter((n) => n > 0)).toEqual(list.filter((n) => n > 0));
        expect(JSON.stringify(sequence)).toBe(JSON.stringify(list));
      }),
    );
  });

  it('looks at no element before it is asked for', () => {
    const seen: number[] = [];
    const sequence = new Sequence({ length: 1_000_000, at: (index) => seen.push(index) && index });
    const last = sequence.map((n) => n + 1).slice(-1);
    expect(seen).toEqual([]);
    expect([...last]).toEqual([1_000_000]);
    expect(seen).toEqual([999_999]);
  });

  it('comes after another as arrays do', () => {
    fc.assert(
      fc.property(fc.array(lists, { maxLength: 5 }), (parts) => {
        expect([...concatSequences(parts.map((part) => Sequence.of(part)))]).toEqual(parts.flat());
      }),
    );
  });

  it('stands beside others, as long as the shortest, or filled up to the longest', () => {
    const parts = [Sequence.of<unknown>([1, 2, 3]), Sequence.of<unknown>(['a'])];
    expect([...zipSequences(parts, null)]).toEqual([[1, 'a']]);
    expect([...zipSequences(parts, { value: '-' })]).toEqual([
      [1, 'a'],
      [2, '-'],
      [3, '-'],
    ]);
    expect([...zipSequences([], { value: 0 })]).toEqual([]);
  });
});
