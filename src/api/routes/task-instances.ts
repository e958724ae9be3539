import { z } from 'zod';
import { affectedBy, type ClearRequest, clearAsked } from '../../engine/clear-request.ts';
import { selection } from '../../engine/clearing.ts';
import { WorkflowGraph } from '../../engine/graph.ts';
import { markInstances } from '../../engine/marking.ts';
import { instanceResponse, type TaskInstance } from '../../insight/airflow/instance-response.ts';
import { type FoundRun, runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { MillraceError } from '../../model/errors.ts';
import { isFinished } from '../../model/states.ts';
import type { InstanceRow, RunRow } from '../../store/rows.ts';
import { act } from '../acting.ts';
import {
  clearTaskInstancesBody,
  taskInstances as instancesAnswer,
  patchTaskInstanceBody,
  taskInstance,
} from '../contract/airflow/task-instance.ts';
import { instantOf, limit, listed, offset } from '../query.ts';
import { type ApiParts, type Routes, USER, VIEWER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const ofDag = z.object({ dag_id: z.string() });
const ofRun = ofDag.extend({ dag_run_id: z.string() });
const ofInstance = ofRun.extend({ task_id: z.string() });
const ofMapped = ofInstance.extend({ map_index: z.coerce.number().int() });

const filter = z.object({
  limit: limit(),
  offset,
  state: listed(z.string()).optional(),
  task_id: z.string().optional(),
});

/** Instances of a run: lists, and what can be done with them. */
export const taskInstances: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();
  const find = (params: z.infer<typeof ofRun>) =>
    runOf(parts, versions, { dagId: params.dag_id, runId: params.dag_run_id });

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances',
    { config: VIEWER, schema: { params: ofRun, querystring: filter, response: { 200: instancesAnswer } } },
    async ({ params, query }) => {
      const found = await find(params);
      const all = await responses(parts, found);
      const wanted = all.filter(
        ({ state, task_id: id }) =>
          (query.state === undefined || query.state.includes(state ?? 'none')) &&
          (query.task_id === undefined || id === query.task_id),
      );
      return { task_instances: wanted.slice(query.offset, query.offset + query.limit), total_entries: wanted.length };
    },
  );

  const one = async (params: z.infer<typeof ofInstance>, index: number) => {
    const found = await find(params);
    const instance = (await responses(parts, found)).find(
      ({ task_id: id, map_index: at }) => id === params.task_id && at === index,
    );
    if (instance) return instance;
    throw new MillraceError(
      'not_found',
      `The Task Instance with dag_id: \`${params.dag_id}\`, run_id: \`${params.dag_run_id}\` and task_id: \`${params.task_id}\` was not found`,
    );
  };
  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id',
    { config: VIEWER, schema: { params: ofInstance, response: { 200: taskInstance } } },
    ({ params }) => one(params, -1),
  );
  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id/:map_index',
    { config: VIEWER, schema: { params: ofMapped, response: { 200: taskInstance } } },
    ({ params }) => one(params, params.map_index),
  );

  api.post(
    '/dags/:dag_id/clearTaskInstances',
    { config: USER, schema: { params: ofDag, body: clearTaskInstancesBody, response: { 200: instancesAnswer } } },
    async ({ params, body }) => {
      const runs = await runsOf(parts, params.dag_id, body);
      const request = requestOf(body);
      const affected: TaskInstance[] = [];
      for (const run of runs) {
        const version = await versions.get(store.queries, run.versionId);
        const graph = new WorkflowGraph(version.spec);
        const rows = affectedBy(graph, graph.declared(await store.queries.instances(run.id)), request);
        if (body.prevent_running_task && rows.some(({ state }) => state === 'running')) {
          throw new MillraceError('conflict', `instances of ${run.runId} are running`, {
            fix: 'Wait for them, cancel the run, or clear them too.',
          });
        }
        affected.push(...rows.map((row) => instanceResponse(row, { run, version })));
      }
      if (!body.dry_run) for (const run of runs) await act(parts, (e) => clearAsked(e, run.id, request));
      return { task_instances: affected, total_entries: affected.length };
    },
  );

  type Patch = z.infer<typeof patchTaskInstanceBody>;
  const mark = async (
    params: z.infer<typeof ofInstance>,
    index: number | undefined,
    body: Patch,
    how: 'preview' | 'act',
  ) => {
    const found = await find(params);
    const task = found.version.spec.tasks.findIndex(({ id }) => id === params.task_id);
    if (task < 0) throw new MillraceError('not_found', `${params.dag_id} has no task '${params.task_id}'`);
    const isNamed = (row: InstanceRow) => row.task === task && (index === undefined || row.index === index);
    const to = body.new_state;
    if (!to) throw new MillraceError('invalid_argument', 'new_state says which state to give');
    const rows =
      how === 'preview'
        ? await previewMark(parts, found, { isNamed, to, body })
        : await act(parts, (e) =>
            markInstances(e, found.run, {
              to,
              select: isNamed,
              upstream: body.include_upstream,
              downstream: body.include_downstream,
            }),
          );
    const now = new Map((await store.queries.instances(found.run.id)).map((row) => [`${row.task}.${row.index}`, row]));
    const shown = rows.map((row) => instanceResponse(now.get(`${row.task}.${row.index}`) ?? row, found));
    return { task_instances: shown, total_entries: shown.length };
  };
  const marking = { body: patchTaskInstanceBody, response: { 200: instancesAnswer } };
  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id',
    { config: USER, schema: { params: ofInstance, ...marking } },
    ({ params, body }) => mark(params, undefined, body, 'act'),
  );
  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id/dry_run',
    { config: USER, schema: { params: ofInstance, ...marking } },
    ({ params, body }) => mark(params, undefined, body, 'preview'),
  );
  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id/:map_index',
    { config: USER, schema: { params: ofMapped, ...marking } },
    ({ params, body }) => mark(params, params.map_index, body, 'act'),
  );
  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id/:map_index/dry_run',
    { config: USER, schema: { params: ofMapped, ...marking } },
    ({ params, body }) => mark(params, params.map_index, body, 'preview'),
  );
};

