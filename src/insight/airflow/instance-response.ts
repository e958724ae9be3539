import type { z } from 'zod';
import type { taskInstance } from '../../api/contract/airflow/task-instance.ts';
import type { InstanceRow, RunRow, VersionRow } from '../../store/rows.ts';
import { iso, isoOrNull } from '../iso.ts';
import { shownState } from '../task-state.ts';
import { seconds } from '../usual.ts';
import { versionResponse } from './run-response.ts';

export type TaskInstance = z.infer<typeof taskInstance>;

interface Of {
  readonly run: RunRow;
  readonly version: VersionRow;
  /** Of a call of a flow, which is in no spec. */
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  /** What the task calls this mapped instance. */
  readonly instanceName?: string | undefined;
}

export function instanceResponse(row: InstanceRow, { run, version, name, note, instanceName }: Of): TaskInstance {
  const { spec } = version;
  const task = spec.tasks[row.task];
  const id = name ?? task?.id ?? `task ${row.task}`;
  return {
    id: instanceUuid(row),
    task_id: id,
    dag_id: spec.id,
    dag_run_id: run.runId,
    map_index: row.index,
    logical_date: isoOrNull(run.logicalDate),
    run_after: iso(run.runAfter),
    start_date: isoOrNull(row.startedAt),
    end_date: isoOrNull(row.endedAt),
    duration: row.startedAt === null || row.endedAt === null ? null : seconds(row.endedAt - row.startedAt),
    state: shownState(row.state, row.parked !== null),
    try_number: row.attempt,
    max_tries: row.maxAttempts - 1,
    task_display_name: id,
    dag_display_name: spec.id,
    hostname: row.worker,
    unixname: null,
    pool: row.pool,
    pool_slots: row.slots,
    queue: task?.queue ?? 'default',
    priority_weight: row.priority,
    operator: task?.kind ?? 'task',
    operator_name: task?.kind ?? 'task',
    queued_when: isoOrNull(row.queuedAt),
    scheduled_when: isoOrNull(row.queuedAt),
    pid: null,
    executor: null,
    executor_config: '{}',
    note: note ?? null,
    rendered_map_index: row.index >= 0 ? (instanceName ?? String(row.index)) : null,
    rendered_fields: {},
    trigger: null,
    triggerer_job: null,
    dag_version: versionResponse(version),
  };
}

const instanceUuid = ({ run, task, index }: InstanceRow) =>
  `${run.toString(16).padStart(8, '0')}-${task.toString(16).padStart(4, '0')}-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`;
