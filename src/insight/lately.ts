import type { ListedWorkflow, VersionRow } from '../store/rows.ts';
import type { Sources } from './sources.ts';
import { RUNS_LOOKED_AT, type Usual, usualOf, usualOfRuns } from './usual.ts';
import type { VersionCache } from './version-cache.ts';

/** How long a workflow usually takes. */
export interface Lately {
  readonly run: Usual;
  /** By the tasks' ids; of a flow none. */
  readonly tasks: ReadonlyMap<string, Usual>;
}

const SUCCESSES = 20;

export async function lately(
  { store }: Pick<Sources, 'store'>,
  versions: VersionCache,
  { id, kind }: Pick<ListedWorkflow, 'id' | 'kind'>,
): Promise<Lately> {
  const latest = await store.readings.recentRuns({ workflowIds: [id], limit: RUNS_LOOKED_AT });
  const run = usualOfRuns(latest);
  if (kind === 'flow') return { run, tasks: new Map() };
  const newestFirst = latest.filter(({ state }) => state === 'success').slice(0, SUCCESSES);
  const versionOf = new Map<number, VersionRow>();
  for (const version of new Set(newestFirst.map(({ versionId }) => versionId)))
    versionOf.set(version, await versions.get(store.queries, version));
  const durations = await store.readings.taskDurations(newestFirst.map((each) => each.id));
  const runOf = new Map(newestFirst.map((each, place) => [each.id, { versionId: each.versionId, place }]));
  const byTask = Map.groupBy(
    durations,
    (each) => versionOf.get(runOf.get(each.run)!.versionId)?.spec.tasks[each.task]?.id ?? '',
  );
  return {
    run,
    tasks: new Map(
      [...byTask].map(([task, list]) => [
        task,
        usualOf(list.sort((a, b) => runOf.get(a.run)!.place - runOf.get(b.run)!.place).map(({ ms }) => ms)),
      ]),
    ),
  };
}
