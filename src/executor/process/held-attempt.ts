import type { AttemptOrder, Outcome } from '../executor.ts';

/** An attempt that a worker has. */
export interface HeldAttempt {
  readonly order: AttemptOrder;
  readonly sentAt: number;
  /** What it ends as when it has to be killed; null: it was not told to stop. */
  ending: Outcome | null;
  /** Past its grace: only a kill ends it. */
  overdue: boolean;
  /** Cancels the timer of its time-out or of its grace. */
  disarm: (() => void) | undefined;
}
