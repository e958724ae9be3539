import type { TaskSpec } from '../model/spec.ts';
import type { Context } from './context.ts';
import type { ParsedOptions } from './parsed-options.ts';

/** A task as its author wrote it, before any call. */
export interface TaskDefinition {
  readonly kind: TaskSpec['kind'];
  readonly name: string;
  readonly fn: (input: unknown, context: Context) => unknown;
  readonly options: Partial<ParsedOptions>;
  /** One and the same for a task and all that .with() and .partial() made of it. */
  readonly origin: symbol;
  /** Arguments that .partial() has fixed, or null. */
  readonly fixed: Readonly<Record<string, unknown>> | null;
  /** Short circuits only: whether they skip all that is downstream or only what is directly so. */
  readonly skips: 'all' | 'direct' | null;
}

/** Under which key a workflow carries what it is made of. */
export const DRAWN: unique symbol = Symbol.for('millrace.drawn') as never;

// A task is a function; its definition hangs on it where no user looks, and where another copy of the package finds it.
const DEFINITION = Symbol.for('millrace.definition');

export function attachDefinition(callable: object, definition: TaskDefinition): void {
  Object.defineProperty(callable, DEFINITION, { value: definition });
  Object.defineProperty(callable, 'name', { value: definition.name, configurable: true });
}

/** The definition of a task, or undefined for what is no task. */
export function definitionOf(value: unknown): TaskDefinition | undefined {
  if (typeof value !== 'function') return undefined;
  return (value as { [DEFINITION]?: TaskDefinition })[DEFINITION];
}
