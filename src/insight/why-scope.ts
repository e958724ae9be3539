import type { TaskStateRow } from '../store/readings.ts';
import type { InstanceRow, LimitRow, PoolRow } from '../store/rows.ts';
import type { FoundRun } from './run-of.ts';
import type { Sources } from './sources.ts';
import { type Reason, type Remedy, remedyOf } from './why-reason.ts';

/** A run with what is known of it, read once for all of its instances. */
export interface RunScope {
  readonly sources: Sources;
  readonly found: FoundRun;
  readonly states: ReadonlyMap<number, readonly TaskStateRow[]>;
  /** When retries and the like are due, by `task.index`. */
  readonly timers: ReadonlyMap<string, number>;
  /** Names of a flow's calls, by task number; of a DAG none. */
  readonly calls: ReadonlyMap<number, string>;
  /** Asked once, and where something waits for a limit at all. */
  readonly limits: () => Promise<readonly LimitRow[]>;
  readonly pools: () => Promise<readonly PoolRow[]>;
  /** What takes slots of a pool now, the widest first. */
  readonly holders: (pool: string) => Promise<readonly Holder[]>;
}

export type Holder = Reason['holders'][number];

/** Holders of a pool that are looked at. */
const LOOKED_AT = 1_000;

export async function scopeOf(sources: Sources, found: FoundRun): Promise<RunScope> {
  const { readings } = sources.store;
  const { run, workflow } = found;
  const [states, timers, calls] = await Promise.all([
    readings.taskStates([run.id]),
    readings.timersOf(run.id),
    workflow.kind === 'flow' ? readings.stepNames(run.id) : new Map<number, string>(),
  ]);
  return {
    sources,
    found,
    states: Map.groupBy(states, ({ task }) => task),
    timers,
    calls,
    limits: once(() => readings.limits()),
    pools: once(() => readings.pools()),
    holders: once((pool: string) => holdersOf(sources, pool)),
  };
}

/** The answer to each question is kept. */
function once<K extends readonly [] | readonly [string], V>(ask: (...of: K) => Promise<V>): (...of: K) => Promise<V> {
  const known = new Map<string | undefined, Promise<V>>();
  return (...of) => {
    const answer = known.get(of[0]) ?? ask(...of);
    known.set(of[0], answer);
    return answer;
  };
}

async function holdersOf({ store: { readings, queries } }: Sources, pool: string): Promise<readonly Holder[]> {
  const held = await readings.poolHolders(pool, LOOKED_AT);
  const runs = new Map((await readings.runsOf([...new Set(held.map(({ run }) => run))])).map((run) => [run.id, run]));
  const ids = [...new Set([...runs.values()].map(({ versionId }) => versionId))];
  const versions = new Map(await Promise.all(ids.map(async (id) => [id, await queries.version(id)] as const)));
  return held.map(({ run, task, slots }) => {
    const row = runs.get(run);
    const spec = row && versions.get(row.versionId)?.spec;
    return {
      dag_id: spec?.id ?? '',
      dag_run_id: row?.runId ?? null,
      task_id: spec?.tasks[task]?.id ?? null,
      slots,
    };
  });
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
