import type { StoredValue } from '../model/expression.ts';
import { decodeValue } from '../model/value.ts';

/**
 * A stored value as JSON can show it: dates as text, what JSON has no form for as null. A large one lies in the object
 * store, which the server does not open: it is said in words.
 */
export function shownValue(value: StoredValue): unknown {
  switch (value.kind) {
    case 'inline':
      return plain(decodeValue(value.data));
    case 'list':
      return value.elements.map((each) => plain(decodeValue(each)));
    case 'object':
      return `${value.bytes} bytes in the object store, ${value.hash}`;
  }
}

const plain = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value) ?? 'null'));
