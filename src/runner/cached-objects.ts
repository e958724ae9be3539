import type { ObjectStore } from '../objects/objects.ts';

/** Bytes of objects that a process keeps at hand. */
const DEFAULT_BUDGET = 64 * 2 ** 20;

/**
 * An object store whose reads are remembered, the latest ones up to a number of bytes: the instances of a mapped task
 * that read their elements from one long list fetch it once per process, not once each. Objects never change, so that
 * what is remembered is never stale.
 */
export function cachedObjects(objects: ObjectStore, budget: number = DEFAULT_BUDGET): ObjectStore {
  const kept = new Map<string, Uint8Array>();
  const pending = new Map<string, Promise<Uint8Array>>();
  let size = 0;

  const keep = (hash: string, bytes: Uint8Array) => {
    if (bytes.byteLength > budget) return;
    kept.set(hash, bytes);
    size += bytes.byteLength;
    for (const [oldest, old] of kept) {
      if (size <= budget) break;
      kept.delete(oldest);
      size -= old.byteLength;
    }
  };

  const fetch = async (hash: string) => {
    try {
      const bytes = await objects.get(hash);
      keep(hash, bytes);
      return bytes;
    } finally {
      pending.delete(hash);
    }
  };

  return {
    put: (bytes) => objects.put(bytes),
    has: (hash) => objects.has(hash),
    delete: (hash) => objects.delete(hash),
    list: () => objects.list(),
    get(hash) {
      const bytes = kept.get(hash);
      if (bytes) {
        kept.delete(hash);
        kept.set(hash, bytes);
        return Promise.resolve(bytes);
      }
      const fetching = pending.get(hash) ?? fetch(hash);
      pending.set(hash, fetching);
      return fetching;
    },
  };
}
