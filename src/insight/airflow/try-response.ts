import type { z } from 'zod';
import type { taskTry } from '../../api/contract/airflow/task-instance.ts';
import { isFinished } from '../../model/states.ts';
import type { AttemptRow } from '../../store/rows.ts';
import { iso } from '../iso.ts';
import type { FoundRun } from '../run-of.ts';
import type { Sources } from '../sources.ts';
import { seconds } from '../usual.ts';
import type { TaskInstance } from './instance-response.ts';

export type TaskTry = z.infer<typeof taskTry>;

/** The attempts of an instance, the first one first, and last how it is now. */
export async function triesOf(
  { store }: Pick<Sources, 'store'>,
  { run, version }: FoundRun,
  now: TaskInstance,
): Promise<TaskTry[]> {
  const task = version.spec.tasks.findIndex(({ id }) => id === now.task_id);
  const indexes = now.map_index < 0 ? {} : { indexes: [now.map_index] };
  const all = task < 0 ? [] : await store.readings.attemptsOf({ run: run.id, task, ...indexes });
  const attempts = all.filter(({ index }) => index === now.map_index).sort((a, b) => a.attempt - b.attempt);
  const isDone = now.state !== null && isFinished(now.state as Parameters<typeof isFinished>[0]);
  const before = isDone ? attempts.filter(({ attempt }) => attempt < now.try_number) : attempts;
  const retries = version.spec.tasks[task]?.retries ?? now.max_tries;
  return [...before.map((attempt) => tryOf(now, attempt, retries)), now];
}

function tryOf(now: TaskInstance, attempt: AttemptRow, maxTries: number): TaskTry {
  return {
    ...now,
    state: attempt.outcome === 'success' || attempt.outcome === 'skipped' ? attempt.outcome : 'failed',
    try_number: attempt.attempt,
    max_tries: maxTries,
    start_date: iso(attempt.startedAt),
    end_date: iso(attempt.endedAt),
    duration: seconds(attempt.endedAt - attempt.startedAt),
    hostname: attempt.worker,
  };
}