/** All instances of a run; calls of a flow under their names. */
async function responses(
  { store }: Pick<ApiParts, 'store'>,
  { run, version, workflow }: FoundRun,
): Promise<TaskInstance[]> {
  const [rows, names] = await Promise.all([
    store.queries.instances(run.id),
    workflow.kind === 'flow' ? store.readings.stepNames(run.id) : new Map<number, string>(),
  ]);
  return rows.map((row) => instanceResponse(row, { run, version, name: names.get(row.task) }));
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

interface MarkAsked {
  readonly isNamed: (row: InstanceRow) => boolean;
  readonly to: 'success' | 'failed' | 'skipped';
  readonly body: z.infer<typeof patchTaskInstanceBody>;
}

/** What marking would change: nothing is done. */
async function previewMark(
  { store }: Pick<ApiParts, 'store'>,
  { run, version }: FoundRun,
  { isNamed, to, body }: MarkAsked,
): Promise<InstanceRow[]> {
  const graph = new WorkflowGraph(version.spec);
  const rows = graph.declared(await store.queries.instances(run.id));
  const keys = new Set(rows.filter(isNamed).map(({ task, index }) => `${task}.${index}`));
  const request = { upstream: body.include_upstream };
  const named = rows.filter(isNamed);
  const above = request.upstream
    ? affectedBy(graph, rows, {
        tasks: [...new Set(named.map(({ task }) => graph.task(task).id))].map((taskId) => ({ taskId })),
        upstream: true,
      })
    : [];
  const below = body.include_downstream
    ? selection(graph, rows, { select: (row) => keys.has(`${row.task}.${row.index}`), scope: 'with downstream' })
    : [];
  const all = new Set([...named, ...above, ...below]);
  return rows.filter((row) => all.has(row) && (row.state !== to || !isFinished(row.state)));
}
