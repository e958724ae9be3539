import type { Selectable } from 'kysely';
import type { StoredValue } from '../../model/expression.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import type { AttemptOutcome, AttemptReason, RunState, RunType, TaskState } from '../../model/states.ts';
import type {
  AttemptRow,
  BackfillRow,
  ClaimCandidate,
  CountedInstance,
  EventRow,
  InstanceRow,
  JournalRow,
  OutputRow,
  ReprocessBehavior,
  RunRow,
  SlotOutcome,
  SlotRow,
  StoredLogChunk,
  TimerKind,
  TimerRow,
  UpstreamCounters,
  VersionRow,
  WorkflowRow,
} from '../rows.ts';
import type { Schema } from '../schema.ts';

/** Rows as the database gives them, made into rows as the engine wants them. The only place where this is done. */

type Row<T extends keyof Schema> = Selectable<Schema[T]>;

export function parseWorkflow(row: Row<'workflow'> & { number: number }): WorkflowRow {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as 'dag' | 'flow',
    paused: row.paused === 1,
    present: row.present === 1,
    file: row.file,
    versionId: row.version_id,
    versionNumber: row.number,
    next:
      row.next_due === null || row.next_logical === null || row.next_start === null || row.next_end === null
        ? null
        : {
            logicalDate: row.next_logical,
            intervalStart: row.next_start,
            intervalEnd: row.next_end,
            runAfter: row.next_due,
          },
    lastAutomated:
      row.last_start === null || row.last_end === null ? null : { start: row.last_start, end: row.last_end },
    reruns: row.reruns,
    createdAt: row.created_at,
  };
}

export function parseVersion(row: Row<'workflow_version'>): VersionRow {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    number: row.number,
    bundleHash: row.bundle_hash,
    bundlePath: row.bundle_path,
    spec: JSON.parse(row.spec) as WorkflowSpec,
    createdAt: row.created_at,
  };
}

export function parseRun(row: Row<'run'>): RunRow {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    versionId: row.version_id,
    runId: row.run_id,
    type: row.type as RunType,
    state: row.state as RunState,
    logicalDate: row.logical_date,
    intervalStart: row.interval_start,
    intervalEnd: row.interval_end,
    runAfter: row.run_after,
    conf: row.conf,
    params: row.params,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    triggeredBy: row.triggered_by,
    note: row.note,
    backfillId: row.backfill_id,
    reason: row.reason,
    counters: { unfinished: row.unfinished, active: row.active, bad: row.bad },
  };
}

export function parseBackfill(row: Row<'backfill'>): BackfillRow {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    from: row.from_at,
    to: row.to_at,
    reverse: row.reverse === 1,
    reprocess: row.reprocess as ReprocessBehavior,
    maxActiveRuns: row.max_active_runs,
    conf: row.conf,
    paused: row.paused === 1,
    createdAt: row.created_at,
    cancelledAt: row.cancelled_at,
    completedAt: row.completed_at,
    triggeredBy: row.triggered_by,
  };
}

export function parseSlot(row: Row<'backfill_slot'>): SlotRow {
  return {
    backfill: row.backfill_id,
    ordinal: row.ordinal,
    logicalDate: row.logical_date,
    intervalStart: row.interval_start,
    intervalEnd: row.interval_end,
    runAfter: row.run_after,
    outcome: row.outcome as SlotOutcome,
    run: row.run_id,
  };
}

export type CounterColumns = Pick<
  Row<'task_instance'>,
  | 'expected'
  | 'n_success'
  | 'n_failed'
  | 'n_skipped'
  | 'n_upstream_failed'
  | 'n_removed'
  | 'n_success_setup'
  | 'n_skipped_setup'
  | 's_expected'
  | 's_success'
  | 's_failed'
  | 's_skipped'
  | 's_removed'
>;

