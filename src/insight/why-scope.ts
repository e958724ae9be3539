import type { TaskStateRow } from '../store/readings.ts';
import type { InstanceRow } from '../store/rows.ts';
import type { FoundRun } from './run-of.ts';
import type { Sources } from './sources.ts';
import { type Remedy, remedyOf } from './why-reason.ts';

/** A run with what is known of it, read once for all of its instances. */
export interface RunScope {
  readonly sources: Sources;
  readonly found: FoundRun;
  readonly states: ReadonlyMap<number, readonly TaskStateRow[]>;
  /** When retries and the like are due, by `task.index`. */
  readonly timers: ReadonlyMap<string, number>;
  /** Names of a flow's calls, by task number; of a DAG none. */
  readonly calls: ReadonlyMap<number, string>;
}

export async function scopeOf(sources: Sources, found: FoundRun): Promise<RunScope> {
  const { readings } = sources.store;
  const { run, workflow } = found;
  const [states, timers, calls] = await Promise.all([
    readings.taskStates([run.id]),
    readings.timersOf(run.id),
    workflow.kind === 'flow' ? readings.stepNames(run.id) : new Map<number, string>(),
  ]);
  return { sources, found, states: Map.groupBy(states, ({ task }) => task), timers, calls };
}

type Place = Pick<InstanceRow, 'task' | 'index'>;

/** A task's id, or the name of a flow's call. */
export function nameOf({ found, calls }: Pick<RunScope, 'found' | 'calls'>, task: number): string | null {
  return found.version.spec.tasks[task]?.id ?? calls.get(task) ?? null;
}

/** An instance as remedies name it. */
export function placeOf(scope: RunScope, { task, index }: Place) {
  const { workflow, run } = scope.found;
  return { dag_id: workflow.name, dag_run_id: run.runId, task_id: nameOf(scope, task), map_index: index };
}

export function runCommand({ found: { workflow, run } }: Pick<RunScope, 'found'>, verb: string, rest = ''): string {
  return `npx millrace runs ${verb} ${workflow.name} ${run.runId}${rest}`;
}

export function clearRemedy(scope: RunScope, { task, index }: Place): Remedy {
  const element = index >= 0 ? ` --map-index ${index}` : '';
  return remedyOf('clear', 'Clear it', {
    ...placeOf(scope, { task, index }),
    command: runCommand(scope, 'clear', ` --task ${nameOf(scope, task)}${element}`),
  });
}
