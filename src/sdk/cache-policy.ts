import { textHash, valueHash } from '../model/value-hash.ts';
import type { Context } from './context.ts';

/** What the key of a cached call is made from. */
export interface CachePolicy {
  /** The key is made from both. */
  and(other: CachePolicy): CachePolicy;
  /** Without these named arguments of the input. */
  without(...names: string[]): CachePolicy;
}

/** The key itself, or null: this call is not cached. Calls with one key share one answer, whatever their task. */
export type CacheKeyFunction<I> = (context: Context, input: I) => string | null;

/** What is known of a call when its key is made. */
export interface CacheFacts {
  readonly task: string;
  // biome-ignore lint/complexity/noBannedTypes: its source is looked at, nothing else
  readonly fn: Function;
  readonly input: unknown;
  readonly context: Context;
  /** The params of the flow that calls, or of the DAG's run. */
  readonly flowParams: Readonly<Record<string, unknown>>;
}

type Part = 'inputs' | 'inputs_or_none' | 'code' | 'run' | 'flow_params' | CacheKeyFunction<never>;

/** A policy as the runner reads it. */
export class KeyPolicy implements CachePolicy {
  readonly #parts: readonly Part[];
  readonly #excluded: readonly string[];

  constructor(parts: readonly Part[], excluded: readonly string[] = []) {
    this.#parts = parts;
    this.#excluded = excluded;
  }

  static is(value: unknown): value is KeyPolicy {
    return value instanceof KeyPolicy;
  }

  and(other: CachePolicy): CachePolicy {
    if (!(other instanceof KeyPolicy)) throw new TypeError('and() takes another policy of cacheBy');
    const parts = [...new Set([...this.#parts, ...other.#parts])];
    return new KeyPolicy(parts, [...this.#excluded, ...other.#excluded]);
  }

  without(...names: string[]): CachePolicy {
    return new KeyPolicy(this.#parts, [...this.#excluded, ...names]);
  }

  /** The call's key, or null where nothing makes one. Throws what a key function does, and for inputs without a hash. */
  keyOf(facts: CacheFacts): string | null {
    const keys = this.#parts.flatMap((part) => {
      const key = this.#partKey(part, facts);
      return key === null ? [] : [[typeof part === 'function' ? 'key' : part, key] as const];
    });
    const [only] = keys;
    if (only === undefined) return null;
    if (keys.length === 1 && only[0] === 'key') return only[1];
    return textHash(JSON.stringify([facts.task, ...keys.sort(([a], [b]) => (a < b ? -1 : 1))]));
  }

  #partKey(part: Part, facts: CacheFacts): string | null {
    if (typeof part === 'function') return ownKey(part, facts);
    switch (part) {
      case 'inputs':
        return this.#inputs(facts.input);
      case 'inputs_or_none':
        return this.#inputs(facts.input) ?? 'none';
      case 'code':
        return textHash(String(facts.fn));
      case 'run':
        return `${facts.context.run.workflow}/${facts.context.run.id}`;
      case 'flow_params':
        return Object.keys(facts.flowParams).length === 0 ? null : valueHash(facts.flowParams);
    }
  }

  #inputs(input: unknown): string | null {
    if (input === undefined) return null;
    if (this.#excluded.length === 0 || !isNamed(input)) return valueHash(input);
    const left = Object.entries(input).filter(([name]) => !this.#excluded.includes(name));
    return left.length === 0 ? null : valueHash(Object.fromEntries(left));
  }
}

function ownKey(part: CacheKeyFunction<never>, { context, input }: CacheFacts): string | null {
  const key: unknown = part(context, input as never);
  if (key === null || key === undefined || key === '') return null;
  if (typeof key === 'string') return key;
  throw new TypeError(`the cache key function gave ${typeof key}, not a text or null`);
}

function isNamed(input: unknown): input is Readonly<Record<string, unknown>> {
  if (typeof input !== 'object' || input === null) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || prototype === Object.prototype;
}

/**
 * Policies for the `cacheKey` of a task; the task's name is part of every key (Prefect's is not). `inputs`: no key for
 * a call without input. `code`: the source of the task's function, not of what it calls. `run`: answers within this
 * run only. `flowParams`: the params of the flow that calls; no key without any. `none`: not cached.
 */
export const cacheBy: {
  readonly inputs: CachePolicy;
  readonly code: CachePolicy;
  readonly run: CachePolicy;
  readonly flowParams: CachePolicy;
  readonly none: CachePolicy;
  /** A key of your own, to be combined with others. */
  key<I = never>(fn: CacheKeyFunction<I>): CachePolicy;
} = {
  inputs: new KeyPolicy(['inputs']),
  code: new KeyPolicy(['code']),
  run: new KeyPolicy(['run']),
  flowParams: new KeyPolicy(['flow_params']),
  none: new KeyPolicy([]),
  key: (fn) => new KeyPolicy([fn as CacheKeyFunction<never>]),
};

/** The task's name and its input, which may also be missing: same task, same input, same answer (task_input_hash). */
export const inputHash: CachePolicy = new KeyPolicy(['inputs_or_none']);
