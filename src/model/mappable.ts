import { MillraceError } from './errors.ts';

/**
 * Turns a generator, or any other iterator that can be run through only once, into an array; every other value stays
 * as it is. Outputs pass through here before they are kept.
 */
export function materialise(value: unknown): unknown {
  return isIterator(value) ? [...value] : value;
}

/**
 * How many instances a task mapped over the value has: elements of an array, a typed array, a Set or a Map, or
 * properties of a plain object.
 * @throws MillraceError `unmappable_output` for every other value; a text is one value, not many.
 */
export function lengthOfMappable(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Set || value instanceof Map) return value.size;
  if (isTypedArray(value)) return value.length;
  if (isPlainObject(value)) return Object.keys(value).length;
  throw new MillraceError('unmappable_output', `a task cannot be mapped over ${nameOf(value)}`, {
    fix: 'Return an array, a Set, a Map or a plain object from the task that another one is mapped over.',
  });
}

/** The elements, as many as lengthOfMappable says. Those of a Map and of a plain object are pairs of key and value. */
export function elementsOfMappable(value: unknown): unknown[] {
  lengthOfMappable(value);
  return isIterable(value) ? [...value] : Object.entries(value as object);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isIterator(value: unknown): value is IterableIterator<unknown> {
  return isIterable(value) && 'next' in value && typeof value.next === 'function';
}

function isTypedArray(value: unknown): value is NodeJS.TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || isIterable(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an instance of ${(value as object).constructor?.name || 'a class'}`;
}
