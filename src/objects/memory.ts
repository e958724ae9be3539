import type { Clock } from '../model/clock.ts';
import { checkHash, hashOf, notFound, type ObjectStore, verified } from './objects.ts';

/** Objects in memory, for tests and the simulator. What is put and got is a copy: nobody can change what is kept. */
export function memoryObjects(clock: Pick<Clock, 'now'>): ObjectStore {
  const kept = new Map<string, { readonly bytes: Uint8Array; readonly modifiedAt: Date }>();
  return {
    async put(bytes) {
      const copy = bytes.slice();
      const hash = hashOf(copy);
      kept.set(hash, { bytes: copy, modifiedAt: new Date(clock.now()) });
      return hash;
    },
    async get(hash) {
      checkHash(hash);
      const found = kept.get(hash);
      if (!found) throw notFound(hash, 'memory');
      return verified(found.bytes.slice(), hash, 'memory');
    },
    async has(hash) {
      checkHash(hash);
      return kept.has(hash);
    },
    async delete(hash) {
      checkHash(hash);
      kept.delete(hash);
    },
    async *list() {
      for (const [hash, { bytes, modifiedAt }] of kept) yield { hash, size: bytes.length, modifiedAt };
    },
  };
}
