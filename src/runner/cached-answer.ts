import type { Answer, CacheEntry, RunnerQuestion } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import type { StoredValue } from '../model/expression.ts';
import type { ObjectStore } from '../objects/objects.ts';
import type { Context } from '../sdk/context.ts';
import type { TaskCache } from '../sdk/drawn.ts';
import type { AttemptLog } from './attempt-log.ts';
import { decodeStored, loadObjects } from './stored-values.ts';

export interface CachedCall {
  readonly cache: TaskCache | null;
  readonly input: unknown;
  readonly context: Context;
  /** The params of the flow that calls, or of the run. */
  readonly flowParams: Readonly<Record<string, unknown>>;
  /** Whether the answer has to have a length. */
  readonly mappable: boolean;
  readonly log: AttemptLog;
}

export interface CacheAccess {
  readonly objects: ObjectStore;
  ask(question: RunnerQuestion): Promise<Answer>;
}

/** What is known before the body runs: the call's key, and the answer of an earlier call where there is one. */
export interface CacheLookup {
  readonly key: string | null;
  readonly hit: { readonly output: StoredValue; readonly length: number | null; readonly value: unknown } | null;
}

const NOT_CACHED: CacheLookup = { key: null, hit: null };

/**
 * Looks for the answer of an earlier call. Caching never fails a call: where no key can be made, or the answer cannot
 * be had, the body runs, and the log says why.
 */
export async function lookUp(call: CachedCall, { objects, ask }: CacheAccess): Promise<CacheLookup> {
  const { cache, input, context, flowParams, mappable, log } = call;
  if (!cache) return NOT_CACHED;
  let key: string | null;
  try {
    key = cache.key({ input, context, flowParams });
  } catch (error) {
    log.system('warn', `not cached, because its key cannot be made: ${String(error)}`);
    return NOT_CACHED;
  }
  if (key === null || cache.refresh) return { key, hit: null };
  try {
    const answer = await ask({ kind: 'cached', key });
    if ('error' in answer) throw new Error(answer.error);
    if (!('hit' in answer) || !answer.hit || (mappable && answer.hit.length === null)) return { key, hit: null };
    const { output, length } = answer.hit;
    const value = await storedValue(output, objects);
    log.system('info', 'answered from the cache');
    return { key, hit: { output, length, value } };
  } catch (error) {
    log.system('warn', `runs although it may be cached, because the answer cannot be had: ${String(error)}`);
    return { key, hit: null };
  }
}

/** Under which key an answer given now may do for later calls. */
export function cacheEntry(cache: TaskCache | null, key: string | null, clock: Clock): CacheEntry | null {
  if (!cache || key === null) return null;
  return { key, expiresAt: cache.expiration === null ? null : clock.now() + cache.expiration };
}

/** A value from the store, fetched where it is an object. */
export async function storedValue(value: StoredValue | null, objects: ObjectStore): Promise<unknown> {
  if (value === null) return undefined;
  return decodeStored(value, value.kind === 'object' ? await loadObjects([value.hash], objects) : new Map());
}
