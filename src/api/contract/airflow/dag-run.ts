import { z } from 'zod';
import { runState, runType, time } from '../state.ts';

const note = z.string().max(1_000);

export const dagVersion = z
  .object({
    id: z.string(),
    version_number: z.int(),
    dag_id: z.string(),
    bundle_name: z.string().nullable(),
    bundle_version: z.string().nullable(),
    created_at: time,
    dag_display_name: z.string(),
    bundle_url: z.string().nullable(),
  })
  .meta({ id: 'DagVersionResponse' });

export const dagRun = z
  .object({
    dag_run_id: z.string(),
    dag_id: z.string(),
    logical_date: time.nullable(),
    queued_at: time.nullable(),
    start_date: time.nullable(),
    end_date: time.nullable(),
    duration: z.number().nullable(),
    data_interval_start: time.nullable(),
    data_interval_end: time.nullable(),
    run_after: time,
    last_scheduling_decision: time.nullable(),
    run_type: runType,
    state: runState,
    triggered_by: z.string().nullable(),
    triggering_user_name: z.string().nullable(),
    conf: z.record(z.string(), z.unknown()).nullable(),
    note: z.string().nullable(),
    dag_versions: z.array(dagVersion),
    bundle_version: z.string().nullable(),
    dag_display_name: z.string(),
    partition_key: z.string().nullable(),
    partition_date: time.nullable(),
  })
  .meta({ id: 'DAGRunResponse' });

/** Beside the entries of a list that can be gone through by cursor. */
export const pageParts = {
  total_entries: z.int(),
  /** Null: all are counted. */
  total_entries_limit: z.int().nullable(),
  next_cursor: z.string().nullable(),
  previous_cursor: z.string().nullable(),
};

export const dagRuns = z.object({ dag_runs: z.array(dagRun), ...pageParts }).meta({ id: 'DAGRunCollectionResponse' });

export const triggerBody = z
  .strictObject({
    dag_run_id: z.string().min(1).nullish(),
    data_interval_start: time.nullish(),
    data_interval_end: time.nullish(),
    /** Null: a run without one. */
    logical_date: time.nullable(),
    run_after: time.nullish(),
    conf: z.record(z.string(), z.unknown()).nullish(),
    note: note.nullish(),
    partition_key: z.string().nullish(),
  })
  .meta({ id: 'TriggerDAGRunPostBody' });

export const dagRunPatch = z
  .strictObject({ state: z.enum(['queued', 'success', 'failed']).nullish(), note: note.nullish() })
  .meta({ id: 'DAGRunPatchBody' });

export const dagRunClear = z
  .strictObject({
    dry_run: z.boolean().default(true),
    only_failed: z.boolean().default(false),
    only_new: z.boolean().default(false),
    run_on_latest_version: z.boolean().nullish(),
    note: note.nullish(),
  })
  .meta({ id: 'DAGRunClearBody' });

export const dagRunsClear = z
  .strictObject({
    dag_runs: z.array(z.strictObject({ dag_run_id: z.string(), dag_id: z.string().optional() })),
    dry_run: z.boolean().default(true),
    only_failed: z.boolean().default(false),
    only_new: z.boolean().default(false),
    run_on_latest_version: z.boolean().nullish(),
    note: note.nullish(),
  })
  .meta({ id: 'ClearDagRunsBody' });

export const dagRunUpdate = z
  .strictObject({
    dag_run_id: z.string(),
    state: z.enum(['queued', 'success', 'failed']).nullish(),
    note: note.nullish(),
  })
  .meta({ id: 'DAGRunBulkUpdate' });

export const waitAnswer = z
  .object({ state: runState, results: z.record(z.string(), z.unknown()).optional() })
  .meta({ id: 'DAGRunWaitResponse' });
