import { z } from 'zod';
import { affectedBy } from '../../engine/clear-request.ts';
import { selection } from '../../engine/clearing.ts';
import { WorkflowGraph } from '../../engine/graph.ts';
import { markInstances } from '../../engine/marking.ts';
import { instanceResponse, type TaskInstance } from '../../insight/airflow/instance-response.ts';
import { type FoundRun, runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { MillraceError } from '../../model/errors.ts';
import { isFinished } from '../../model/states.ts';
import type { InstanceRow } from '../../store/rows.ts';
import { act } from '../acting.ts';
import { bulkAnswer, bulkBody, doBulk } from '../bulk.ts';
import {
  taskInstances as instancesAnswer,
  patchTaskInstanceBody,
  taskInstanceUpdate,
} from '../contract/airflow/task-instance.ts';
import { tasksInGroup } from '../instance-filter.ts';
import { keptOfInstances, noteKey } from '../instances-of.ts';
import { listed, pageFields } from '../query.ts';
import { type ApiParts, type Routes, USER } from '../route.ts';
import { noInstance } from './task-instances.ts';

const ofRun = z.object({ dag_id: z.string(), dag_run_id: z.string() });
const ofInstance = ofRun.extend({ task_id: z.string() });
const ofMapped = ofInstance.extend({ map_index: z.coerce.number().int() });
const ofGroup = ofRun.extend({ task_group_id: z.string() });
const masked = z.object({
  update_mask: listed(z.string()).optional(),
  map_index: z.coerce.number().int().optional(),
});

type Patch = z.infer<typeof patchTaskInstanceBody>;

interface Meant {
  /** Tasks of the run's version. */
  readonly tasks: ReadonlySet<string>;
  /** Undefined: all. */
  readonly index?: number | undefined;
}

/** Giving instances a state or a note, one or a group of them, in one run or in those before and after too. */
export const marking: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();
  const find = (params: z.infer<typeof ofRun>) =>
    runOf(parts, versions, { dagId: params.dag_id, runId: params.dag_run_id });

  const shownOf = async (found: FoundRun, rows: readonly InstanceRow[]): Promise<TaskInstance[]> => {
    const now = new Map((await store.queries.instances(found.run.id)).map((row) => [noteKey(row), row]));
    const keptOf = await keptOfInstances(parts, [found.run]);
    return rows.map((row) => instanceResponse(now.get(noteKey(row)) ?? row, { ...found, ...keptOf(row) }));
  };

  /** The run, and those before or after it by their dates where that is wanted. */
  const runsAround = async (found: FoundRun, body: Patch): Promise<readonly FoundRun[]> => {
    const { run, workflow } = found;
    if (run.logicalDate === null || (!body.include_past && !body.include_future)) return [found];
    const { runs } = await store.readings.runs({
      workflowIds: [workflow.id],
      logicalDate: {
        from: body.include_past ? undefined : run.logicalDate,
        to: body.include_future ? undefined : run.logicalDate + 1,
      },
      order: [{ by: 'logical_date', descending: false }],
      limit: MOST_RUNS,
      offset: 0,
    });
    const dated = runs.filter(({ logicalDate }) => logicalDate !== null);
    return Promise.all(
      dated.map(async (each) => ({ workflow, run: each, version: await versions.get(store.queries, each.versionId) })),
    );
  };

  const mark = async (found: FoundRun, { tasks, index }: Meant, body: Patch, how: 'preview' | 'act') => {
    const graph = new WorkflowGraph(found.version.spec);
    const isNamed = (row: InstanceRow) =>
      tasks.has(graph.task(row.task).id) && (index === undefined || row.index === index);
    const named = async (run: FoundRun) => graph.declared(await store.queries.instances(run.run.id)).filter(isNamed);
    const inRun = await named(found);
    if (inRun.length === 0) {
      throw noInstance({ dag_id: found.workflow.name, dag_run_id: found.run.runId, task_id: [...tasks].join(', ') });
    }
    const { new_state: to, note } = body;
    const shown: TaskInstance[] = [];
    let changed = 0;
    for (const run of await runsAround(found, body)) {
      let rows: readonly InstanceRow[] = to ? [] : await named(run);
      if (to && how === 'preview') rows = await previewMark(parts, run, { isNamed, to, body });
      else if (to) {
        const request = { to, select: isNamed, upstream: body.include_upstream, downstream: body.include_downstream };
        rows = await act(parts, (e) => markInstances(e, run.run, request));
      }
      changed += rows.length;
      if (note !== undefined && how === 'act') {
        const noted = rows.length > 0 ? rows : await named(run);
        await act(parts, async ({ tx }) => {
          for (const row of noted) await tx.notes.put(row, note);
        });
        rows = noted;
      }
      shown.push(...(await shownOf(run, rows)));
    }
    if (to && changed === 0 && how === 'act') {
      throw new MillraceError('conflict', `Task id ${[...tasks].join(', ')} is already in ${to} state`);
    }
    return { task_instances: shown, ...pageFields({ offset: 0, limit: shown.length }, shown.length) };
  };

  const ofTask = async (
    params: z.infer<typeof ofInstance>,
    index: number | undefined,
    { body, query, how }: { body: Patch; query: z.infer<typeof masked>; how: 'preview' | 'act' },
  ) => mark(await find(params), { tasks: new Set([params.task_id]), index }, maskedBody(body, query.update_mask), how);

  const schema = { querystring: masked, body: patchTaskInstanceBody, response: { 200: instancesAnswer } };
  const path = '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id';
  for (const [end, how] of [
    ['', 'act'],
    ['/dry_run', 'preview'],
  ] as const) {
    api.patch(`${path}${end}`, { config: USER, schema: { params: ofInstance, ...schema } }, ({ params, body, query }) =>
      ofTask(params, query.map_index, { body, query, how }),
    );
    api.patch(
      `${path}/:map_index${end}`,
      { config: USER, schema: { params: ofMapped, ...schema } },
      ({ params, body, query }) => ofTask(params, params.map_index, { body, query, how }),
    );
    api.patch(
      `/dags/:dag_id/dagRuns/:dag_run_id/taskGroupInstances/:task_group_id${end}`,
      { config: USER, schema: { params: ofGroup, ...schema } },
      async ({ params, body, query }) => {
        const found = await find(params);
        const tasks = tasksInGroup(found.version.spec, params.task_group_id);
        if (!tasks) throw new MillraceError('not_found', `Task group ${params.task_group_id} not found`);
        return mark(found, { tasks }, maskedBody(body, query.update_mask), how);
      },
    );
  }

  type Update = z.infer<typeof taskInstanceUpdate>;
  const keyOf = ({ task_id: id, map_index: at }: { task_id: string; map_index?: number | null | undefined }) =>
    `${id}[${at ?? -1}]`;
  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances',
    {
      config: USER,
      schema: { params: ofRun, body: bulkBody(taskInstanceUpdate, taskInstanceUpdate), response: { 200: bulkAnswer } },
    },
    async ({ params, body }) => {
      const found = await find(params);
      const graph = new WorkflowGraph(found.version.spec);
      return doBulk<Update, Update>(body, {
        noun: 'task instance',
        sees: 'as it is',
        keyOf,
        known: async () => {
          const rows = graph.declared(await store.queries.instances(found.run.id));
          return new Set(rows.map((row) => keyOf({ task_id: graph.task(row.task).id, map_index: row.index })));
        },
        put: null,
        remove: null,
        update: async ({ task_id: id, map_index: index, dag_id: _d, dag_run_id: _r, ...change }, mask) => {
          await mark(found, { tasks: new Set([id]), index: index ?? -1 }, maskedBody(change, mask), 'act');
        },
        told: (key) => `${params.dag_id}.${params.dag_run_id}.${key}`,
      });
    },
  );
};

const MOST_RUNS = 1_000;

/** What of a body counts, where a mask says which fields do. */
function maskedBody(body: Patch, mask: readonly string[] | undefined): Patch {
  if (mask === undefined) return body;
  const { new_state, note, ...rest } = body;
  return {
    ...rest,
    ...(mask.includes('new_state') ? { new_state } : {}),
    ...(mask.includes('note') ? { note } : {}),
  };
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
