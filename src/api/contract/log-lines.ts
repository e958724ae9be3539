import { z } from 'zod';
import { time } from './state.ts';

/**
 * `GET /dags/{dag_id}/dagRuns/{dag_run_id}/logLines?task_id&map_index&try_number&level&q&from&limit&tail`. Lines of all
 * attempts of an instance (of a flow without `task_id`: of its body and all steps), numbered from 1 over all attempts.
 * `tail=200`: the last ones; `from=301`: from that number on; `level=warn`: that and worse; `q`: those that contain it.
 */
export const logLines = z
  .object({
    lines: z.array(
      z.object({
        n: z.int(),
        at: time,
        level: z.enum(['debug', 'info', 'warn', 'error']),
        /** May have several lines: an error's stack. */
        text: z.string(),
        try_number: z.int(),
        task_id: z.string(),
        map_index: z.int(),
        source: z.enum(['task', 'stdout', 'stderr', 'system']),
      }),
    ),
    attempts: z.array(
      z.object({
        try_number: z.int(),
        first: z.int(),
        last: z.int(),
        start_date: time,
        end_date: time.nullable(),
        outcome: z.string(),
        worker: z.string().nullable(),
      }),
    ),
    /** Of all lines, whatever the filter. */
    counts: z.object({ debug: z.int(), info: z.int(), warn: z.int(), error: z.int() }),
    total: z.int(),
    /** Number of the first line of level error. */
    first_error: z.int().nullable(),
    /** Whether more can come. */
    is_live: z.boolean(),
  })
  .meta({ id: 'LogLines' });
