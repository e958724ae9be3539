const KEY = Symbol.for('millrace.unmapped');

/** An argument of .map() that every call gets whole. */
export interface Unmapped<T> {
  readonly [KEY]: T;
}

/** Gives each call of a .map() the whole list, not one of its elements. */
export function unmapped<T>(value: T): Unmapped<T> {
  return { [KEY]: value };
}

export function isUnmapped(value: unknown): value is Unmapped<unknown> {
  return typeof value === 'object' && value !== null && KEY in value;
}

export function unmappedValue<T>(value: Unmapped<T>): T {
  return value[KEY];
}
