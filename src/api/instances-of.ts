import { instanceResponse, type TaskInstance } from '../insight/airflow/instance-response.ts';
import type { VersionCache } from '../insight/version-cache.ts';
import { MillraceError } from '../model/errors.ts';
import type { InstanceRow, RunRow } from '../store/rows.ts';
import type { ApiParts } from './route.ts';

/** Lists over many runs are put together from so many at most; whoever wants more names runs. */
const MOST_RUNS = 1_000;
const MOST_INSTANCES = 100_000;

/** Instances of runs as they are shown, with their notes; calls of a flow under their names. Throws `invalid_argument` for too many. */
export async function instancesOf(
  { store }: Pick<ApiParts, 'store'>,
  versions: VersionCache,
  runs: readonly RunRow[],
): Promise<TaskInstance[]> {
  const all: TaskInstance[] = [];
  const keptOf = await keptOfInstances({ store }, runs);
  for (const run of runs) {
    const version = await versions.get(store.queries, run.versionId);
    const names = version.spec.kind === 'flow' ? await store.readings.stepNames(run.id) : new Map<number, string>();
    for (const row of await store.queries.instances(run.id)) {
      all.push(instanceResponse(row, { run, version, name: names.get(row.task), ...keptOf(row) }));
    }
    if (all.length > MOST_INSTANCES) throw tooMany();
  }
  return all;
}

/** What is kept beside the instances of these runs: their notes and names. */
export async function keptOfInstances({ store }: Pick<ApiParts, 'store'>, runs: readonly Pick<RunRow, 'id'>[]) {
  const ids = runs.map(({ id }) => id);
  const [notes, names] = await Promise.all([store.readings.notes(ids), store.readings.instanceNames(ids)]);
  return (row: InstanceRow) => ({ note: notes.get(noteKey(row)), instanceName: names.get(noteKey(row)) });
}

export const noteKey = ({ run, task, index }: Pick<InstanceRow, 'run' | 'task' | 'index'>) => `${run}.${task}.${index}`;

interface RunsAsked {
  readonly workflowIds: readonly number[] | undefined;
  readonly begins?: string | undefined;
  readonly named?: string | undefined;
}

/** The runs that a list with `~` for the run is about. */
export async function runsAsked({ store }: Pick<ApiParts, 'store'>, asked: RunsAsked): Promise<readonly RunRow[]> {
  const order = [{ by: 'id', descending: false }] as const;
  const { runs, total } = await store.readings.runs({ ...asked, order, limit: MOST_RUNS, offset: 0 });
  if (total > runs.length) throw tooMany();
  return runs;
}

const tooMany = () =>
  new MillraceError('invalid_argument', `these are more than ${MOST_RUNS} runs or ${MOST_INSTANCES} instances`, {
    fix: 'Name a DAG and a run, or a part of the run’s id.',
  });
