import { MillraceError } from '../model/errors.ts';
import type { Output } from './output.ts';
import type { State } from './state.ts';

/** A call in a flow, as the runner runs it. */
export interface FlowCall {
  /** Fulfils, or rejects, once the call's end is recorded. */
  readonly result: Promise<unknown>;
  /** How it ended; rejects only when the flow itself is told to stop. */
  readonly state: Promise<State<unknown>>;
  /** Lets the call wait for others. False: it has begun. */
  waitFor(others: readonly unknown[]): boolean;
}

// One register per process, even when two copies of the package are loaded.
const KEY = Symbol.for('millrace.flow_calls');
type Holder = { [KEY]?: WeakMap<object, FlowCall> };
const holder = globalThis as Holder;
holder[KEY] ??= new WeakMap<object, FlowCall>();
const calls: WeakMap<object, FlowCall> = holder[KEY];

/** The call that a promise stands for; undefined for other values. */
export function callOf(value: unknown): FlowCall | undefined {
  return typeof value === 'object' && value !== null ? calls.get(value) : undefined;
}

/** What a call in a flow gives: a promise with the members of an Output. Nobody has to await it. */
export class FlowOutput extends Promise<unknown> {
  // .then() and its kin give ordinary promises.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static of(call: FlowCall): FlowOutput {
    return FlowOutput.#derived(call, call.result);
  }

  static #derived(call: FlowCall, result: Promise<unknown>): FlowOutput {
    const output = new FlowOutput((resolve) => resolve(result));
    calls.set(output, { ...call, result, waitFor: (others) => call.waitFor(others) });
    // A failure is recorded in the run, whether somebody looks at it here or not.
    output.catch(() => {});
    return output;
  }

  pick(key: string | number): FlowOutput {
    return this.#derive((value) => (value as Record<string | number, unknown> | null | undefined)?.[key]);
  }

  map(fn: (element: unknown) => unknown): FlowOutput {
    return this.#derive(async (value) => {
      const results: unknown[] = [];
      for (const element of listOf(value)) results.push(await fn(element));
      return sequence(results);
    });
  }

  zip(...others: unknown[]): FlowOutput {
    const last = others.at(-1);
    const fill = isFill(last) ? last : undefined;
    return this.#derive(async (value) => {
      const rest = await Promise.all(fill ? others.slice(0, -1) : others);
      const lists = [value, ...rest].map(listOf);
      const lengths = lists.map((list) => list.length);
      const length = fill ? Math.max(...lengths) : Math.min(...lengths);
      const rowAt = (at: number) => lists.map((list) => (at < list.length ? list[at] : fill?.fill));
      return sequence(Array.from({ length }, (_, at) => rowAt(at)));
    });
  }

  concat(...others: unknown[]): FlowOutput {
    return this.#derive(async (value) => sequence([value, ...(await Promise.all(others))].flatMap(listOf)));
  }

  after(...others: unknown[]): this {
    if (callOf(this)?.waitFor(others.flat())) return this;
    throw new MillraceError('invalid_wiring', 'a call that has begun cannot be told to wait for others', {
      fix: 'In a flow, write .after() directly behind the call, or await the others before it.',
    });
  }

  #derive(change: (value: unknown) => unknown): FlowOutput {
    const call = callOf(this) as FlowCall;
    return FlowOutput.#derived(call, this.then(change));
  }
}

/** The promise of a call, under its type. */
export function asFlowOutput<T>(call: FlowCall): Output<T> {
  return FlowOutput.of(call) as unknown as Output<T>;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'object' && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  throw new MillraceError('invalid_wiring', '.map(), .zip() and .concat() need a list, and the call gave none', {
    fix: 'Return a list from the task, or await the call and change its value in plain code.',
  });
}

/** A list as Output's types have it. */
function sequence(list: unknown[]): unknown[] {
  return Object.defineProperty(list, 'toArray', { value: () => [...list] });
}

function isFill(value: unknown): value is { readonly fill: unknown } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'fill') && callOf(value) === undefined;
}
