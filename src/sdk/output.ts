import type { TriggerRule } from '../model/trigger-rule.ts';
import type { Unmapped } from './unmapped.ts';

/** A trigger rule that a task may be given. */
export type TaskTriggerRule = Exclude<TriggerRule, 'all_done_setup_success'>;

/**
 * Rules under which a task that runs can count on its inputs. `one_success` is among them, because a task with one
 * input, the usual case, runs only when that input is there; with several wires the compiler cannot tell which one
 * it will be, and the others arrive as undefined.
 */
export type CertainRule = 'all_success' | 'one_success';

/** Whatever can be mapped over, element by element. A text is none, although JavaScript iterates its letters. */
export type List<T> = Iterable<T> & object;

/** The type of a list's elements; never for what is no list. */
export type Element<T> = T extends List<infer U> ? U : never;

/**
 * What the runner gives for a list that was collected from a mapped task or made by .map(), .zip() or .concat(): its
 * elements are decoded when they are looked at and not kept, so that a long one need not be in memory at once.
 */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
  /** The element at `index`, counted from the end where it is negative; undefined outside. */
  at(index: number): T | undefined;
  slice(start?: number, end?: number): Sequence<T>;
  map<U>(fn: (element: T, index: number) => U): Sequence<U>;
  filter(test: (element: T, index: number) => boolean): T[];
  toArray(): T[];
}

// The compiler names it when an output is wired to an input that does not reckon with its absence.
declare const mayBeMissing_soAdmitUndefined: unique symbol;

/**
 * What the call of a task gives: in the body of a DAG a wire, which stands for the value that the task will return,
 * in a flow a promise of that value. A wire has no value while the DAG is drawn: awaiting or printing it is an error
 * (`invalid_wiring`).
 */
export interface Output<T> extends Promise<T> {
  /**
   * Each element through `fn`, one by one, just before the task that takes it runs. Nothing is stored in between.
   * The function runs on a worker and may call skip() to skip the mapped instance that would get the element.
   */
  map<U>(this: Output<List<Element<T>>>, fn: (element: Element<T>) => U): Output<Sequence<Awaited<U>>>;
  /** Elements side by side, as long as the shortest list. */
  zip<L extends readonly Listable[]>(
    this: Output<List<Element<T>>>,
    ...others: L
  ): Output<Sequence<[Element<T>, ...{ [K in keyof L]: ElementOf<L[K]> }]>>;
  /** Elements side by side, as long as the longest list, `fill` standing for what the shorter ones lack. */
  zip<L extends readonly Listable[], F>(
    this: Output<List<Element<T>>>,
    ...others: [...lists: L, options: { readonly fill: F }]
  ): Output<Sequence<[Element<T> | F, ...{ [K in keyof L]: ElementOf<L[K]> | F }]>>;
  /** The elements of this list, then those of the others. */
  concat<L extends readonly Listable[]>(
    this: Output<List<Element<T>>>,
    ...others: L
  ): Output<Sequence<Element<T> | ElementOf<L[number]>>>;
  /** One member of an object, or one element of a tuple. */
  pick<K extends keyof T & (string | number)>(key: K): Output<T[K]>;
  /** Lets the task that gives this output wait for others, without taking their data. */
  after(...others: readonly Step[]): this;
}

/** A wire whose value is known before any task runs, such as a param: no skipped task can take it away. */
export type Given<T> = Output<T> & { readonly [mayBeMissing_soAdmitUndefined]: false };

/** A list, or a wire that will carry one. */
export type Listable = List<unknown> | Output<List<unknown>>;

type ElementOf<L> = L extends Output<infer T> ? Element<T> : Element<L>;

/**
 * Something that can come before or after something else: an output, a list of them, or a function that draws tasks
 * and stands for all of them.
 */
export type Step = Output<unknown> | (() => unknown) | readonly (Output<unknown> | (() => unknown))[];

type Whole =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | URL
  | ((...a: never) => unknown);

/**
 * A value, or a wire that will carry it; in an object or an array each member may be either. Under a trigger rule
 * that lets the task run although something upstream was skipped or failed, an output can only be wired to an input
 * that admits undefined.
 */
export type Wire<I, R extends TriggerRule = 'all_success'> = I | Carrier<I, R> | WiredMembers<I, R>;

type Carrier<I, R extends TriggerRule> = R extends CertainRule ? Output<I> : undefined extends I ? Output<I> : Given<I>;

type WiredMembers<I, R extends TriggerRule> = I extends Whole
  ? never
  : I extends readonly unknown[]
    ? { readonly [K in keyof I]: Wire<I[K], R> }
    : I extends Iterable<unknown> | AsyncIterable<unknown>
      ? never
      : { readonly [K in keyof I]: Wire<I[K], R> };

/** The arguments of a task's call: none, one that may be left out, or one. */
export type Args<I, R extends TriggerRule = 'all_success'> = 0 extends 1 & I
  ? [input?: unknown]
  : [I] extends [void]
    ? []
    : undefined extends I
      ? [input?: Wire<I, R>]
      : Record<never, never> extends I
        ? [input?: Wire<I, R>]
        : [input: Wire<I, R>];

/** Many values of V: a list whose elements may be wires, or a wire that will carry a list; for pairs also an object. */
export type Many<V> =
  | List<V>
  | readonly Wire<V>[]
  | Output<List<V>>
  | (V extends readonly [string, infer E] ? Readonly<Record<string, E>> | Output<Readonly<Record<string, E>>> : never);

/** Many values for each of a task's named arguments. */
export type ManyOfEach<I> = I extends Whole | Iterable<unknown> ? never : { readonly [K in keyof I]: Many<I[K]> };

/** What a .map() in a flow takes by name: lists, and values that go to every call. */
export type MapArguments<I> = I extends Whole | Iterable<unknown>
  ? never
  : { readonly [K in keyof I]: Wire<I[K]> | List<Wire<I[K]>> | Unmapped<I[K]> };
