import type { RunState, TaskState } from './states.ts';

/** Who moves an instance: the part of the engine, or a person. */
export type Actor = 'resolver' | 'dispatcher' | 'worker' | 'reaper' | 'timer' | 'operator';

/**
 * Every legal move of a task instance, as data. The stores guard their updates with the `from` states, the simulation
 * checks each recorded move against this table, and docs/STATE_MACHINES.md is drawn from it.
 */
export interface Transition<S extends string> {
  readonly event: string;
  readonly actor: Actor;
  readonly from: readonly S[];
  readonly to: S;
  readonly meaning: string;
}

const WAITING = ['none', 'queued', 'up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input'] as const;
const FINISHED = ['success', 'failed', 'skipped', 'upstream_failed', 'removed'] as const;

export const TASK_TRANSITIONS = [
  { event: 'ready', actor: 'resolver', from: ['none'], to: 'queued', meaning: 'its trigger rule holds' },
  {
    event: 'skip',
    actor: 'resolver',
    from: [...WAITING, 'upstream_failed'],
    to: 'skipped',
    meaning: 'its trigger rule, a branch or a short circuit skips it, or it is mapped over nothing',
  },
  {
    event: 'upstream_fail',
    actor: 'resolver',
    from: ['none'],
    to: 'upstream_failed',
    meaning: 'its trigger rule can no longer hold because of a failure',
  },
  {
    event: 'remove',
    actor: 'resolver',
    from: ['none'],
    to: 'removed',
    meaning: 'its map index, or its task, no longer exists',
  },
  {
    event: 'claim',
    actor: 'dispatcher',
    from: ['queued'],
    to: 'running',
    meaning: 'a worker has room and every limit has a slot',
  },
  { event: 'succeed', actor: 'worker', from: ['running'], to: 'success', meaning: 'the body returned' },
  {
    event: 'fail',
    actor: 'worker',
    from: ['running'],
    to: 'failed',
    meaning: 'the body threw, ran out of time or was killed, and no try is left',
  },
  { event: 'skip_itself', actor: 'worker', from: ['running'], to: 'skipped', meaning: 'the body asked to be skipped' },
  {
    event: 'retry',
    actor: 'worker',
    from: ['running'],
    to: 'up_for_retry',
    meaning: 'the body threw and a try is left',
  },
  {
    event: 'reschedule',
    actor: 'worker',
    from: ['running'],
    to: 'up_for_reschedule',
    meaning: 'a sensor asked to be called again later',
  },
  {
    event: 'defer',
    actor: 'worker',
    from: ['running'],
    to: 'deferred',
    meaning: 'the body waits for a trigger, without a worker',
  },
  {
    event: 'ask',
    actor: 'worker',
    from: ['running'],
    to: 'awaiting_input',
    meaning: 'the body waits for a person, without a worker',
  },
  {
    event: 'lose',
    actor: 'reaper',
    from: ['running', 'restarting'],
    to: 'queued',
    meaning: 'its worker died; it runs again without using up a retry',
  },
  { event: 'give_up', actor: 'reaper', from: ['running'], to: 'failed', meaning: 'its worker died too often' },
  { event: 'retry_due', actor: 'timer', from: ['up_for_retry'], to: 'queued', meaning: 'the retry delay is over' },
  {
    event: 'reschedule_due',
    actor: 'timer',
    from: ['up_for_reschedule'],
    to: 'queued',
    meaning: 'the time to be called again has come',
  },
  {
    event: 'wake',
    actor: 'timer',
    from: ['deferred', 'awaiting_input'],
    to: 'queued',
    meaning: 'the trigger fired, the person answered, or the wait is over',
  },
  {
    event: 'stop',
    actor: 'resolver',
    from: ['running', 'restarting'],
    to: 'skipped',
    meaning: 'the run failed fast or ran out of time',
  },
  {
    event: 'cancel',
    actor: 'operator',
    from: ['running', 'restarting', ...WAITING],
    to: 'failed',
    meaning: 'somebody cancelled it or its run',
  },
  { event: 'clear', actor: 'operator', from: [...FINISHED, ...WAITING], to: 'none', meaning: 'somebody cleared it' },
  {
    event: 'clear_running',
    actor: 'operator',
    from: ['running'],
    to: 'restarting',
    meaning: 'somebody cleared it while it ran',
  },
  {
    event: 'restarted',
    actor: 'worker',
    from: ['restarting'],
    to: 'none',
    meaning: 'the cleared attempt has stopped',
  },
  {
    event: 'mark_success',
    actor: 'operator',
    from: [...FINISHED, ...WAITING, 'running', 'restarting'],
    to: 'success',
    meaning: 'somebody marked it',
  },
  {
    event: 'mark_failed',
    actor: 'operator',
    from: [...FINISHED, ...WAITING, 'running', 'restarting'],
    to: 'failed',
    meaning: 'somebody marked it',
  },
  {
    event: 'mark_skipped',
    actor: 'operator',
    from: [...FINISHED, ...WAITING, 'running', 'restarting'],
    to: 'skipped',
    meaning: 'somebody marked it',
  },
] as const satisfies readonly Transition<TaskState>[];

export const RUN_TRANSITIONS = [
  {
    event: 'start',
    actor: 'resolver',
    from: ['queued'],
    to: 'running',
    meaning: 'the number of active runs allows it',
  },
  {
    event: 'succeed',
    actor: 'resolver',
    from: ['running'],
    to: 'success',
    meaning: 'every instance has finished and no decisive one failed',
  },
  {
    event: 'fail',
    actor: 'resolver',
    from: ['running'],
    to: 'failed',
    meaning:
      'every instance has finished and a decisive one failed, or nothing can move any more, or the run is out of time',
  },
  {
    event: 'cancel',
    actor: 'operator',
    from: ['queued', 'running'],
    to: 'cancelled',
    meaning: 'somebody cancelled it',
  },
  {
    event: 'clear',
    actor: 'operator',
    from: ['success', 'failed', 'cancelled'],
    to: 'queued',
    meaning: 'instances of it were cleared',
  },
  {
    event: 'mark_success',
    actor: 'operator',
    from: ['queued', 'running', 'failed', 'cancelled'],
    to: 'success',
    meaning: 'somebody marked it',
  },
  {
    event: 'mark_failed',
    actor: 'operator',
    from: ['queued', 'running', 'success', 'cancelled'],
    to: 'failed',
    meaning: 'somebody marked it',
  },
] as const satisfies readonly Transition<RunState>[];

const taskMoves = new Set<string>(TASK_TRANSITIONS.flatMap(({ from, to }) => from.map((state) => `${state}>${to}`)));
const runMoves = new Set<string>(RUN_TRANSITIONS.flatMap(({ from, to }) => from.map((state) => `${state}>${to}`)));

export function isLegalTaskMove(from: TaskState, to: TaskState): boolean {
  return taskMoves.has(`${from}>${to}`);
}

export function isLegalRunMove(from: RunState, to: RunState): boolean {
  return runMoves.has(`${from}>${to}`);
}
