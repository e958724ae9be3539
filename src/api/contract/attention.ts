import { z } from 'zod';
import { time, workflowKind } from './state.ts';

/** Something that is wrong or waits for a person: one cause is one item, whatever it has met. */
export const attentionItem = z
  .object({
    kind: z.enum(['failed', 'late', 'limit', 'broken_file']),
    dag_id: z.string().nullable(),
    workflow_kind: workflowKind.nullable(),
    /** The latest run concerned. */
    dag_run_id: z.string().nullable(),
    task_id: z.string().nullable(),
    /** Up to 20 of the mapped instances concerned. */
    map_indexes: z.array(z.int()),
    /** Instances concerned in that run, of so many of the task. */
    instances: z.int(),
    instances_of: z.int(),
    /** Runs with this cause since the last success. */
    runs: z.int(),
    /** The pool, as `default_pool`; the file, as `pipelines/x.ts:42:18`. */
    subject: z.string().nullable(),
    /** The fact, in a few words; and the rest of the sentence, which may be empty. */
    fact: z.string(),
    detail: z.string(),
    since: time,
    /** What repairs it, the best first. The page knows how each is done. */
    remedies: z.array(z.enum(['clear_failed', 'resume', 'open_log', 'open_run', 'why', 'see_holders', 'show_code'])),
  })
  .meta({ id: 'AttentionItem' });

/** `GET /attention`: the most urgent first. */
export const attention = z
  .object({
    items: z.array(attentionItem),
    /** With the workflows that failed before the latest 100 that did: those are counted and not listed. */
    total: z.int(),
    /** Runs now, and those that ended since `since`. */
    counts: z.object({ failed: z.int(), running: z.int(), queued: z.int(), succeeded: z.int() }),
    since: time,
    as_of: time,
  })
  .meta({ id: 'Attention' });
