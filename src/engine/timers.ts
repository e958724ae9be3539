import type { InstanceKey, RunRow, TimerRow, WorkflowRow } from '../store/rows.ts';
import { keyText } from './ids.ts';
import { askTogether } from './questions.ts';
import type { EngineTransaction } from './transaction.ts';

/** Timers handled in one transaction. */
const BATCH = 500;

const MAIL_AGAIN_MS = 60_000;

/** A mail to be sent outside of the transaction; its timer is removed when it has been. */
export interface DueMail extends InstanceKey {
  readonly timer: number;
  readonly attempt: number;
  readonly kind: 'mail_failure' | 'mail_retry';
}

/** What has come due of both kinds, and when the next of either will. */
export interface Due {
  readonly mails: readonly DueMail[];
  /** Whether more timers are due. */
  readonly more: boolean;
  /** Workflows whose next run is due. */
  readonly due: readonly WorkflowRow[];
  readonly next: number | null;
}

/** Fires the timers that are due, and looks up which workflows are and what comes next: one transaction for all of it. */
export async function takeDue(
  e: EngineTransaction,
  { schedules, most }: { readonly schedules: 'kept' | 'ignored'; readonly most: number },
): Promise<Due> {
  const fired = await fireTimers(e);
  const { timers, workflows } = e.tx;
  const kept = schedules === 'kept';
  const [timer, workflow, due] = await askTogether([
    timers.next(),
    kept ? workflows.nextDue() : null,
    kept ? workflows.due(e.at, most) : [],
  ]);
  const times = [timer, workflow].filter((time) => time !== null);
  return { ...fired, due, next: times.length === 0 ? null : Math.min(...times) };
}

/**
 * Does what has come due. Each timer is checked against the instance or run as it is now: one that has been cleared,
 * ended or moved on meanwhile is left alone, so a timer can be late, early or doubled without harm.
 */
export async function fireTimers(
  e: EngineTransaction,
): Promise<{ readonly mails: readonly DueMail[]; readonly more: boolean }> {
  const due = await e.tx.timers.due(e.at, BATCH);
  if (due.length === 0) return { mails: [], more: false };
  await e.lockRuns(due.map(({ run }) => run));
  const mails: DueMail[] = [];
  const done: number[] = [];
  let expansions = 0;
  for (const timer of due) {
    const mail = asMail(timer);
    if (mail) mails.push(mail);
    // One part of one expansion in a transaction: the others have theirs in the next.
    else if (timer.kind !== 'expand' || ++expansions === 1) {
      await fire(e, timer);
      done.push(timer.id);
    }
  }
  await e.tx.timers.remove(done);
  // A mail is sent outside; if this server dies over it, another one sends it again after this while.
  await e.tx.timers.postpone(
    mails.map(({ timer }) => timer),
    e.at + MAIL_AGAIN_MS,
  );
  await e.propagation.settle();
  return { mails, more: due.length === BATCH || expansions > 1 };
}

async function fire(e: EngineTransaction, timer: TimerRow): Promise<void> {
  const run = e.runs.get(timer.run);
  if (!run) return;
  switch (timer.kind) {
    case 'retry':
      return wake(e, timer, 'up_for_retry');
    case 'reschedule':
      return wake(e, timer, 'up_for_reschedule');
    case 'run_timeout':
      if (run.state === 'running' && (await isOfThisStart(e, timer, run)))
        await e.endRun(run, { state: 'failed', to: 'skipped', reason: 'run_timeout' });
      return;
    case 'deadline':
      if (run.state === 'queued' || run.state === 'running') {
        e.ledger.event('run.deadline_missed', { run: run.id, workflowId: run.workflowId });
      }
      return;
    case 'expand':
      return e.propagation.expandOn(timer.run, timer.task!, timer.index!);
    case 'mail_failure':
    case 'mail_retry':
      return;
  }
}

/** A run that was cleared has begun anew: the time-out of its earlier life is not its own. */
async function isOfThisStart(e: EngineTransaction, { due }: TimerRow, run: RunRow): Promise<boolean> {
  const { runTimeout } = (await e.catalog.ofRun(e.tx, run)).graph.spec;
  return due >= (run.startedAt ?? 0) + (runTimeout ?? 0);
}

async function wake(e: EngineTransaction, timer: TimerRow, from: 'up_for_retry' | 'up_for_reschedule'): Promise<void> {
  if (timer.task === null || timer.index === null) return;
  const key = { run: timer.run, task: timer.task, index: timer.index };
  const [row] = await e.tx.instances.get([key]);
  if (!row || row.state !== from || row.attempt !== timer.attempt) return;
  const moved = await e.tx.instances.decide([{ ...key, from, to: 'queued', at: e.at, reason: null }]);
  if (!moved.some((won) => keyText(won) === keyText(key))) return;
  const { workflowId } = e.runs.get(timer.run)!;
  e.ledger.moved(key, from, 'queued', { workflowId, decisive: false, attempt: row.attempt + 1, reason: null });
}

function asMail({ id, kind, run, task, index, attempt }: TimerRow): DueMail | null {
  if (kind !== 'mail_failure' && kind !== 'mail_retry') return null;
  return { timer: id, kind, run, task: task ?? 0, index: index ?? -1, attempt: attempt ?? 0 };
}
