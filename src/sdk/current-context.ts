import type { Context } from './context.ts';
import { scopeFor } from './scope.ts';

/**
 * The context of the attempt that is running here: what a task's function gets as its second argument, for functions
 * below it. It is found over await. Throws `invalid_wiring` outside of an attempt.
 */
export function context(): Context {
  return scopeFor('context()').context;
}
