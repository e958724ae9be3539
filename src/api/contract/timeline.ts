import { z } from 'zod';
import { runState, runType, stateCounts, taskState, time, usual, workflowKind } from './state.ts';

export const failure = z
  .object({
    /** The class, or the code of an error of Millrace. */
    type: z.string(),
    message: z.string(),
    /** In one's own files. */
    place: z.string().nullable(),
    stack: z.string().nullable(),
    /** What to do about it, where the error says so. */
    fix: z.string().nullable(),
    /** The connection or variable that somebody has to make. */
    lacks: z.object({ kind: z.enum(['connection', 'variable']), name: z.string() }).nullable(),
  })
  .meta({ id: 'Failure' });

export const timelineAttempt = z
  .object({
    try_number: z.int(),
    /** `running` for the one that runs now. */
    outcome: z.enum(['running', 'success', 'failed', 'skipped', 'rescheduled', 'deferred', 'cancelled', 'lost']),
    start_date: time,
    end_date: time.nullable(),
    worker: z.string().nullable(),
    reason: z.string().nullable(),
    error: failure.nullable(),
  })
  .meta({ id: 'TimelineAttempt' });

export const timelineRow = z
  .object({
    task_id: z.string(),
    /** -1: not mapped, or all instances of a mapped task together. Of a flow: the occurrence, from 0. */
    map_index: z.int(),
    label: z.string(),
    instance_name: z.string().nullable().meta({ description: 'What the task calls this mapped instance.' }),
    /** `task`; `mapped`: the instances together, to be asked for with `task_id`; `step` and `child_flow` of flows. */
    kind: z.enum(['task', 'mapped', 'step', 'child_flow']),
    /** Groups around it, outermost first. */
    groups: z.array(z.string()),
    state: taskState,
    counts: stateCounts.nullable(),
    /** A step that answered from the cache. */
    is_cached: z.boolean(),
    queued_at: time.nullable(),
    start_date: time.nullable(),
    end_date: time.nullable(),
    /** Seconds that it has run, all attempts together. */
    duration: z.number().nullable(),
    max_tries: z.int(),
    attempts: z.array(timelineAttempt),
    /** When the next attempt comes. */
    next_try: time.nullable(),
    /** How much of it the running attempt says is done; null where it says nothing, or runs on another server. */
    progress: z.object({ done: z.number(), total: z.number().nullable() }).nullable(),
    usual,
    /** Where it has not ended: when it should begin and end, after what is usual. */
    expected: z.object({ start: time, end: time }).nullable(),
    /** Whether the run's end hangs on it. */
    is_critical: z.boolean(),
  })
  .meta({ id: 'TimelineRow' });

export const runHead = z
  .object({
    dag_id: z.string(),
    dag_run_id: z.string(),
    kind: workflowKind,
    run_type: runType,
    state: runState,
    logical_date: time.nullable(),
    data_interval_start: time.nullable(),
    data_interval_end: time.nullable(),
    run_after: time,
    queued_at: time,
    start_date: time.nullable(),
    end_date: time.nullable(),
    duration: z.number().nullable(),
    conf: z.record(z.string(), z.unknown()),
    triggered_by: z.string(),
    note: z.string().nullable(),
    version: z.int(),
    bundle: z.string(),
    backfill_id: z.int().nullable(),
    /** What failed, of the workflow itself or its flow's body. */
    error: failure.nullable(),
    reason: z.string().nullable(),
    usual,
    counts: stateCounts,
    expected_end: time.nullable(),
  })
  .meta({ id: 'RunHead' });

/**
 * `GET /dags/{dag_id}/dagRuns/{dag_run_id}/timeline?task_id&limit&offset`. Without `task_id`: one row a task (of a flow:
 * one a step, in the order of the first call); with it: one row an instance of that mapped task.
 */
export const timeline = z
  .object({
    run: runHead,
    rows: z.array(timelineRow),
    total_entries: z.int(),
    /** When no worker was there for it: from, to, and why. */
    gaps: z.array(z.object({ from: time, to: time, reason: z.string() })),
    as_of: time,
  })
  .meta({ id: 'Timeline' });
