import type { AttemptReason, TaskState } from '../model/states.ts';
import type { InstanceRow, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { AttemptJournal } from './attempt-journal.ts';
import type { Version } from './catalog.ts';
import { giveBack } from './claims.ts';
import type { Ledger } from './ledger.ts';
import type { Propagation } from './propagation.ts';

export interface StopOptions {
  readonly tx: Tx;
  readonly ledger: Ledger;
  readonly journal: AttemptJournal;
  readonly propagation: Propagation;
}

const UNFINISHED: readonly TaskState[] = [
  'none',
  'queued',
  'running',
  'restarting',
  'up_for_retry',
  'up_for_reschedule',
  'deferred',
  'awaiting_input',
];

/**
 * Ends what has not finished. Running attempts lose their token here and now, so that whatever they still report is
 * ignored; their workers are told to stop once this is durable. What they hold of limits is given back.
 */
export async function stopInstances(
  rows: readonly InstanceRow[],
  end: {
    readonly run: RunRow;
    readonly version: Version;
    readonly to: 'skipped' | 'failed';
    readonly reason: AttemptReason;
  },
  { tx, ledger, journal, propagation }: StopOptions,
): Promise<void> {
  await stopAttempts(rows, end, { tx, ledger, journal });
  await propagation.end(rows, end.to, UNFINISHED, end.reason);
}

/** Takes the token from what runs of these rows; what becomes of the instances is the caller's. */
export async function stopAttempts(
  rows: readonly InstanceRow[],
  { run, version, reason }: { readonly run: RunRow; readonly version: Version; readonly reason: AttemptReason },
  { tx, ledger, journal }: Omit<StopOptions, 'propagation'>,
): Promise<void> {
  for (const row of rows) {
    if ((row.state !== 'running' && row.state !== 'restarting') || row.token === null) continue;
    const key = { run: row.run, task: row.task, index: row.index };
    journal.stop(row.token, reason);
    journal.say(key, row.attempt, 'warn', `attempt ${row.attempt} was stopped (${reason})`);
    giveBack(ledger, version.graph, run, row);
    await tx.attempts.insert([
      {
        ...key,
        attempt: row.attempt,
        outcome: 'cancelled',
        reason,
        worker: row.worker ?? '',
        startedAt: row.startedAt ?? ledger.at,
        endedAt: ledger.at,
        error: null,
      },
    ]);
  }
}
