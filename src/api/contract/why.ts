import { z } from 'zod';
import { taskState, time } from './state.ts';

export const remedy = z
  .object({
    kind: z.enum([
      'show_instance',
      'mark_success',
      'mark_failed',
      'clear',
      'clear_failed',
      'unpause',
      'cancel_run',
      'raise_pool',
      'raise_limit',
      'see_holders',
      'start_workers',
      'resume',
      'wait',
    ]),
    /** In words, to stand on a link: `Raise to 160`. */
    label: z.string(),
    dag_id: z.string().nullable(),
    dag_run_id: z.string().nullable(),
    task_id: z.string().nullable(),
    map_index: z.int().nullable(),
    /** The pool that is made or changed, and how many slots it gets. */
    pool: z.object({ name: z.string(), slots: z.int() }).nullable(),
    /** The same on the command line. */
    command: z.string().nullable(),
  })
  .meta({ id: 'Remedy' });

export const reason = z
  .object({
    kind: z.enum([
      'upstream',
      'trigger_rule',
      'pool',
      'limit',
      'active_runs',
      'backfill_limit',
      'paused',
      'not_due',
      'retry_wait',
      'reschedule_wait',
      'deferred',
      'approval',
      'queued',
      'no_worker',
      'not_loaded',
      'run_ended',
      'finished',
    ]),
    /** The fact: `Upstream score_customers is running, attempt 3 of 3.`; what it needs; when it should pass. */
    fact: z.string(),
    needs: z.string().nullable(),
    until: time.nullable(),
    since: time.nullable(),
    used: z.int().nullable(),
    limit: z.int().nullable(),
    /** Who stands before it in the line. */
    ahead: z.int().nullable(),
    holders: z.array(
      z.object({
        dag_id: z.string(),
        dag_run_id: z.string().nullable(),
        task_id: z.string().nullable(),
        slots: z.int(),
      }),
    ),
    remedies: z.array(remedy),
  })
  .meta({ id: 'WhyReason' });

export const waiting = z
  .object({
    /** Null: the run itself. */
    task_id: z.string().nullable(),
    map_index: z.int().nullable(),
    /** Instances of a mapped task with the same reasons. */
    instances: z.int(),
    dag_run_id: z.string(),
    state: taskState,
    /** None: it runs, or is a run that starts within a second. */
    reasons: z.array(reason),
    /** Checks that pass, in words: `DAG active`, `tasks of this run 1 of 16`. */
    passing: z.array(z.string()),
  })
  .meta({ id: 'Waiting' });

/**
 * `GET /dags/{dag_id}/dagRuns/{dag_run_id}/why` and `…/taskInstances/{task_id}/why?map_index`: every reason why this does
 * not run.
 */
export const why = z
  .object({ as_of: time, waiting: z.array(waiting), /** Of all that wait in the run. */ total: z.int() })
  .meta({ id: 'Why' });
