import { z } from 'zod';
import { triesOf } from '../../insight/airflow/try-response.ts';
import { runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { why } from '../../insight/why.ts';
import { MillraceError } from '../../model/errors.ts';
import {
  dependencies,
  extraLinks,
  taskInstances as instancesAnswer,
  taskInstance,
  taskTries,
  taskTry,
} from '../contract/airflow/task-instance.ts';
import { filteredInstances, instanceFilter, instanceListBody, tasksInGroup } from '../instance-filter.ts';
import { instancesOf, runsAsked } from '../instances-of.ts';
import { pageOf } from '../list.ts';
import { NoGroup } from '../problem.ts';
import { offsetOf, pageFields } from '../query.ts';
import { type Routes, VIEWER } from '../route.ts';
import { workflowIdsOf } from '../run-filter.ts';

const ofDag = z.object({ dag_id: z.string() });
const ofRun = ofDag.extend({ dag_run_id: z.string() });
const ofInstance = ofRun.extend({ task_id: z.string() });
const ofMapped = ofInstance.extend({ map_index: z.coerce.number().int() });

/** Instances: lists, one, its attempts. `~` stands for every DAG, or every run. */
export const taskInstances: Routes = (api, parts) => {
  const versions = new VersionCache();
  const find = (params: z.infer<typeof ofRun>) =>
    runOf(parts, versions, { dagId: params.dag_id, runId: params.dag_run_id });

  const allOf = async (params: z.infer<typeof ofRun>, query: z.infer<typeof instanceFilter>) => {
    if (params.dag_run_id !== '~') return instancesOf(parts, versions, [(await find(params)).run]);
    const runs = await runsAsked(parts, {
      workflowIds: await workflowIdsOf(parts, params.dag_id, query.dag_id_pattern),
      begins: query.run_id_prefix_pattern,
    });
    return instancesOf(parts, versions, runs);
  };
  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances',
    { config: VIEWER, schema: { params: ofRun, querystring: instanceFilter, response: { 200: instancesAnswer } } },
    async ({ params, query }) => {
      let all = await allOf(params, query);
      if (query.task_group_id !== undefined && params.dag_run_id !== '~') {
        const inside = tasksInGroup((await find(params)).version.spec, query.task_group_id);
        if (!inside) throw new NoGroup(query.task_group_id);
        all = all.filter(({ task_id: id }) => inside.has(id));
      }
      const wanted = filteredInstances(all, query);
      const page = { limit: query.limit, offset: offsetOf(query) };
      return { task_instances: pageOf(wanted, page), ...pageFields(query, wanted.length) };
    },
  );

  const wild = z.object({ dag_id: z.literal('~'), dag_run_id: z.literal('~') });
  api.post(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/list',
    { config: VIEWER, schema: { params: wild, body: instanceListBody, response: { 200: instancesAnswer } } },
    async ({ body }) => {
      const { dag_ids: dagIds, dag_run_ids: runIds, task_ids: taskIds } = body;
      const known = dagIds ? await parts.store.queries.workflows() : [];
      const workflowIds = dagIds ? known.filter(({ name }) => dagIds.includes(name)).map(({ id }) => id) : undefined;
      const runs = (await runsAsked(parts, { workflowIds })).filter(({ runId }) => !runIds || runIds.includes(runId));
      const all = (await instancesOf(parts, versions, runs)).filter(
        ({ task_id: id }) => !taskIds || taskIds.includes(id),
      );
      const filter = {
        ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)),
        state: body.state?.map((state) => state ?? 'none'),
        order_by: body.order_by ? [body.order_by] : [],
        limit: Math.min(body.page_limit, 100),
        offset: body.page_offset,
      };
      const wanted = filteredInstances(all, filter);
      return { task_instances: pageOf(wanted, filter), ...pageFields(filter, wanted.length) };
    },
  );

  const one = async (params: z.infer<typeof ofInstance>, index: number) => {
    const { run } = await find(params);
    const instance = (await instancesOf(parts, versions, [run])).find(
      ({ task_id: id, map_index: at }) => id === params.task_id && at === index,
    );
    if (instance) return instance;
    throw noInstance(params);
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

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id/listMapped',
    { config: VIEWER, schema: { params: ofInstance, querystring: instanceFilter, response: { 200: instancesAnswer } } },
    async ({ params, query }) => {
      const { run, version } = await find(params);
      const task = version.spec.tasks.find(({ id }) => id === params.task_id);
      const all = (await instancesOf(parts, versions, [run])).filter(({ task_id: id }) => id === params.task_id);
      const isMapped = task ? task.mapping !== null || task.group !== null : false;
      if (!isMapped || (task?.mapping === null && all.every(({ map_index: at }) => at < 0))) throw noInstance(params);
      const order_by = query.order_by.length > 0 ? query.order_by : ['map_index'];
      const wanted = filteredInstances(all, { ...query, order_by });
      return { task_instances: pageOf(wanted, query), ...pageFields(query, wanted.length) };
    },
  );

  const tries = async (params: z.infer<typeof ofInstance>, index: number) => {
    const now = await one(params, index);
    return triesOf(parts, await find(params), now);
  };
  const allTries = async (params: z.infer<typeof ofInstance>, index: number) => {
    const found = await tries(params, index);
    return { task_instances: found, total_entries: found.length };
  };
  const oneTry = async (params: z.infer<typeof ofInstance> & { readonly try_number: number }, index: number) => {
    const found = (await tries(params, index)).findLast(({ try_number: n }) => n === params.try_number);
    if (found) return found;
    throw noInstance(params);
  };
  const numbered = { try_number: z.coerce.number().int() };
  const byQuery = z.object({ map_index: z.coerce.number().int().default(-1) });
  const path = '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id';
  api.get(
    `${path}/tries`,
    { config: VIEWER, schema: { params: ofInstance, querystring: byQuery, response: { 200: taskTries } } },
    ({ params, query }) => allTries(params, query.map_index),
  );
  api.get(
    `${path}/:map_index/tries`,
    { config: VIEWER, schema: { params: ofMapped, response: { 200: taskTries } } },
    ({ params }) => allTries(params, params.map_index),
  );
  api.get(
    `${path}/tries/:try_number`,
    {
      config: VIEWER,
      schema: { params: ofInstance.extend(numbered), querystring: byQuery, response: { 200: taskTry } },
    },
    ({ params, query }) => oneTry(params, query.map_index),
  );
  api.get(
    `${path}/:map_index/tries/:try_number`,
    { config: VIEWER, schema: { params: ofMapped.extend(numbered), response: { 200: taskTry } } },
    ({ params }) => oneTry(params, params.map_index),
  );

  const waitsFor = async (params: z.infer<typeof ofInstance>, index: number) => {
    await one(params, index);
    const { dag_id: dagId, dag_run_id: runId, task_id: taskId } = params;
    const { waiting } = await why(parts, versions, { dagId, runId, taskId, mapIndex: index });
    const reasons = waiting.flatMap((each) => each.reasons).filter(({ kind }) => kind !== 'finished');
    return { dependencies: reasons.map(({ kind, fact }) => ({ name: kind, reason: fact })) };
  };
  api.get(
    `${path}/dependencies`,
    { config: VIEWER, schema: { params: ofInstance, response: { 200: dependencies } } },
    ({ params }) => waitsFor(params, -1),
  );
  api.get(
    `${path}/:map_index/dependencies`,
    { config: VIEWER, schema: { params: ofMapped, response: { 200: dependencies } } },
    ({ params }) => waitsFor(params, params.map_index),
  );
  api.get(
    `${path}/links`,
    { config: VIEWER, schema: { params: ofInstance, querystring: byQuery, response: { 200: extraLinks } } },
    async ({ params, query }) => {
      await one(params, query.map_index);
      return { extra_links: {}, total_entries: 0 };
    },
  );
};

export const noInstance = ({ dag_id: dag, dag_run_id: run, task_id: task }: z.infer<typeof ofInstance>) =>
  new MillraceError(
    'not_found',
    `The Task Instance with dag_id: \`${dag}\`, run_id: \`${run}\` and task_id: \`${task}\` was not found`,
  );
