import type { JournalEntry, StepReport } from '../executor/executor.ts';
import type { AttemptRow, CacheRow, JournalRow, OutputRow, StepRow } from '../store/rows.ts';
import { keyText, parseToken } from './ids.ts';
import type { EngineTransaction } from './transaction.ts';

/** The steps of one attempt of a flow's body, as they came in. */
export interface StepBatch {
  readonly token: string;
  readonly steps: readonly StepReport[];
}

/**
 * Records what flows have done, within the batch's transaction; their runs are locked. The body's token is the fence:
 * an attempt that no longer holds its run is told to stop, and nothing that it says is written.
 *
 * A call that began and ended within one batch is one row written once. Returns the batches that were written: of the
 * others nothing may be acknowledged, for a flow goes on with what it takes to be recorded.
 */
export async function takeSteps(batches: readonly StepBatch[], e: EngineTransaction): Promise<readonly StepBatch[]> {
  const rows = new Map<string, StepRow>();
  const attempts: AttemptRow[] = [];
  const outputs: OutputRow[] = [];
  const cache: CacheRow[] = [];
  const taken: StepBatch[] = [];
  for (const batch of batches) {
    const { token, steps } = batch;
    const { attempt: _, ...key } = parseToken(token);
    const [body] = await e.tx.instances.get([key]);
    const run = e.runs.get(key.run);
    if (!run || body?.state !== 'running' || body.token !== token) {
      e.journal.stop(token, 'run_ended');
      e.ledger.event('report.ignored', { ...key, data: JSON.stringify({ steps: steps.length }) });
      continue;
    }
    taken.push(batch);
    for (const step of steps) {
      const at = { run: key.run, task: step.task, index: step.index };
      rows.set(keyText(at), stepRow(at, step, body.worker ?? ''));
      if (step.endedAt !== null) attempts.push(attemptRow(at, step));
      if (step.output) outputs.push({ ...at, key: 'return_value', value: step.output, length: step.length });
      if (step.cache && step.state === 'success') cache.push({ ...at, ...step.cache, createdAt: e.at });
      const about = { ...at, workflowId: run.workflowId, attempt: step.attempt };
      e.ledger.event(`instance.${step.state}`, { ...about, data: JSON.stringify(eventData(step)) });
    }
  }
  if (rows.size > 0) await e.tx.steps.record([...rows.values()]);
  // A batch comes again when nobody knew whether it was committed; the body's token is the same then.
  if (attempts.length > 0) await e.tx.attempts.note(attempts);
  if (outputs.length > 0) await e.tx.outputs.put(outputs);
  if (cache.length > 0) await e.tx.cache.put(cache);
  return taken;
}

/** A call is in no spec, so its events say what it is. */
function eventData({ name, maxAttempts, reason, cached }: StepReport): StepEventData {
  return { name, maxAttempts, ...(cached ? { reason: 'from the cache' } : reason === null ? {} : { reason }) };
}

/** What the events of a flow's calls have in `data`. */
export interface StepEventData {
  readonly name: string;
  readonly maxAttempts: number;
  readonly reason?: string;
}

export function journalEntry({ value, error, ...row }: JournalRow): JournalEntry {
  return { ...row, output: value, error: error === null ? null : JSON.parse(error) };
}

function stepRow(at: { run: number; task: number; index: number }, step: StepReport, worker: string): StepRow {
  const { name, state, attempt, maxAttempts, startedAt, endedAt, reason, inputHash } = step;
  return { ...at, name, state, attempt, maxAttempts, startedAt, endedAt, reason, worker, inputHash };
}

function attemptRow(at: { run: number; task: number; index: number }, step: StepReport): AttemptRow {
  const failed = step.state === 'failed' || step.state === 'up_for_retry' || step.state === 'upstream_failed';
  return {
    ...at,
    attempt: step.attempt,
    outcome: failed ? 'failed' : step.state === 'skipped' ? 'skipped' : 'success',
    reason: step.reason,
    worker: '',
    startedAt: step.startedAt,
    endedAt: step.endedAt ?? step.startedAt,
    error: step.error && JSON.stringify(step.error),
  };
}
