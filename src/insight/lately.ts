import type { ListedWorkflow, RunRow, VersionRow } from '../store/rows.ts';
import { rememberedOf } from './remembered.ts';
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

/** Of so many workflows it is remembered how long their tasks take: it is asked with every look at one of their runs. */
const REMEMBERED = 100;

const memoryOf = rememberedOf(() => new Map<number, { readonly key: string; readonly tasks: Lately['tasks'] }>());

export async function lately(
  { store }: Pick<Sources, 'store'>,
  versions: VersionCache,
  { id, kind }: Pick<ListedWorkflow, 'id' | 'kind'>,
): Promise<Lately> {
  const latest = await store.readings.recentRuns({ workflowIds: [id], limit: RUNS_LOOKED_AT });
  const run = usualOfRuns(latest);
  if (kind === 'flow') return { run, tasks: new Map() };
  const newestFirst = latest.filter(({ state }) => state === 'success').slice(0, SUCCESSES);
  const ids = newestFirst.map((each) => each.id);
  const lastEvents = await store.readings.lastEvents(ids);
  // The same runs, and nothing has happened in them since.
  const key = ids.map((run) => `${run} ${lastEvents.get(run)}`).join(',');
  const memory = memoryOf(store.readings);
  const remembered = memory.get(id);
  if (remembered?.key === key) return { run, tasks: remembered.tasks };
  const tasks = await usualOfTasks({ store }, versions, newestFirst);
  if (memory.size >= REMEMBERED) memory.delete(memory.keys().next().value!);
  memory.set(id, { key, tasks });
  return { run, tasks };
}

async function usualOfTasks(
  { store }: Pick<Sources, 'store'>,
  versions: VersionCache,
  newestFirst: readonly RunRow[],
): Promise<Lately['tasks']> {
  const versionOf = new Map<number, VersionRow>();
  for (const version of new Set(newestFirst.map(({ versionId }) => versionId)))
    versionOf.set(version, await versions.get(store.queries, version));
  const durations = await store.readings.taskDurations(newestFirst.map((each) => each.id));
  const runOf = new Map(newestFirst.map((each, place) => [each.id, { versionId: each.versionId, place }]));
  const byTask = Map.groupBy(
    durations,
    (each) => versionOf.get(runOf.get(each.run)!.versionId)?.spec.tasks[each.task]?.id ?? '',
  );
  return new Map(
    [...byTask].map(([task, list]) => [
      task,
      usualOf(list.sort((a, b) => runOf.get(a.run)!.place - runOf.get(b.run)!.place).map(({ ms }) => ms)),
    ]),
  );
}
