import { z } from 'zod';

/** Null: no state yet. `scheduled`: a limit holds the instance back. */
export const taskState = z
  .enum([
    'scheduled',
    'queued',
    'running',
    'restarting',
    'up_for_retry',
    'up_for_reschedule',
    'deferred',
    'awaiting_input',
    'success',
    'failed',
    'skipped',
    'upstream_failed',
    'removed',
  ])
  .nullable();

export const runState = z.enum(['queued', 'running', 'success', 'failed', 'cancelled']);

export const runType = z.enum(['scheduled', 'manual', 'backfill', 'asset_triggered', 'asset_materialization']);

export const workflowKind = z.enum(['dag', 'flow']);

/** ISO 8601 with date, time and zone. */
export const time = z.string();

/** How long something usually takes, in seconds, of its last 20 successes; null: fewer than 5. */
export const usual = z
  .object({ median: z.number(), p10: z.number(), p90: z.number(), count: z.int() })
  .nullable()
  .meta({ id: 'Usual' });

/** Instances by state, under the states' names and `none`; states without any are left out. */
export const stateCounts = z.record(z.string(), z.int()).meta({ id: 'StateCounts' });
