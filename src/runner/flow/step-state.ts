import type { JournalEntry } from '../../executor/executor.ts';
import { CancelSignal } from '../../sdk/signals.ts';
import { asState, type State } from '../../sdk/state.ts';

/** The name under which a call that ended as cancelled is on record. */
export const CANCELLED = 'Cancelled';

export const SKIPPED: State<never> = asState({ type: 'skipped', name: 'Skipped', message: null });

export function completed(value: unknown, name: 'Completed' | 'Cached'): State<unknown> {
  return asState({ type: 'completed', value, name, message: null });
}

export function failed(error: unknown, timedOut: boolean): State<unknown> {
  return asState({ type: 'failed', error, name: timedOut ? 'TimedOut' : 'Failed', message: messageOf(error) });
}

export function upstreamFailed(error: unknown): State<unknown> {
  return asState({ type: 'upstream_failed', error, name: 'UpstreamFailed', message: messageOf(error) });
}

export function cancelled(message: string | null): State<unknown> {
  return asState({ type: 'cancelled', name: 'Cancelled', message });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function valueOfState(end: State<unknown>): unknown {
  switch (end.type) {
    case 'completed':
      return end.value;
    case 'skipped':
      return undefined;
    case 'cancelled':
      throw new CancelSignal(end.message);
    default:
      throw end.error;
  }
}

/** Whether the record answers: also a failure does, which the server has set back where it is to run again. */
export function isAnswer({ state }: JournalEntry): boolean {
  return state === 'success' || state === 'skipped' || state === 'failed' || state === 'upstream_failed';
}
