import { isDeepStrictEqual } from 'node:util';
import { MillraceError } from '../../model/errors.ts';
import type { Context } from '../../sdk/context.ts';
import { failNow, skip } from '../../sdk/signals.ts';
import type { Behaviour } from './dag-case.ts';

/** What the bodies of one run saw and gave, by `task[index]`: of each instance what its last attempt did. */
export interface Observed {
  readonly received: Map<string, Record<string, unknown>>;
  readonly returned: Map<string, unknown>;
}

export function nameOf(task: string, index: number): string {
  return `${task}[${index}]`;
}

class Boom extends Error {
  override readonly name = 'Boom';
}

/** The body of a task that behaves as a case says. */
export function taskBody(
  taskId: string,
  behaviour: Behaviour,
  { parameters, observed }: { readonly parameters: readonly string[]; readonly observed: Observed },
): (input: unknown, context: Context) => unknown {
  return (input, context) => {
    const args = plain(input ?? {}) as Record<string, unknown>;
    const missing = parameters.find((parameter) => !Object.hasOwn(args, parameter));
    // Python refuses such a call; here the types do, and a body that takes untyped data checks it.
    if (missing !== undefined) throw new TypeError(`argument '${missing}' is missing`);
    const name = nameOf(taskId, context.map.index);
    observed.received.set(name, args);
    observed.returned.delete(name);
    const value = act(behaviour, args, context.attempt);
    observed.returned.set(name, value ?? null);
    // What Python calls None is no output.
    return value ?? undefined;
  };
}

function act(behaviour: Behaviour, args: Readonly<Record<string, unknown>>, attempt: number): unknown {
  switch (behaviour.kind) {
    case 'success':
      return null;
    case 'fail':
      throw new Boom('the case wants it');
    case 'skip':
      return skip();
    case 'fail_no_retry':
      return failNow('the case wants it');
    case 'fail_first':
      if (attempt <= behaviour.attempts) throw new Boom(`attempt ${attempt}`);
      return null;
    case 'skip_after_fail':
      if (attempt <= behaviour.attempts) throw new Boom(`attempt ${attempt}`);
      return skip();
    case 'branch':
      return behaviour.follow;
    case 'short_circuit':
      return behaviour.value;
    case 'return':
      return behaviour.value;
    case 'by_attempt':
      return behaviour.values[Math.min(attempt, behaviour.values.length) - 1];
    case 'range':
      return Array.from({ length: behaviour.count }, (_, index) => index);
    case 'all_args':
      return args;
    case 'arg': {
      const value = args[behaviour.arg];
      const among = (list: readonly unknown[] | undefined) => list?.some((one) => isDeepStrictEqual(one, value));
      if (among(behaviour.fail)) throw new Boom(`got ${JSON.stringify(value)}`);
      if (among(behaviour.skip)) return skip();
      if (among(behaviour.none)) return null;
      return behaviour.repeat === undefined ? value : Array.from({ length: behaviour.repeat }, () => value);
    }
  }
}

/** The functions that cases give to .map(). */
export function elementFunction(name: string): (value: never) => unknown {
  const fn = FUNCTIONS[name];
  if (fn) return fn;
  throw new MillraceError('internal', `the cases have no function '${name}'`);
}

const FUNCTIONS: Readonly<Record<string, (value: never) => unknown>> = {
  times10: (value: number) => value * 10,
  wrap: (value: unknown) => ({ x: value }),
  pair: (value: unknown) => [value, value],
  none_if_odd: (value: number) => (isOdd(value) ? null : value),
  skip_if_odd: (value: number) => (isOdd(value) ? skip() : value),
  fail_if_odd: (value: number) => {
    if (isOdd(value)) throw new Boom(`${value} is odd`);
    return value;
  },
};

function isOdd(value: number): boolean {
  return Math.abs(value % 2) === 1;
}

/** A value as JSON has it; what is not there is null, as in Python. */
export function plain(value: unknown): unknown {
  return value === undefined
    ? null
    : JSON.parse(JSON.stringify(value, (_, nested: unknown) => (nested === undefined ? null : nested)));
}
