import { z } from 'zod';
import { stateCounts, taskState, time } from './state.ts';

export const graphNode = z
  .object({
    id: z.string(),
    label: z.string(),
    kind: z.enum(['task', 'group']),
    parent: z.string().nullable(),
    is_mapped: z.boolean(),
    role: z.enum(['setup', 'teardown']).nullable(),
    trigger_rule: z.string().nullable(),
    /** In the run, where one is given: null for none, and where there is no run. */
    state: taskState,
    counts: stateCounts.nullable(),
    /** Instances; null: not expanded yet, or no run is given. */
    instances: z.int().nullable(),
    /** Seconds, of what has run in the run. */
    duration: z.number().nullable(),
    try_number: z.int(),
    max_tries: z.int(),
    start_date: time.nullable(),
    /** One fact to stand below the name: `will not run: 2 of 50 failed`, `usually 2 m 31 s`, `one_success`. */
    fact: z.string().nullable(),
    doc: z.string().nullable(),
  })
  .meta({ id: 'GraphNode' });

/** `GET /dags/{dag_id}/graph?dag_run_id`: of the run's version; without a run, of the latest. */
export const graph = z
  .object({
    dag_id: z.string(),
    dag_run_id: z.string().nullable(),
    version: z.int(),
    nodes: z.array(graphNode),
    /** Between tasks, and between groups where the wire joins the groups. */
    edges: z.array(z.object({ source: z.string(), target: z.string(), is_setup_teardown: z.boolean() })),
  })
  .meta({ id: 'Graph' });
