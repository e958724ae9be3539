import type { LogLine, Outcome } from '../executor/executor.ts';
import type { AttemptReason, TaskState } from '../model/states.ts';
import type { InstanceKey, LogChunk, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { Version } from './catalog.ts';
import type { Ledger } from './ledger.ts';

export interface EndedAttempt {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly to: TaskState;
  readonly outcome: Outcome;
  readonly version: Version;
  readonly run: RunRow;
}

/** Somebody has to be told that an attempt failed. */
export interface Alarm {
  readonly run: RunRow;
  readonly key: InstanceKey;
  readonly attempt: number;
  readonly version: Version;
  readonly kind: 'retry' | 'failure';
}

/**
 * What the system itself has to say about attempts in one transaction: lines in their own logs, so that whoever reads a
 * task's log finds there how it ended and why; attempts that must be stopped; people who must be told.
 */
export class AttemptJournal {
  readonly #ledger: Ledger;
  readonly #chunks: LogChunk[] = [];
  readonly stops: { readonly token: string; readonly reason: AttemptReason }[] = [];
  readonly alarms: Alarm[] = [];

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  stop(token: string, reason: AttemptReason): void {
    this.stops.push({ token, reason });
  }

  ended(key: InstanceKey, ended: EndedAttempt): void {
    const line = describeEnd(ended);
    if (line) this.say(key, ended.attempt, line.level, line.message);
    const task = ended.version.graph.task(key.task);
    if (task.email.length === 0 || (ended.outcome.kind !== 'failed' && ended.outcome.kind !== 'lost')) return;
    const about = { run: ended.run, key, attempt: ended.attempt, version: ended.version };
    if (ended.to === 'failed' && task.emailOnFailure) this.alarms.push({ ...about, kind: 'failure' });
    if (ended.to === 'up_for_retry' && task.emailOnRetry) this.alarms.push({ ...about, kind: 'retry' });
  }

  say(key: InstanceKey, attempt: number, level: LogLine['level'], message: string): void {
    const line: LogLine = { at: this.#ledger.at, level, source: 'millrace', message };
    this.#chunks.push({ ...key, attempt, at: this.#ledger.at, lines: JSON.stringify(line) });
  }

  async write(tx: Tx): Promise<void> {
    if (this.#chunks.length > 0) await tx.logs.append(this.#chunks);
  }
}

function describeEnd({ outcome, to, attempt, maxAttempts }: EndedAttempt): Pick<LogLine, 'level' | 'message'> | null {
  const next =
    to === 'up_for_retry'
      ? `it is tried again (attempt ${attempt + 1} of ${maxAttempts})`
      : to === 'queued'
        ? 'it runs again, without using up a retry'
        : 'no attempt is left';
  switch (outcome.kind) {
    case 'failed':
      return {
        level: 'error',
        message: `attempt ${attempt} failed (${outcome.reason}): ${outcome.error.message}; ${next}`,
      };
    case 'lost':
      // Who saw its worker die has said how in the line before; of a server that is gone nobody has.
      return {
        level: 'error',
        message: `attempt ${attempt} was lost (${outcome.reason})${outcome.reason === 'server_lost' ? `: ${outcome.detail}` : ''}; ${next}`,
      };
    case 'cancelled':
      return { level: 'warn', message: `attempt ${attempt} was cancelled (${outcome.reason})` };
    case 'skipped':
      return { level: 'info', message: `skipped itself${outcome.message ? `: ${outcome.message}` : ''}` };
    case 'rescheduled':
      return { level: 'info', message: `waits until ${new Date(outcome.at).toISOString()}` };
    case 'success':
      return null;
  }
}
