/**
 * How a task's input is made from outputs, params and literals. Expressions are drawn when a DAG's body runs, stored
 * in the workflow's spec, resolved by the engine (which puts stored values in place of references, without decoding
 * them) and evaluated by the runner (which decodes and applies the user's functions). Tasks, groups and functions are
 * named by their index in the spec; functions live in the bundle, in the order in which the DAG's body made them.
 */
export type Expression =
  | Literal
  | { readonly kind: 'output'; readonly task: number }
  | { readonly kind: 'param'; readonly name: string }
  /** All params of the run, as one object of named values: the input of a flow's body. */
  | { readonly kind: 'params' }
  /** The element of a mapped group, for the instance's own index. */
  | { readonly kind: 'element'; readonly group: number }
  | { readonly kind: 'pick'; readonly of: Expression; readonly key: string }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  /** Every element through a function of the bundle, when the instance runs. */
  | { readonly kind: 'map'; readonly of: Expression; readonly fn: number }
  | { readonly kind: 'zip'; readonly of: readonly Expression[]; readonly fill: Literal | null }
  | { readonly kind: 'concat'; readonly of: readonly Expression[] };

/** A value, encoded by model/value.ts; `length` is set where it can be mapped over. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: string;
  /** The elements, each encoded, when the literal is mapped over. */
  readonly elements?: readonly string[];
}

/** What a mapped task, or a mapped group, has one instance of each for. */
export type Mapping =
  /** The product of the arguments' elements, the last argument varying fastest. */
  | { readonly kind: 'expand'; readonly over: readonly (readonly [string, Expression])[] }
  /** One instance per object of named arguments. */
  | { readonly kind: 'expand_kwargs'; readonly over: Expression }
  /** One instance per element, which is the whole input. */
  | { readonly kind: 'over'; readonly over: Expression };

/** A value as the store has it. */
export type StoredValue =
  | { readonly kind: 'inline'; readonly data: string }
  /** In the object store, by content hash; `bytes` is its encoded size. */
  | { readonly kind: 'object'; readonly hash: string; readonly bytes: number }
  /** A list whose elements are encoded one by one, so that one can be had without the others. */
  | { readonly kind: 'list'; readonly elements: readonly string[] };

/**
 * An expression in which the engine has put values in place of references. `absent` stands for an output that does not
 * exist: its task was skipped or failed, or gave nothing.
 */
export type ResolvedExpression =
  | { readonly kind: 'value'; readonly value: StoredValue }
  | { readonly kind: 'absent' }
  /** Element `index` of a list that lies in the object store. */
  | { readonly kind: 'element_of'; readonly value: StoredValue; readonly index: number }
  /** Outputs of a mapped task, in order of map index; the values are inline when small, else fetched in pages. */
  | {
      readonly kind: 'collected';
      readonly task: number;
      readonly length: number;
      readonly values: readonly StoredValue[] | null;
    }
  /** Entry [key, value] of a mapped-over object. */
  | { readonly kind: 'pick'; readonly of: ResolvedExpression; readonly key: string }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, ResolvedExpression])[] }
  | { readonly kind: 'array'; readonly items: readonly ResolvedExpression[] }
  /** A function of the bundle, applied to the value itself (`apply`) or to each element (`map`). */
  | { readonly kind: 'apply'; readonly of: ResolvedExpression; readonly fn: number }
  | { readonly kind: 'map'; readonly of: ResolvedExpression; readonly fn: number }
  | { readonly kind: 'zip'; readonly of: readonly ResolvedExpression[]; readonly fill: ResolvedExpression | null }
  | { readonly kind: 'concat'; readonly of: readonly ResolvedExpression[] }
  /** Named arguments laid over each other: the constants of partial() under the mapped ones. */
  | { readonly kind: 'merge'; readonly of: readonly ResolvedExpression[] };
