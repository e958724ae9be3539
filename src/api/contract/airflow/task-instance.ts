import { z } from 'zod';
import { taskState, time } from '../state.ts';
import { dagVersion, pageParts } from './dag-run.ts';

export const taskInstance = z
  .object({
    id: z.string(),
    task_id: z.string(),
    dag_id: z.string(),
    dag_run_id: z.string(),
    map_index: z.int(),
    logical_date: time.nullable(),
    run_after: time,
    start_date: time.nullable(),
    end_date: time.nullable(),
    duration: z.number().nullable(),
    state: taskState,
    try_number: z.int(),
    max_tries: z.int(),
    task_display_name: z.string(),
    dag_display_name: z.string(),
    hostname: z.string().nullable(),
    unixname: z.string().nullable(),
    pool: z.string(),
    pool_slots: z.int(),
    queue: z.string().nullable(),
    priority_weight: z.int().nullable(),
    operator: z.string().nullable(),
    operator_name: z.string().nullable(),
    queued_when: time.nullable(),
    scheduled_when: time.nullable(),
    pid: z.int().nullable(),
    executor: z.string().nullable(),
    executor_config: z.string(),
    note: z.string().nullable(),
    rendered_map_index: z.string().nullable(),
    rendered_fields: z.record(z.string(), z.unknown()),
    trigger: z.record(z.string(), z.unknown()).nullable(),
    triggerer_job: z.record(z.string(), z.unknown()).nullable(),
    dag_version: dagVersion.nullable(),
  })
  .meta({ id: 'TaskInstanceResponse' });

export const taskInstances = z
  .object({ task_instances: z.array(taskInstance), ...pageParts })
  .meta({ id: 'TaskInstanceCollectionResponse' });

/** An attempt, as it was; the last one as it is. */
export const taskTry = taskInstance
  .omit({
    id: true,
    logical_date: true,
    run_after: true,
    note: true,
    rendered_map_index: true,
    rendered_fields: true,
    trigger: true,
    triggerer_job: true,
  })
  .meta({ id: 'TaskInstanceHistoryResponse' });

export const taskTries = z
  .object({ task_instances: z.array(taskTry), total_entries: z.int() })
  .meta({ id: 'TaskInstanceHistoryCollectionResponse' });

export const dependencies = z
  .object({ dependencies: z.array(z.object({ name: z.string(), reason: z.string() })) })
  .meta({ id: 'TaskDependencyCollectionResponse' });

export const extraLinks = z
  .object({ extra_links: z.record(z.string(), z.string().nullable()), total_entries: z.int() })
  .meta({ id: 'ExtraLinkCollectionResponse' });

export const clearTaskInstancesBody = z
  .strictObject({
    dry_run: z.boolean().default(true),
    start_date: time.nullish(),
    end_date: time.nullish(),
    only_failed: z.boolean().default(true),
    only_running: z.boolean().default(false),
    reset_dag_runs: z.boolean().default(true),
    /** Names; or pairs of a name and a map index. */
    task_ids: z.array(z.union([z.string(), z.tuple([z.string(), z.int()])])).nullish(),
    dag_run_id: z.string().nullish(),
    include_upstream: z.boolean().default(false),
    include_downstream: z.boolean().default(false),
    include_future: z.boolean().default(false),
    include_past: z.boolean().default(false),
    run_on_latest_version: z.boolean().nullish(),
    prevent_running_task: z.boolean().default(false),
    note: z.string().nullish(),
  })
  .meta({ id: 'ClearTaskInstancesBody' });

export const patchTaskInstanceBody = z
  .strictObject({
    new_state: z.enum(['success', 'failed', 'skipped']).nullish(),
    note: z.string().max(1_000).nullish(),
    include_upstream: z.boolean().default(false),
    include_downstream: z.boolean().default(false),
    include_future: z.boolean().default(false),
    include_past: z.boolean().default(false),
  })
  .meta({ id: 'PatchTaskInstanceBody' });

export const taskInstanceUpdate = patchTaskInstanceBody
  .extend({
    task_id: z.string(),
    map_index: z.int().nullish(),
    dag_id: z.string().nullish(),
    dag_run_id: z.string().nullish(),
  })
  .meta({ id: 'BulkTaskInstanceBody' });
