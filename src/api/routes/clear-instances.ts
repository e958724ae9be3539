import { z } from 'zod';
import { affectedBy, type ClearRequest, clearAsked } from '../../engine/clear-request.ts';
import { WorkflowGraph } from '../../engine/graph.ts';
import { instanceResponse, type TaskInstance } from '../../insight/airflow/instance-response.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { MillraceError } from '../../model/errors.ts';
import type { InstanceRow, RunRow } from '../../store/rows.ts';
import { act } from '../acting.ts';
import { clearTaskInstancesBody, taskInstances as instancesAnswer } from '../contract/airflow/task-instance.ts';
import { keptOfInstances, noteKey } from '../instances-of.ts';
import { Unfit } from '../problem.ts';
import { instantOf, pageFields } from '../query.ts';
import { type ApiParts, type Routes, USER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const ofDag = z.object({ dag_id: z.string() });

/** Clearing instances, so that they run again, over one run or several. */
export const clearInstances: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();

  /** The same instances once more; those that an expansion took away are gone. */
  const asTheyAre = async (runs: readonly RunRow[], keys: readonly InstanceRow[]) => {
    const wanted = new Set(keys.map(noteKey));
    const keptOf = await keptOfInstances(parts, runs);
    const shown: TaskInstance[] = [];
    for (const run of runs) {
      const version = await versions.get(store.queries, run.versionId);
      const rows = (await store.queries.instances(run.id)).filter((row) => wanted.has(noteKey(row)));
      shown.push(...rows.map((row) => instanceResponse(row, { run, version, ...keptOf(row) })));
    }
    return shown;
  };

  api.post(
    '/dags/:dag_id/clearTaskInstances',
    { config: USER, schema: { params: ofDag, body: clearTaskInstancesBody, response: { 200: instancesAnswer } } },
    async ({ params, body }) => {
      requireSense(body);
      const runs = await runsOf(parts, params.dag_id, body);
      const request = requestOf(body);
      const affected: TaskInstance[] = [];
      const names = await store.readings.instanceNames(runs.map(({ id }) => id));
      const keys: InstanceRow[] = [];
      for (const run of runs) {
        const version = await versions.get(store.queries, run.versionId);
        const graph = new WorkflowGraph(version.spec);
        const rows = affectedBy(graph, graph.declared(await store.queries.instances(run.id)), request);
        if (body.prevent_running_task && rows.some(({ state }) => state === 'running')) {
          throw new MillraceError('conflict', `instances of ${run.runId} are running`, {
            fix: 'Wait for them, cancel the run, or clear them too.',
          });
        }
        keys.push(...rows);
        affected.push(
          ...rows.map((row) => instanceResponse(row, { run, version, instanceName: names.get(noteKey(row)) })),
        );
      }
      const { note } = body;
      if (!body.dry_run) {
        for (const run of runs) await act(parts, (e) => clearAsked(e, run.id, request));
        if (note) {
          await act(parts, async ({ tx }) => {
            for (const key of keys) await tx.notes.put(key, note);
          });
        }
      }
      const shown = body.dry_run ? affected : await asTheyAre(runs, keys);
      return { task_instances: shown, ...pageFields({ offset: 0, limit: shown.length }, shown.length) };
    },
  );
};

/** Throws Unfit for what excludes each other. */
function requireSense(body: ClearBody): void {
  if (body.only_failed && body.only_running)
    throw new Unfit(['body'], 'only_failed and only_running exclude each other');
  if (body.dag_run_id && (body.start_date || body.end_date)) {
    throw new Unfit(['body'], 'Exactly one of dag_run_id or (start_date and end_date) must be provided');
  }
  const [from, to] = [body.start_date, body.end_date];
  if (from && to && instantOf(from, 'start_date') > instantOf(to, 'end_date')) {
    throw new Unfit(['body'], 'end_date is before start_date');
  }
}

type ClearBody = z.infer<typeof clearTaskInstancesBody>;

function requestOf({
  task_ids: ids,
  include_upstream: upstream,
  include_downstream: downstream,
  only_failed: onlyFailed,
  only_running: onlyRunning,
}: ClearBody): ClearRequest {
  const named = new Map<string, number[] | undefined>();
  for (const id of ids ?? []) {
    if (typeof id === 'string') named.set(id, undefined);
    else if (!named.has(id[0]) || named.get(id[0])) named.set(id[0], [...(named.get(id[0]) ?? []), id[1]]);
  }
  const tasks = ids ? [...named].map(([taskId, mapIndexes]) => ({ taskId, mapIndexes })) : undefined;
  return { tasks, upstream, downstream, onlyFailed, onlyRunning };
}

const MOST_RUNS = 1_000;

/** The run that is named, with those before or after it where that is wanted; without a name the runs between two dates. */
async function runsOf({ store }: Pick<ApiParts, 'store'>, dagId: string, body: ClearBody): Promise<readonly RunRow[]> {
  const workflow = await workflowNamed({ store }, dagId);
  const between = async (from: number | undefined, to: number | undefined) => {
    const { runs } = await store.readings.runs({
      workflowIds: [workflow.id],
      logicalDate: { from, to },
      order: [{ by: 'logical_date', descending: false }],
      limit: MOST_RUNS,
      offset: 0,
    });
    return runs.filter(({ logicalDate }) => logicalDate !== null);
  };
  if (!body.dag_run_id) {
    const from = body.start_date ? instantOf(body.start_date, 'start_date') : undefined;
    return between(from, body.end_date ? instantOf(body.end_date, 'end_date') + 1 : undefined);
  }
  const run = await store.queries.runByRunId(workflow.id, body.dag_run_id);
  if (!run) throw new MillraceError('not_found', `${dagId} has no run '${body.dag_run_id}'`);
  if (run.logicalDate === null) return [run];
  const before = body.include_past ? await between(undefined, run.logicalDate) : [];
  const after = body.include_future ? await between(run.logicalDate + 1, undefined) : [];
  return [...before, run, ...after];
}
