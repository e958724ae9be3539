import { z } from 'zod';
import { time } from '../state.ts';

export const backfillBody = z
  .strictObject({
    dag_id: z.string(),
    from_date: time,
    to_date: time,
    run_backwards: z.boolean().default(false),
    dag_run_conf: z.record(z.string(), z.unknown()).nullish(),
    reprocess_behavior: z.enum(['none', 'failed', 'completed']).default('none'),
    max_active_runs: z.int().min(1).default(10),
    run_on_latest_version: z.boolean().nullish(),
  })
  .meta({ id: 'BackfillPostBody' });

export const backfill = z
  .object({
    id: z.int(),
    dag_id: z.string(),
    from_date: time,
    to_date: time,
    dag_run_conf: z.record(z.string(), z.unknown()).nullable(),
    is_paused: z.boolean(),
    reprocess_behavior: z.enum(['none', 'failed', 'completed']),
    max_active_runs: z.int(),
    created_at: time,
    completed_at: time.nullable(),
    updated_at: time,
    dag_display_name: z.string(),
    /** Not Airflow's: dates by what became of them. */
    progress: z.object({
      total: z.int(),
      pending: z.int(),
      running: z.int(),
      success: z.int(),
      failed: z.int(),
      left: z.int(),
    }),
    cancelled_at: time.nullable(),
    run_backwards: z.boolean(),
  })
  .meta({ id: 'BackfillResponse' });

export const backfills = z
  .object({ backfills: z.array(backfill), total_entries: z.int() })
  .meta({ id: 'BackfillCollectionResponse' });

export const dryRunBackfills = z
  .object({
    backfills: z.array(
      z.object({
        logical_date: time.nullable(),
        partition_key: z.string().nullable(),
        partition_date: time.nullable(),
      }),
    ),
    total_entries: z.int(),
  })
  .meta({ id: 'DryRunBackfillCollectionResponse' });
