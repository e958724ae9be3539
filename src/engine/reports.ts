import type { Outcome, Report } from '../executor/executor.ts';
import { listedRetryDelay, logicalDateText, retryDelay } from '../model/retry-delay.ts';
import type { AttemptOutcome, AttemptReason, TaskState } from '../model/states.ts';
import { isFinished } from '../model/states.ts';
import type { AttemptRow, FinishMove, InstanceKey, InstanceRow, OutputRow, RunRow } from '../store/rows.ts';
import type { Version } from './catalog.ts';
import { giveBack } from './claims.ts';
import { keyText, parseToken } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { askTogether } from './questions.ts';
import { stopInstances } from './stops.ts';
import type { EngineTransaction } from './transaction.ts';

interface TakeOptions {
  readonly maxLost: number;
  /** The lock on the reports' runs, where it is still being asked for. */
  readonly locked?: unknown;
}

/**
 * Takes the reports of one batch, within its transaction: guarded moves by token, then outputs, attempts and retries
 * of those that won, then what follows for everything downstream. A report whose token is no longer the instance's own
 * changes nothing, and leaves an event that says so.
 */
export async function takeReports(
  reports: readonly Report[],
  e: EngineTransaction,
  { maxLost, locked }: TakeOptions,
): Promise<void> {
  const { tx, ledger, propagation, runs } = e;
  // By attempt, not by instance: a late report must not take the place of the true one in the same batch. Of two about
  // one attempt the first counts.
  const byAttempt = new Map<string, { report: Report; key: AttemptKey }>();
  for (const report of reports) {
    const key = parseToken(report.token);
    const name = attemptText(key);
    if (!byAttempt.has(name)) byAttempt.set(name, { report, key });
  }
  const rows = new Map<string, InstanceRow>();
  const unclear = [...byAttempt.values()].filter(({ report }) => needsRow(report.outcome)).map(({ key }) => key);
  if (unclear.length > 0) for (const row of await tx.instances.get(unclear)) rows.set(keyText(row), row);

  const wanted = new Map<string, FinishMove>();
  for (const [name, { report, key }] of byAttempt)
    wanted.set(name, move(report, key, rows.get(keyText(key)), { at: ledger.at, maxLost }));

  const attempts: AttemptRow[] = [];
  const outputs: OutputRow[] = [];
  const won = new Set<string>();
  const restarted: InstanceKey[] = [];
  const consequences: (() => Promise<void>)[] = [];
  const [finished] = await askTogether([tx.instances.finish([...wanted.values()]), locked]);
  for (const [name, { key }] of byAttempt) if (!runs.has(key.run)) byAttempt.delete(name);
  for (const ended of finished) {
    const name = attemptText(ended);
    won.add(name);
    const { report } = byAttempt.get(name)!;
    const { outcome } = report;
    const run = runs.get(ended.run)!;
    const version = await e.catalog.ofRun(tx, run);
    const to = ended.from === 'restarting' ? 'none' : wanted.get(name)!.to;
    const key = { run: ended.run, task: ended.task, index: ended.index };
    attempts.push(attemptRow(key, ended.attempt, report));
    giveBack(ledger, version.graph, run, { ...key, pool: ended.pool, slots: ended.slots });
    ledger.moved(key, ended.from, to, {
      workflowId: run.workflowId,
      decisive: version.graph.decisive.has(key.task),
      attempt: ended.attempt,
      reason: reasonOf(outcome),
    });
    e.journal.ended(key, { attempt: ended.attempt, maxAttempts: ended.maxAttempts, to, outcome, version, run });
    if (version.graph.spec.kind === 'flow') await endSteps(e, key.run, to, outcome);
    if (version.graph.spec.kind === 'flow' && to === 'failed' && outcome.kind === 'cancelled')
      e.cancelledFlows.add(key.run);
    if (to === 'up_for_retry') retryLater(ledger, run, version, { ...key, attempt: ended.attempt }, report);
    if (to === 'up_for_reschedule' && outcome.kind === 'rescheduled') {
      ledger.timer({ due: outcome.at, kind: 'reschedule', ...key, attempt: ended.attempt });
    }
    if (to === 'success' && outcome.kind === 'success') {
      if (outcome.output) {
        const output = { ...key, key: 'return_value', value: outcome.output, length: outcome.length };
        outputs.push(output);
        e.outputs.set(keyText(key), output);
      }
      if (outcome.cache) await tx.cache.put([{ ...key, ...outcome.cache, createdAt: ledger.at }]);
      const { skip } = outcome;
      if (skip) consequences.push(() => skipBelow(key, skip, version, e));
    }
    if (to === 'none') restarted.push(key);
    if (isFinished(to)) propagation.ended({ ...key, state: to });
    if (to === 'failed' && version.graph.spec.failFast) consequences.push(() => failFast(key, version, e));
  }
  // What they skip or stop may have ended in this batch as well: that has been told by now. And what a branch does not
  // follow must not become ready through its success, so this comes before anything downstream is looked at.
  for (const consequence of consequences) await consequence();
  for (const [name, { report, key }] of byAttempt) {
    if (won.has(name)) continue;
    ledger.event('report.ignored', {
      ...key,
      workflowId: runs.get(key.run)!.workflowId,
      data: JSON.stringify({ outcome: report.outcome.kind }),
    });
  }
  if (attempts.length > 0) await tx.attempts.insert(attempts);
  if (outputs.length > 0) await tx.outputs.put(outputs);
  if (restarted.length > 0) await propagation.consider(await tx.instances.get(restarted));
  await propagation.settle();
}

type AttemptKey = InstanceKey & { readonly attempt: number };

function attemptText(key: AttemptKey): string {
  return `${keyText(key)}.${key.attempt}`;
}

