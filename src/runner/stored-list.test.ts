import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeValue } from '../model/value.ts';
import { isPackedList, packList, unpackElement, unpackList } from './stored-list.ts';

it('gives back what was packed, whole and one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (elements) => {
      const bytes = packList(elements);
      expect(isPackedList(bytes)).toBe(true);
      expect(unpackList(bytes)).toEqual(elements);
      elements.forEach((element, index) => {
        expect(unpackElement(bytes, index)).toBe(element);
      });
      expect(unpackElement(bytes, elements.length)).toBeUndefined();
      expect(unpackElement(bytes, -1)).toBeUndefined();
    }),
  );
});

it('is not taken for an encoded value, nor the other way round', () => {
  for (const value of ['', 'MLRLIST1', [1, 2], undefined]) {
    expect(isPackedList(new TextEncoder().encode(encodeValue(value)))).toBe(false);
  }
});
