import { z } from 'zod';
import { time, workflowKind } from '../state.ts';
import { dagVersion } from './dag-run.ts';

const tag = z
  .object({ name: z.string(), dag_id: z.string(), dag_display_name: z.string() })
  .meta({ id: 'DagTagResponse' });

export const dag = z
  .object({
    dag_id: z.string(),
    dag_display_name: z.string(),
    /** Not Airflow's: flows are listed beside DAGs. */
    kind: workflowKind,
    is_paused: z.boolean(),
    is_stale: z.boolean(),
    last_parsed_time: time.nullable(),
    last_parse_duration: z.number().nullable(),
    last_expired: time.nullable(),
    bundle_name: z.string().nullable(),
    bundle_version: z.string().nullable(),
    relative_fileloc: z.string().nullable(),
    fileloc: z.string(),
    description: z.string().nullable(),
    timetable_summary: z.string().nullable(),
    timetable_description: z.string().nullable(),
    timetable_partitioned: z.boolean(),
    timetable_periodic: z.boolean(),
    tags: z.array(tag),
    max_active_tasks: z.int(),
    max_active_runs: z.int().nullable(),
    max_consecutive_failed_dag_runs: z.int(),
    has_task_concurrency_limits: z.boolean(),
    has_import_errors: z.boolean(),
    next_dagrun_logical_date: time.nullable(),
    next_dagrun_data_interval_start: time.nullable(),
    next_dagrun_data_interval_end: time.nullable(),
    next_dagrun_run_after: time.nullable(),
    allowed_run_types: z.array(z.string()).nullable(),
    owners: z.array(z.string()),
    is_backfillable: z.boolean(),
    file_token: z.string(),
  })
  .meta({ id: 'DAGResponse' });

export const dags = z.object({ dags: z.array(dag), total_entries: z.int() }).meta({ id: 'DAGCollectionResponse' });

const param = z.object({
  value: z.unknown(),
  description: z.string().nullable(),
  schema: z.record(z.string(), z.unknown()),
  source: z.string().nullable(),
});

export const dagDetails = dag
  .extend({
    catchup: z.boolean(),
    dag_run_timeout: z.string().nullable(),
    asset_expression: z.record(z.string(), z.unknown()).nullable(),
    doc_md: z.string().nullable(),
    start_date: time.nullable(),
    end_date: time.nullable(),
    is_paused_upon_creation: z.boolean().nullable(),
    params: z.record(z.string(), param).nullable(),
    render_template_as_native_obj: z.boolean(),
    template_search_path: z.array(z.string()).nullable(),
    timezone: z.string().nullable(),
    last_parsed: time.nullable(),
    default_args: z.record(z.string(), z.unknown()).nullable(),
    rerun_with_latest_version: z.boolean().nullable(),
    owner_links: z.record(z.string(), z.string()),
    is_favorite: z.boolean(),
    active_runs_count: z.int(),
    concurrency: z.int(),
    latest_dag_version: dagVersion.nullable(),
    /** Not Airflow's: the JSON Schema of all params together. */
    params_schema: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'DAGDetailsResponse' });

export const dagPatch = z.strictObject({ is_paused: z.boolean() }).meta({ id: 'DAGPatchBody' });
