import { z } from 'zod';
import { stateCounts, time, usual } from './state.ts';
import { runSummary } from './workflows.ts';

export const gridRow = z
  .object({
    /** The task's or group's id. */
    id: z.string(),
    label: z.string(),
    kind: z.enum(['task', 'group']),
    parent: z.string().nullable(),
    depth: z.int(),
    is_mapped: z.boolean(),
    role: z.enum(['setup', 'teardown']).nullable(),
    /** Leaf tasks of a group. */
    tasks: z.int(),
    usual,
  })
  .meta({ id: 'GridRow' });

/**
 * `GET /dags/{dag_id}/grid?limit=28&run_after_lte&run_type&state`. One cell a row and run, in columns, so that 1,000
 * tasks by 50 runs stay below 1 MB. `states` has one letter a row, in the order of the rows: `states` of the answer says
 * which. A group's letter sums up its tasks (the worst). Of a DAG only; a flow has `400`.
 */
export const grid = z
  .object({
    dag_id: z.string(),
    as_of: time,
    /** Newest last. `has_earlier`: there are more. */
    runs: z.array(runSummary.extend({ version: z.int() })),
    has_earlier: z.boolean(),
    /** The tree, written out from the top: a group before what is in it. Rows of all versions of these runs. */
    rows: z.array(gridRow),
    usual,
    /** Letter to state (`none` for no state yet; ` ` where the run has no such row). */
    states: z.record(z.string(), z.string()),
    columns: z.array(
      z.object({
        states: z.string(),
        /** Seconds by row, of what has run, as finely as they are written: `0.123`, `4.5`, `133`; null where nothing has. */
        durations: z.array(z.number().nullable()),
        /** Row number to the counts of its instances, for mapped tasks. */
        mapped: z.record(z.string(), stateCounts),
        /** Row number to the attempt, where it is not the first. */
        attempts: z.record(z.string(), z.int()),
      }),
    ),
  })
  .meta({ id: 'Grid' });
