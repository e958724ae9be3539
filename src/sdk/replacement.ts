import { MillraceError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { definitionOf, type TaskDefinition } from './definition.ts';

type Body = (input: unknown, context: Context) => unknown;

// One register per process, also when two copies of the package are loaded.
const KEY = Symbol.for('millrace.replacements');
type Holder = { [KEY]?: Map<symbol, Body> };
const holder = globalThis as Holder;
holder[KEY] ??= new Map();
const replaced: Map<symbol, Body> = holder[KEY];

/** The function that runs for a task: its own, or the one that a test has put in its place. */
export function bodyOf({ origin, fn }: Pick<TaskDefinition, 'origin' | 'fn'>): Body {
  return replaced.size === 0 ? fn : (replaced.get(origin) ?? fn);
}

/** Puts another function in place of a task's, for tests; the returned function takes it away again. */
export function replaceBody(task: unknown, body: Body): () => void {
  const definition = definitionOf(task);
  if (!definition) throw new MillraceError('invalid_argument', 'what is to be replaced is not a task');
  replaced.set(definition.origin, body);
  return () => replaced.delete(definition.origin);
}
