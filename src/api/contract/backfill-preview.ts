import { z } from 'zod';
import { runState, time } from './state.ts';

/** `POST /backfills/preview`, with the same body as `POST /backfills`. Changes nothing. */
export const backfillPreview = z
  .object({
    dag_id: z.string(),
    /** In the order of the dates; of more than 5,000 those that it would go through first. */
    dates: z.array(
      z.object({
        logical_date: time,
        data_interval_start: time,
        data_interval_end: time,
        run: z
          .object({
            dag_run_id: z.string(),
            state: runState,
            duration: z.number().nullable(),
            /** The first task that failed. */
            failed_task: z.string().nullable(),
          })
          .nullable(),
        action: z.enum(['new', 'clear', 'leave', 'in_flight']),
      }),
    ),
    /** How many dates there are, listed or not. */
    dates_total: z.int(),
    /** Runs, for each choice of `reprocess_behavior`. */
    choices: z.object({ none: z.int(), failed: z.int(), completed: z.int() }),
    will_run: z.int(),
    new: z.int(),
    cleared: z.int(),
    task_instances: z.int(),
    /** Seconds of a run, after what is usual; null: not known. */
    run_seconds: z.number().nullable(),
    work_seconds: z.number().nullable(),
    ends_about: time.nullable(),
    /** What runs when, one list a place: times after what is usual. */
    lanes: z.array(z.array(z.object({ logical_date: time, start: time, end: time }))),
    warnings: z.array(
      z.object({
        kind: z.enum(['pool', 'failing', 'open_backfill', 'depends_on_past', 'paused', 'many']),
        text: z.string(),
      }),
    ),
    /** What was checked and is well, in words. */
    passing: z.array(z.string()),
    command: z.string(),
  })
  .meta({ id: 'BackfillPreview' });
