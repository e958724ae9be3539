import { inspect } from 'node:util';

/** Where a sequence gets its elements from; `at` is called with whole numbers in range only. */
export interface SequenceSource<T> {
  readonly length: number;
  at(index: number): T;
}

/**
 * The outputs of a mapped task, as the collecting task gets them: in order of map index, each decoded when it is
 * looked at and not kept. It is no array, so that a hundred thousand elements do not have to be in memory at once;
 * `[...sequence]` makes one.
 */
export class Sequence<T> implements Iterable<T> {
  readonly length: number;
  readonly #source: SequenceSource<T>;

  constructor(source: SequenceSource<T>) {
    this.#source = source;
    this.length = source.length;
  }

  /** A sequence over anything that can be iterated; arrays and sequences are not copied. */
  static of<T>(items: Iterable<T>): Sequence<T> {
    if (items instanceof Sequence) return items;
    const list = Array.isArray(items) ? (items as readonly T[]) : [...items];
    return new Sequence({ length: list.length, at: (index) => list[index] as T });
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.length; index++) yield this.#source.at(index);
  }

  /** The element at `index`, counted from the end where it is negative; undefined outside. */
  at(index: number): T | undefined {
    const place = index < 0 ? this.length + index : index;
    return Number.isInteger(place) && place >= 0 && place < this.length ? this.#source.at(place) : undefined;
  }

  /** The elements from `start` up to, not including, `end`; both may count from the end. Nothing is decoded by it. */
  slice(start = 0, end = this.length): Sequence<T> {
    const from = Math.min(this.length, start < 0 ? Math.max(0, this.length + start) : start);
    const to = Math.min(this.length, end < 0 ? Math.max(0, this.length + end) : end);
    return new Sequence({ length: Math.max(0, to - from), at: (index) => this.#source.at(from + index) });
  }

  /** Every element through `fn`, when it is looked at. */
  map<U>(fn: (element: T, index: number) => U): Sequence<U> {
    return new Sequence({ length: this.length, at: (index) => fn(this.#source.at(index), index) });
  }

  /** The elements that `test` lets pass, as an array: how many there are is only known once all were looked at. */
  filter(test: (element: T, index: number) => boolean): T[] {
    const kept: T[] = [];
    let index = 0;
    for (const element of this) if (test(element, index++)) kept.push(element);
    return kept;
  }

  toArray(): T[] {
    return [...this];
  }

  toJSON(): T[] {
    return [...this];
  }

  get [Symbol.toStringTag](): string {
    return 'Sequence';
  }

  [inspect.custom](_depth: number, options: object): string {
    return `Sequence(${this.length}) ${inspect([...this.slice(0, 100)], options)}`;
  }
}

/** One sequence after the other. */
export function concatSequences(parts: readonly Sequence<unknown>[]): Sequence<unknown> {
  const starts: number[] = [];
  let length = 0;
  for (const part of parts) {
    starts.push(length);
    length += part.length;
  }
  return new Sequence({
    length,
    at(index) {
      let low = 0;
      let high = parts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= index) low = middle;
        else high = middle - 1;
      }
      return parts[low]?.at(index - (starts[low] ?? 0));
    },
  });
}

/** Tuples of what lies at the same index; as long as the shortest, or as the longest where there is something to fill with. */
export function zipSequences(
  parts: readonly Sequence<unknown>[],
  fill: { readonly value: unknown } | null,
): Sequence<unknown[]> {
  const lengths = parts.map((part) => part.length);
  const length = parts.length === 0 ? 0 : fill ? Math.max(...lengths) : Math.min(...lengths);
  return new Sequence({
    length,
    at: (index) => parts.map((part) => (index < part.length ? part.at(index) : fill?.value)),
  });
}
