import { MillraceError } from '../model/errors.ts';
import { asFlowOutput, callOf } from './flow-output.ts';
import type { Output } from './output.ts';
import { CancelSignal } from './signals.ts';
import { asState, isState, type State, state } from './state.ts';

/**
 * How a call has ended, without throwing; waits until it has. Of an ordinary promise it says completed or failed.
 * Throws only when the flow itself is told to stop.
 */
export async function settled<T>(output: Output<T> | Promise<T>): Promise<State<T>> {
  const call = callOf(output);
  if (call) {
    const known = await call.state;
    // A derived output has a value of its own.
    if (known.type !== 'completed') return known;
    return output.then((value) => asState({ ...known, value }), failedState);
  }
  return output.then((value) => state.completed(value), failedState);
}

/**
 * The call's value, or undefined when it, or what it takes, failed or was skipped: what takes this runs all the same
 * (Prefect's allow_failure, which passes the error). A call that was cancelled stays cancelled.
 */
export function allowFailure<T>(output: Output<T> | Promise<T>): Output<T | undefined> {
  const end = settled(output);
  const allowed = end.then((known): State<T | undefined> => {
    return known.type === 'completed' || known.type === 'cancelled' ? known : state.completed(undefined);
  });
  const result = allowed.then((known) => {
    if (known.type === 'completed') return known.value;
    throw new CancelSignal('message' in known ? known.message : null);
  });
  const call = callOf(output);
  return asFlowOutput({ result, state: allowed, waitFor: (others) => call?.waitFor(others) ?? false });
}

/**
 * What a body returned, as a value. A state ends the flow (or the task) as it says. Of a list of nothing but states and
 * outputs, all have to be completed: then its outputs have become their values; else the flow is cancelled when one of
 * them is, and fails when not, saying how many did. Anything else is data (Prefect's rules).
 */
export async function endOf(returned: unknown): Promise<unknown> {
  if (isState(returned)) return valueOfState(returned);
  if (!Array.isArray(returned) || returned.length === 0) return returned;
  if (!returned.every((part) => isState(part) || callOf(part))) return returned;
  const ends = await Promise.all(returned.map((part) => (isState(part) ? part : settled(part as Output<unknown>))));
  const bad = ends.filter(({ type }) => type !== 'completed');
  if (bad.length === 0) {
    return returned.map((part, at) => (isState(part) ? part : (ends[at] as { readonly value: unknown }).value));
  }
  const cancelled = bad.find(({ type }) => type === 'cancelled');
  if (cancelled) throw new CancelSignal(cancelled.message);
  const cause = bad.map((end) => ('error' in end ? end.error : undefined)).find((error) => error !== undefined);
  throw new MillraceError('task_failed', `${bad.length}/${ends.length} states failed.`, {
    fix: 'Look at the calls that failed; return something else than their states to let the flow succeed.',
    cause,
  });
}

function valueOfState(end: State<unknown>): unknown {
  switch (end.type) {
    case 'completed':
      return end.value;
    case 'cancelled':
      throw new CancelSignal(end.message);
    case 'skipped':
      return undefined;
    default:
      throw end.error instanceof Error ? end.error : new Error(end.message ?? String(end.error));
  }
}

function failedState(error: unknown): State<never> {
  return state.failed(error);
}
