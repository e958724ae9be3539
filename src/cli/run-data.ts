import type { ErrorReport } from '../executor/executor.ts';
import type { AttemptRow, InstanceRow, RunRow, VersionRow } from '../store/rows.ts';
import { failureOf } from './server/run-event.ts';
import { iso } from './times.ts';

/** A run as JSON. */
export function runData(run: RunRow, workflow: string) {
  return {
    workflow,
    runId: run.runId,
    type: run.type,
    state: run.state,
    reason: run.reason,
    logicalDate: iso(run.logicalDate),
    intervalStart: iso(run.intervalStart),
    intervalEnd: iso(run.intervalEnd),
    runAfter: iso(run.runAfter),
    queuedAt: iso(run.queuedAt),
    startedAt: iso(run.startedAt),
    endedAt: iso(run.endedAt),
    conf: JSON.parse(run.conf) as unknown,
    triggeredBy: run.triggeredBy,
    note: run.note,
  };
}

/** A task instance as JSON, with its attempts. */
export function instanceData(row: InstanceRow, version: VersionRow, attempts: readonly AttemptRow[]) {
  return {
    task: version.spec.tasks[row.task]?.id ?? String(row.task),
    mapIndex: row.index,
    state: row.state,
    reason: row.reason,
    attempt: row.attempt,
    maxAttempts: row.maxAttempts,
    waitsFor: row.parked,
    queuedAt: iso(row.queuedAt),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
    attempts: attempts.map((attempt) => ({
      attempt: attempt.attempt,
      outcome: attempt.outcome,
      reason: attempt.reason,
      error: failureOf(attempt) ?? null,
      code: attempt.error === null ? null : (JSON.parse(attempt.error) as ErrorReport).code,
      worker: attempt.worker,
      startedAt: iso(attempt.startedAt),
      endedAt: iso(attempt.endedAt),
    })),
  };
}
