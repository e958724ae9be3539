import { z } from 'zod';
import { runState, runType, time, usual, workflowKind } from './state.ts';

export const runSummary = z
  .object({
    dag_run_id: z.string(),
    run_type: runType,
    state: runState,
    logical_date: time.nullable(),
    run_after: time,
    start_date: time.nullable(),
    end_date: time.nullable(),
    /** Seconds; so far, where it has not ended. */
    duration: z.number().nullable(),
  })
  .meta({ id: 'RunSummary' });

export const schedule = z
  .object({
    /** In words: `Every day at 06:00`; null: only by hand. */
    text: z.string().nullable(),
    /** As written: `0 6 * * *`. */
    expression: z.string().nullable(),
    timezone: z.string(),
  })
  .meta({ id: 'Schedule' });

export const workflow = z
  .object({
    dag_id: z.string(),
    kind: workflowKind,
    is_paused: z.boolean(),
    description: z.string().nullable(),
    tags: z.array(z.string()),
    owners: z.array(z.string()),
    schedule,
    /** The latest state of things, if it is not well: of its latest run, or of its file. */
    condition: z.enum(['failed', 'late', 'broken_file']).nullable(),
    /** What is wrong with its file; of one workflow alone also what its latest run failed of. */
    condition_text: z.string().nullable(),
    /** The run that failed or is late. */
    condition_run_id: z.string().nullable(),
    /** Runs that go on longer than usual, the newest first, whatever the condition. */
    late_run_ids: z.array(z.string()),
    /** Oldest first, at most 18. */
    recent_runs: z.array(runSummary),
    usual,
    next_run: z.object({ run_after: time, logical_date: time.nullable() }).nullable(),
    active_runs: z.int(),
    max_active_runs: z.int().nullable(),
    max_mapped: z.int().nullable(),
    version: z.int(),
    file: z.string(),
    bundle: z.string(),
  })
  .meta({ id: 'Workflow' });

/**
 * `GET /workflows?q&state&tags&owners&kind&order_by&limit&offset`. `state`: failed, running, late, paused. `order_by`:
 * attention (default), dag_id, next_run, `-` in front for the reverse.
 */
export const workflows = z
  .object({
    workflows: z.array(workflow),
    total_entries: z.int(),
    /** Whatever the filter. */
    counts: z.object({
      all: z.int(),
      failed: z.int(),
      running: z.int(),
      late: z.int(),
      paused: z.int(),
    }),
    tags: z.array(z.string()),
    owners: z.array(z.string()),
    as_of: time,
  })
  .meta({ id: 'Workflows' });
