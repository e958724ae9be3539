import type { Context } from './context.ts';
import { macros } from './macros.ts';

/**
 * What Airflow's templates know of an attempt, under Airflow's names, so that text with templates can be rendered. As
 * there, what a run does not have is not there, rather than null: without a logical date it has no `ds`. What Airflow
 * has removed (`execution_date`, `prev_ds`, …) is not there either.
 */
export function templateVariables(context: Context): Readonly<Record<string, unknown>> {
  const { run, task, attempt, params, taskInstanceKey, previousSuccess } = context;
  const { dataInterval } = run;
  return {
    ...(run.logicalDate === null ? {} : dated(context)),
    ...(dataInterval ? { data_interval_start: dataInterval.start, data_interval_end: dataInterval.end } : {}),
    prev_start_date_success: previousSuccess?.startedAt ?? null,
    prev_end_date_success: previousSuccess?.endedAt ?? null,
    run_id: run.id,
    dag_run: {
      run_id: run.id,
      run_type: run.type,
      logical_date: run.logicalDate,
      data_interval_start: dataInterval?.start ?? null,
      data_interval_end: dataInterval?.end ?? null,
      run_after: run.runAfter,
      start_date: run.startedAt,
      conf: run.conf,
    },
    dag: { dag_id: run.workflow },
    task: { task_id: task.id, retries: task.retries },
    ti: { task_id: task.id, try_number: attempt, map_index: context.map.index },
    task_instance_key_str: taskInstanceKey,
    params,
    macros: { ds_add: macros.dsAdd, ds_format: macros.dsFormat },
    // No run is of a partition, or triggered by assets, yet.
    partition_key: null,
    partition_date: null,
    triggering_asset_events: {},
  };
}

function dated({ logicalDate, ds, dsNodash, ts, tsNodash, tsNodashWithTz, previousSuccess }: Context) {
  return {
    logical_date: logicalDate,
    ds,
    ds_nodash: dsNodash,
    ts,
    ts_nodash: tsNodash,
    ts_nodash_with_tz: tsNodashWithTz,
    prev_data_interval_start_success: previousSuccess?.dataInterval?.start ?? null,
    prev_data_interval_end_success: previousSuccess?.dataInterval?.end ?? null,
  };
}
