import { createHash } from 'node:crypto';
import { MillraceError } from './errors.ts';
import { encodeValue } from './value.ts';

/**
 * SHA-256 of a value, in hexadecimal: the same for equal values, whatever the order of their keys, entries of Maps and
 * members of Sets, and whether equal parts are one object or two. Types count: 1 and '1' differ, as do null and
 * undefined; a key whose value is undefined is as good as absent.
 * @throws MillraceError `unserialisable_output` for what cannot be kept (encodeValue), and for cycles.
 */
export function valueHash(value: unknown): string {
  return textHash(canonicalText(value, new Set()));
}

/** SHA-256 of a text, in hexadecimal. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function canonicalText(value: unknown, open: Set<object>): string {
  if (typeof value !== 'object' || value === null) return encodeValue(value);
  if (open.has(value)) {
    throw new MillraceError('unserialisable_output', 'the value leads back to itself, so that it has no hash', {
      fix: 'Give an input without cycles, or a key function of your own.',
    });
  }
  open.add(value);
  const text = textOf(value, (part) => canonicalText(part, open));
  open.delete(value);
  return text;
}

function textOf(value: object, inner: (part: unknown) => string): string {
  if (Array.isArray(value)) return `[${value.map(inner).join(',')}]`;
  if (value instanceof Set) return `Set{${[...value].map(inner).sort().join(',')}}`;
  if (value instanceof Map) {
    return `Map{${[...value]
      .map(([key, entry]) => `${inner(key)}:${inner(entry)}`)
      .sort()
      .join(',')}}`;
  }
  if (isPlain(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members
      .map(([key, member]) => `${JSON.stringify(key)}:${inner(member)}`)
      .sort()
      .join(',')}}`;
  }
  // The outputs of a mapped task arrive as a sequence, which is a list to everybody who looks at it.
  const { toArray } = value as { toArray?: () => unknown };
  if (typeof toArray === 'function' && Symbol.iterator in value) {
    return `[${[...(value as Iterable<unknown>)].map(inner).join(',')}]`;
  }
  return encodeValue(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
