import { z } from 'zod';
import { runState, time } from '../state.ts';
import { dagVersion } from './dag-run.ts';

const total_entries = z.int();

export const dagTags = z.object({ tags: z.array(z.string()), total_entries }).meta({ id: 'DagTagsResponse' });

export const dagStats = z
  .object({
    dags: z.array(
      z.object({
        dag_id: z.string(),
        dag_display_name: z.string(),
        stats: z.array(z.object({ state: runState, count: z.int() })),
      }),
    ),
    total_entries,
  })
  .meta({ id: 'DagStatsResponse' });

export const dagVersions = z
  .object({ dag_versions: z.array(dagVersion), total_entries })
  .meta({ id: 'DAGVersionCollectionResponse' });

export const dagSource = z
  .object({
    content: z.string().nullable(),
    dag_id: z.string(),
    version_number: z.int().nullable(),
    dag_display_name: z.string(),
  })
  .meta({ id: 'DAGSourceResponse' });

const timeDelta = z
  .object({ __type: z.literal('TimeDelta'), days: z.int(), seconds: z.int(), microseconds: z.int() })
  .meta({ id: 'TimeDelta' });

export const task = z
  .object({
    task_id: z.string(),
    task_display_name: z.string(),
    owner: z.string(),
    start_date: time.nullable(),
    end_date: time.nullable(),
    trigger_rule: z.string(),
    depends_on_past: z.boolean(),
    wait_for_downstream: z.boolean(),
    retries: z.number(),
    queue: z.string(),
    pool: z.string(),
    pool_slots: z.number(),
    execution_timeout: timeDelta.nullable(),
    /** The first one, where they differ. */
    retry_delay: timeDelta.nullable(),
    retry_exponential_backoff: z.number(),
    priority_weight: z.number(),
    weight_rule: z.string(),
    ui_color: z.string().nullable(),
    ui_fgcolor: z.string().nullable(),
    template_fields: z.array(z.string()).nullable(),
    downstream_task_ids: z.array(z.string()),
    doc_md: z.string().nullable(),
    operator_name: z.string().nullable(),
    params: z.record(z.string(), z.unknown()),
    class_ref: z.record(z.string(), z.unknown()).nullable(),
    is_mapped: z.boolean(),
    extra_links: z.array(z.string()),
  })
  .meta({ id: 'TaskResponse' });

export const tasks = z.object({ tasks: z.array(task), total_entries }).meta({ id: 'TaskCollectionResponse' });