export function parseCounters(row: CounterColumns): UpstreamCounters {
  return {
    expected: row.expected,
    success: row.n_success,
    failed: row.n_failed,
    skipped: row.n_skipped,
    upstreamFailed: row.n_upstream_failed,
    removed: row.n_removed,
    successSetup: row.n_success_setup,
    skippedSetup: row.n_skipped_setup,
    scope: {
      expected: row.s_expected,
      success: row.s_success,
      failed: row.s_failed,
      skipped: row.s_skipped,
      removed: row.s_removed,
    },
  };
}

export type CountedColumns = CounterColumns & Pick<Row<'task_instance'>, 'run_id' | 'task' | 'map_index' | 'state'>;

export function parseCounted(row: CountedColumns): CountedInstance {
  return {
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    state: row.state as TaskState,
    counters: parseCounters(row),
  };
}

export function parseInstance(row: Row<'task_instance'>): InstanceRow {
  return {
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    state: row.state as TaskState,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    lost: row.lost,
    token: row.token,
    server: row.server,
    worker: row.worker,
    priority: row.priority,
    orderAt: row.order_at,
    pool: row.pool,
    slots: row.slots,
    parked: row.parked,
    counters: parseCounters(row),
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    reason: row.reason as AttemptReason | null,
  };
}

export type CandidateColumns = Pick<
  Row<'task_instance'>,
  'run_id' | 'task' | 'map_index' | 'attempt' | 'max_attempts' | 'priority' | 'order_at' | 'pool' | 'slots'
>;

export function parseCandidate(row: CandidateColumns): ClaimCandidate {
  return {
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    priority: row.priority,
    orderAt: row.order_at,
    pool: row.pool,
    slots: row.slots,
  };
}

export function parseAttempt(row: Row<'attempt'>): AttemptRow {
  return {
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    attempt: row.attempt,
    outcome: row.outcome as AttemptOutcome,
    reason: row.reason as AttemptReason | null,
    worker: row.worker,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    error: row.error,
  };
}

/** A stored value as three columns: how to read `data`, and its size. */
export function valueColumns(value: StoredValue): { format: string; data: string; bytes: number } {
  switch (value.kind) {
    case 'inline':
      return { format: 'inline', data: value.data, bytes: value.data.length };
    case 'object':
      return { format: 'object', data: value.hash, bytes: value.bytes };
    case 'list': {
      const data = JSON.stringify(value.elements);
      return { format: 'list', data, bytes: data.length };
    }
  }
}

export function parseValue(row: Pick<Row<'output'>, 'format' | 'data' | 'bytes'>): StoredValue {
  if (row.format === 'object') return { kind: 'object', hash: row.data, bytes: row.bytes };
  if (row.format === 'list') return { kind: 'list', elements: JSON.parse(row.data) as string[] };
  return { kind: 'inline', data: row.data };
}

export function parseOutput(row: Row<'output'>): OutputRow {
  return {
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    key: row.key,
    value: parseValue(row),
    length: row.length,
  };
}

/** A finished call of a flow, with its output or its error. */
export function parseJournal(row: {
  task: number;
  map_index: number;
  name: string;
  state: string;
  attempt: number;
  format: string | null;
  data: string | null;
  bytes: number | null;
  error: string | null;
  input_hash: string | null;
}): JournalRow {
  const { format, data, bytes } = row;
  return {
    task: row.task,
    index: row.map_index,
    name: row.name,
    state: row.state as JournalRow['state'],
    attempt: row.attempt,
    inputHash: row.input_hash,
    value: format === null || data === null ? null : parseValue({ format, data, bytes: bytes ?? 0 }),
    error: row.error,
  };
}

export function parseTimer(row: Row<'timer'>): TimerRow {
  return {
    id: row.id,
    due: row.due,
    kind: row.kind as TimerKind,
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    attempt: row.attempt,
  };
}

export function parseEvent(row: Row<'event'>): EventRow {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    workflowId: row.workflow_id,
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    attempt: row.attempt,
    data: row.data,
  };
}

export function parseLogChunk(row: Row<'log_chunk'>): StoredLogChunk {
  return {
    id: row.id,
    run: row.run_id,
    task: row.task,
    index: row.map_index,
    attempt: row.attempt,
    at: row.at,
    lines: row.lines,
  };
}
