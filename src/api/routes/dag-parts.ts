import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { versionResponse } from '../../insight/airflow/run-response.ts';
import { type TaskAnswer, taskResponses } from '../../insight/airflow/task-response.ts';
import { MillraceError } from '../../model/errors.ts';
import type { VersionRow } from '../../store/rows.ts';
import { accepts } from '../accepts.ts';
import {
  dagSource,
  dagStats,
  dagTags,
  dagVersions,
  task,
  tasks as tasksAnswer,
} from '../contract/airflow/dag-parts.ts';
import { dagVersion } from '../contract/airflow/dag-run.ts';
import { likes, type Orders, ordered, pageOf } from '../list.ts';
import { limit, listed, offset } from '../query.ts';
import { type Routes, VIEWER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const ofDag = z.object({ dag_id: z.string() });
const page = { limit: limit(), offset };

const VERSION_ORDERS: Orders<VersionRow> = {
  id: ({ id }) => id,
  version_number: ({ number }) => number,
  bundle_name: () => '',
  bundle_version: ({ bundleHash }) => bundleHash,
};

/** What DAGs are made of: tags, counts of runs, versions, tasks, source. */
export const dagParts: Routes = (api, parts) => {
  const { store } = parts;

  const tagQuery = z.object({
    ...page,
    order_by: listed(z.string()).default(['name']),
    tag_name_pattern: z.string().optional(),
  });
  api.get(
    '/dagTags',
    { config: VIEWER, schema: { querystring: tagQuery, response: { 200: dagTags } } },
    async ({ query }) => {
      const known = await store.queries.workflows({ present: true });
      const names = [...new Set(known.flatMap(({ spec }) => spec.tags))];
      const wanted = names.filter((name) => likes(name, query.tag_name_pattern));
      const orders: Orders<string> = { name: (name) => name };
      return { tags: pageOf(ordered(wanted, query.order_by, orders), query), total_entries: wanted.length };
    },
  );

  const statQuery = z.object({ dag_ids: listed(z.string()).optional() });
  api.get(
    '/dagStats',
    { config: VIEWER, schema: { querystring: statQuery, response: { 200: dagStats } } },
    async ({ query }) => {
      const known = await store.queries.workflows();
      const asked = known.filter(({ name }) => query.dag_ids === undefined || query.dag_ids.includes(name));
      const counts = await store.readings.runsByState(asked.map(({ id }) => id));
      // Airflow leaves out those that never ran.
      const shown = asked.filter(({ id }) => counts.some(({ workflowId }) => workflowId === id));
      const dags = shown.map(({ id, name }) => ({
        dag_id: name,
        dag_display_name: name,
        stats: (['queued', 'running', 'success', 'failed'] as const).map((state) => ({
          state,
          count: counts.find((each) => each.workflowId === id && each.state === state)?.runs ?? 0,
        })),
      }));
      return { dags, total_entries: dags.length };
    },
  );

  const versionQuery = z.object({
    ...page,
    version_number: z.coerce.number().int().optional(),
    order_by: listed(z.string()).default(['id']),
  });
  api.get(
    '/dags/:dag_id/dagVersions',
    { config: VIEWER, schema: { params: ofDag, querystring: versionQuery, response: { 200: dagVersions } } },
    async ({ params, query }) => {
      const workflows =
        params.dag_id === '~' ? await store.queries.workflows() : [await workflowNamed(parts, params.dag_id)];
      const rows = await store.readings.versionsOf(workflows.map(({ id }) => id));
      const wanted = rows.filter(({ number }) => query.version_number === undefined || number === query.version_number);
      const shown = pageOf(ordered(wanted, query.order_by, VERSION_ORDERS), query);
      return { dag_versions: shown.map(versionResponse), total_entries: wanted.length };
    },
  );

  const versionOf = async (dagId: string, number: number | undefined): Promise<VersionRow> => {
    const workflow = await workflowNamed(parts, dagId);
    const rows = await store.readings.versionsOf([workflow.id]);
    const found = rows.findLast((row) => number === undefined || row.number === number);
    if (found) return found;
    throw new MillraceError(
      'not_found',
      `The DagVersion with dag_id: \`${dagId}\` and version: \`${number}\` was not found`,
    );
  };
  const oneVersion = ofDag.extend({ version_number: z.coerce.number().int() });
  api.get(
    '/dags/:dag_id/dagVersions/:version_number',
    { config: VIEWER, schema: { params: oneVersion, response: { 200: dagVersion } } },
    async ({ params }) => versionResponse(await versionOf(params.dag_id, params.version_number)),
  );

  const taskQuery = z.object({ order_by: listed(z.string()).default(['task_id']) });
  api.get(
    '/dags/:dag_id/tasks',
    { config: VIEWER, schema: { params: ofDag, querystring: taskQuery, response: { 200: tasksAnswer } } },
    async ({ params, query }) => {
      const all = taskResponses((await workflowNamed(parts, params.dag_id)).spec);
      const sorted = ordered(all, query.order_by, TASK_ORDERS);
      return { tasks: sorted, total_entries: sorted.length };
    },
  );

  const oneTask = ofDag.extend({ task_id: z.string() });
  api.get(
    '/dags/:dag_id/tasks/:task_id',
    { config: VIEWER, schema: { params: oneTask, response: { 200: task } } },
    async ({ params }) => {
      const all = taskResponses((await workflowNamed(parts, params.dag_id)).spec);
      const found = all.find(({ task_id: id }) => id === params.task_id);
      if (found) return found;
      throw new MillraceError('not_found', `Task with id \`${params.task_id}\` was not found`);
    },
  );

  const sourceQuery = z.object({ version_number: z.coerce.number().int().optional() });
  api.get(
    '/dagSources/:dag_id',
    { config: VIEWER, schema: { params: ofDag, querystring: sourceQuery, response: { 200: dagSource } } },
    async (request) => {
      accepts(request, ['application/json']);
      const { dag_id: dagId } = request.params;
      const workflow = await workflowNamed(parts, dagId);
      const { number } = await versionOf(dagId, request.query.version_number);
      // Of older versions there is the bundle, not what it was built from.
      const isLatest = number === workflow.versionNumber;
      const content = isLatest ? await readFile(workflow.file, 'utf8').catch(() => null) : null;
      return { content, dag_id: dagId, version_number: number, dag_display_name: dagId };
    },
  );
};

const TASK_ORDERS: Orders<TaskAnswer> = {
  task_id: (each) => each.task_id,
  task_display_name: (each) => each.task_display_name,
  owner: (each) => each.owner,
  start_date: (each) => each.start_date,
  end_date: (each) => each.end_date,
  retries: (each) => each.retries,
  queue: (each) => each.queue,
  pool: (each) => each.pool,
  pool_slots: (each) => each.pool_slots,
  trigger_rule: (each) => each.trigger_rule,
  depends_on_past: (each) => each.depends_on_past,
  wait_for_downstream: (each) => each.wait_for_downstream,
  priority_weight: (each) => each.priority_weight,
  weight_rule: (each) => each.weight_rule,
  is_mapped: (each) => each.is_mapped,
};