/** A success needs nothing but its token; whether a failure is the last one, its row says. */
function needsRow(outcome: Outcome): boolean {
  return outcome.kind === 'failed' || outcome.kind === 'lost';
}

function move(
  report: Report,
  key: InstanceKey,
  row: InstanceRow | undefined,
  { at, maxLost }: { readonly at: number; readonly maxLost: number },
): FinishMove {
  const { outcome } = report;
  const { run, task, index } = key;
  const base = { run, task, index, token: report.token, at, reason: reasonOf(outcome), lost: null };
  switch (outcome.kind) {
    case 'success':
      return { ...base, to: 'success' };
    case 'skipped':
      return { ...base, to: 'skipped' };
    case 'rescheduled':
      return { ...base, to: 'up_for_reschedule' };
    case 'cancelled':
      return { ...base, to: 'failed' };
    case 'failed': {
      const tryLeft = row !== undefined && row.attempt < row.maxAttempts && outcome.retry !== 'never';
      return { ...base, to: tryLeft ? 'up_for_retry' : 'failed' };
    }
    case 'lost':
      return row !== undefined && row.lost >= maxLost && blamesTask(outcome.reason)
        ? { ...base, to: 'failed' }
        : { ...base, to: 'queued', lost: blamesTask(outcome.reason) ? 'counted' : 'uncounted' };
  }
}

/** Whether the task itself may be what kills its workers, so that running it again and again must have an end. */
function blamesTask(reason: AttemptReason): boolean {
  return reason === 'killed' || reason === 'out_of_memory' || reason === 'worker_exited';
}

function reasonOf(outcome: Outcome): AttemptReason | null {
  switch (outcome.kind) {
    case 'failed':
    case 'cancelled':
    case 'lost':
      return outcome.reason;
    default:
      return null;
  }
}

function attemptRow(key: InstanceKey, attempt: number, report: Report): AttemptRow {
  const { outcome } = report;
  const kind: AttemptOutcome = outcome.kind;
  return {
    ...key,
    attempt,
    outcome: kind,
    reason: reasonOf(outcome),
    worker: report.worker,
    startedAt: report.startedAt,
    endedAt: report.endedAt,
    error: outcome.kind === 'failed' ? JSON.stringify(outcome.error) : null,
  };
}

function retryLater(
  ledger: Ledger,
  run: RunRow,
  version: Version,
  key: InstanceKey & { readonly attempt: number },
  report: Report,
): void {
  ledger.timer({ due: report.endedAt + delayBeforeRetry(run, version, key, report), kind: 'retry', ...key });
}

/** Milliseconds until the next attempt. */
export function delayBeforeRetry(
  run: RunRow,
  version: Version,
  key: { readonly task: number; readonly attempt: number },
  report: Report,
): number {
  const task = version.graph.task(key.task);
  if (report.outcome.kind === 'failed' && typeof report.outcome.retry === 'object') return report.outcome.retry.afterMs;
  if (typeof task.retryDelay !== 'number') return listedRetryDelay(task.retryDelay, key.attempt);
  return retryDelay({
    dagId: version.graph.spec.id,
    taskId: task.id,
    logicalDateText: logicalDateText(run.logicalDate),
    attempt: key.attempt,
    retryDelayMs: task.retryDelay,
    backoff: task.retryBackoff,
    maxRetryDelayMs: task.maxRetryDelay ?? undefined,
  });
}

/**
 * What a flow's body leaves behind. After a failure its failed calls are to run again in the next attempt; after a loss
 * they are answered from the record like the others, since the body has seen them. Calls still running at the end of
 * the run end with it.
 */
async function endSteps({ tx, at }: EngineTransaction, run: number, to: TaskState, outcome: Outcome): Promise<void> {
  if (isFinished(to)) await tx.steps.endRunning(run, at, 'run_ended');
  if (to === 'up_for_retry' && outcome.kind === 'failed') await tx.steps.forgetFailed(run);
}

/** Where a branch can still skip: an instance that has not run. It also outdoes a failure somewhere upstream. */
const SKIPPABLE: readonly TaskState[] = ['none', 'queued', 'up_for_retry', 'up_for_reschedule', 'upstream_failed'];

/**
 * What a branch does not follow, or a short circuit cuts off, is skipped if it has not started. Inside of a mapped
 * group that is so for the instance's own index; what lies outside of the group is left to its rule, since one index
 * cannot speak for the others.
 */
async function skipBelow(
  key: InstanceKey,
  skip: { readonly scope: 'direct' | 'all'; readonly tasks: readonly number[] },
  { graph }: Version,
  { tx, propagation }: EngineTransaction,
): Promise<void> {
  const tasks = skip.scope === 'all' ? graph.skippable(key.task) : skip.tasks;
  const group = graph.mappedGroup[key.task];
  for (const task of tasks) {
    const inGroup = group !== null && graph.mappedGroup[task] === group;
    if (group !== null && !inGroup) continue;
    const keys = inGroup ? [{ run: key.run, task, index: key.index }] : await tx.instances.ofTask(key.run, task);
    await propagation.end(keys, 'skipped', SKIPPABLE, null);
  }
}

/**
 * The first failure ends the work: what has not started is skipped, what runs is stopped. Teardowns still run. Whether
 * the run fails is decided by its leaves, as always (Airflow's): the event says that it was cut short.
 */
async function failFast(key: InstanceKey, version: Version, e: EngineTransaction): Promise<void> {
  const rows = (await e.tx.instances.ofRun(key.run)).filter(({ task }) => !version.graph.task(task).teardown);
  e.ledger.event('run.failed_fast', { ...key, workflowId: version.row.workflowId });
  const run = e.runs.get(key.run)!;
  await stopInstances(rows, { run, version, to: 'skipped', reason: 'fail_fast' }, e);
}
