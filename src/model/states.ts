/**
 * States of a task instance, under Airflow's names. `none` is what Airflow shows as no status: not looked at yet, or
 * waiting for what is upstream. A queued instance that a limit holds back is parked and shown as `scheduled`.
 */
export const TASK_STATES = [
  'none',
  'queued',
  'running',
  'restarting',
  'up_for_retry',
  'up_for_reschedule',
  'deferred',
  'awaiting_input',
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'removed',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const FINISHED_TASK_STATES = ['success', 'failed', 'skipped', 'upstream_failed', 'removed'] as const;
export type FinishedTaskState = (typeof FINISHED_TASK_STATES)[number];

/** Neither waiting for upstream nor finished: something will move it on by itself. */
export const ACTIVE_TASK_STATES = [
  'queued',
  'running',
  'restarting',
  'up_for_retry',
  'up_for_reschedule',
  'deferred',
  'awaiting_input',
] as const;
export type ActiveTaskState = (typeof ACTIVE_TASK_STATES)[number];

const finished: ReadonlySet<string> = new Set(FINISHED_TASK_STATES);
const active: ReadonlySet<string> = new Set(ACTIVE_TASK_STATES);

export function isFinished(state: TaskState): state is FinishedTaskState {
  return finished.has(state);
}

export function isActive(state: TaskState): state is ActiveTaskState {
  return active.has(state);
}

/** States of a run. `cancelled` is Prefect's; Airflow would say failed. */
export const RUN_STATES = ['queued', 'running', 'success', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

export function isRunFinished(state: RunState): state is 'success' | 'failed' | 'cancelled' {
  return state === 'success' || state === 'failed' || state === 'cancelled';
}

export const RUN_TYPES = ['scheduled', 'manual', 'backfill', 'asset_triggered', 'asset_materialization'] as const;
export type RunType = (typeof RUN_TYPES)[number];

/** How an attempt ended. */
export const ATTEMPT_OUTCOMES = [
  'success',
  'failed',
  'skipped',
  'rescheduled',
  'deferred',
  'cancelled',
  'lost',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Why an attempt ended as it did, where its outcome alone does not say it. */
export const ATTEMPT_REASONS = [
  'error',
  'timeout',
  'sensor_timeout',
  'no_retry',
  'killed',
  'out_of_memory',
  'worker_exited',
  'server_lost',
  'start_failed',
  'cancelled',
  'run_timeout',
  'fail_fast',
  'run_ended',
  'marked',
] as const;
export type AttemptReason = (typeof ATTEMPT_REASONS)[number];
