import { MillraceError } from '../model/errors.ts';
import type { StoredValue } from '../model/expression.ts';
import { elementsOfMappable } from '../model/mappable.ts';
import { decodeValue } from '../model/value.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { isPackedList, unpackElement, unpackList } from './stored-list.ts';

const decoder = new TextDecoder();

/** The bytes of stored objects, by content hash. */
export type LoadedObjects = ReadonlyMap<string, Uint8Array>;

/** How many objects are fetched at the same time. */
const CONCURRENT_READS = 16;

/** Fetches the objects with these hashes. Throws `not_found`, and what else the store does. */
export async function loadObjects(hashes: Iterable<string>, objects: ObjectStore): Promise<LoadedObjects> {
  const wanted = [...new Set(hashes)];
  const loaded = new Map<string, Uint8Array>();
  let next = 0;
  const reader = async () => {
    for (let hash = wanted[next++]; hash !== undefined; hash = wanted[next++])
      loaded.set(hash, await objects.get(hash));
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT_READS, wanted.length) }, reader));
  return loaded;
}

/** Decodes a stored value; its object must have been loaded. Every call gives a new value. */
export function decodeStored(value: StoredValue, loaded: LoadedObjects): unknown {
  switch (value.kind) {
    case 'inline':
      return decodeValue(value.data);
    case 'list':
      return value.elements.map((element) => decodeValue(element));
    case 'object': {
      const bytes = bytesOf(value.hash, loaded);
      if (isPackedList(bytes)) return unpackList(bytes).map((element) => decodeValue(element));
      return decodeValue(decoder.decode(bytes));
    }
  }
}

/**
 * The element of a mapped-over value for one instance. Of a list it alone is decoded; a Map, a Set and an object give
 * their elements, or pairs of key and value.
 */
export function decodeElement(value: StoredValue, index: number, loaded: LoadedObjects): unknown {
  const packed = value.kind === 'object' ? bytesOf(value.hash, loaded) : undefined;
  if (packed && isPackedList(packed)) return decodeOrAbsent(unpackElement(packed, index));
  if (value.kind === 'list') return decodeOrAbsent(value.elements[index]);
  return elementsOfMappable(decodeStored(value, loaded))[index];
}

function decodeOrAbsent(element: string | undefined): unknown {
  return element === undefined ? undefined : decodeValue(element);
}

function bytesOf(hash: string, loaded: LoadedObjects): Uint8Array {
  const bytes = loaded.get(hash);
  if (bytes) return bytes;
  throw new MillraceError('internal', `object ${hash} was not loaded before it was decoded`);
}
