import type { Outcome } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { AttemptReason } from '../model/states.ts';

/** Why a running body is told to stop. */
export type StopCause =
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | { readonly kind: 'cancelled'; readonly reason: AttemptReason }
  /** An error outside of the body's own promise: a timer, an event. */
  | { readonly kind: 'uncaught'; readonly error: unknown }
  /** The body called process.exit(), which would have ended its neighbours too. */
  | { readonly kind: 'exit'; readonly exitCode: number }
  /** Its worker ends. A body that finishes all the same has finished. */
  | { readonly kind: 'shutdown'; readonly detail: string };

/** What the abort signal of the body carries, and what it ends with. */
export function stopError(cause: StopCause): unknown {
  switch (cause.kind) {
    case 'timeout':
      return new MillraceError('task_timeout', `timed out after ${cause.timeoutMs} ms`, {
        fix: "Give the task a longer 'timeout', or let its body do less at once.",
      });
    case 'uncaught':
      return cause.error;
    case 'exit':
      return new MillraceError('task_failed', `the body called process.exit(${cause.exitCode})`, {
        fix: 'Return to end a task, throw to fail it, call failNow() to fail it without a retry.',
      });
    case 'cancelled':
      return new DOMException(`the attempt was stopped: ${cause.reason}`, 'AbortError');
    case 'shutdown':
      return new DOMException(`the worker ends: ${cause.detail}`, 'AbortError');
  }
}

/** How an attempt ends whose body was told to stop, unless that is decided by an error; undefined: by `stopError`. */
export function stopOutcome(cause: StopCause): Outcome | undefined {
  if (cause.kind === 'cancelled') return { kind: 'cancelled', reason: cause.reason };
  if (cause.kind === 'shutdown') return { kind: 'lost', reason: 'worker_exited', detail: cause.detail };
  return undefined;
}
