import type { StoredValue } from '../model/expression.ts';
import { elementsOfMappable, materialise } from '../model/mappable.ts';
import { encodeValue } from '../model/value.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { Sequence } from './sequence.ts';
import { packList } from './stored-list.ts';

/** Longest encoded value that is kept inline, in bytes, unless an option says otherwise. */
export const DEFAULT_INLINE_LIMIT = 64 * 1024;

export interface OutputTarget {
  /** Whether a mapped task reads it. */
  readonly mappable: boolean;
  /** In bytes. */
  readonly inlineLimit: number;
  readonly objects: ObjectStore;
}

export interface EncodedOutput {
  /** Null where the body returned nothing. */
  readonly output: StoredValue | null;
  /** Number of instances that a task mapped over it has; null where it is not mapped over. */
  readonly length: number | null;
}

const encoder = new TextEncoder();

/**
 * What a body returned, as the store keeps it: inline when small, else in the object store. An array that is mapped
 * over is kept element by element, so that each instance reads its own alone; a Map, a Set or an object keeps its type
 * and is split by who reads it.
 * @throws MillraceError `unserialisable_output`, `unmappable_output`
 */
export async function encodeOutput(returned: unknown, target: OutputTarget): Promise<EncodedOutput> {
  if (returned === undefined && !target.mappable) return { output: null, length: null };
  const value = returned instanceof Sequence ? returned.toArray() : materialise(returned);
  if (!target.mappable) return { output: await store(encodeValue(value), target), length: null };
  const elements = elementsOfMappable(value);
  const output = Array.isArray(value) ? await storeList(elements, target) : await store(encodeValue(value), target);
  return { output, length: elements.length };
}

async function store(data: string, { inlineLimit, objects }: OutputTarget): Promise<StoredValue> {
  // A character is at least one byte and at most three: most texts need no counting.
  if (data.length * 3 <= inlineLimit || Buffer.byteLength(data) <= inlineLimit) return { kind: 'inline', data };
  const bytes = encoder.encode(data);
  return { kind: 'object', hash: await objects.put(bytes), bytes: bytes.byteLength };
}

async function storeList(list: readonly unknown[], { inlineLimit, objects }: OutputTarget): Promise<StoredValue> {
  const elements = list.map((element) => encodeValue(element));
  if (elements.reduce((sum, element) => sum + Buffer.byteLength(element), 0) <= inlineLimit) {
    return { kind: 'list', elements };
  }
  const bytes = packList(elements);
  return { kind: 'object', hash: await objects.put(bytes), bytes: bytes.byteLength };
}
