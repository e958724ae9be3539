import { z } from 'zod';
import { affectedBy, clearAsked } from '../../engine/clear-request.ts';
import { WorkflowGraph } from '../../engine/graph.ts';
import { markRun } from '../../engine/marking.ts';
import { cancelRun, triggerOnce } from '../../engine/operations.ts';
import { resume } from '../../engine/resuming.ts';
import { instanceResponse } from '../../insight/airflow/instance-response.ts';
import { runResponse } from '../../insight/airflow/run-response.ts';
import { type RunName, runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { MillraceError } from '../../model/errors.ts';
import { RUN_ORDERS, type RunOrder } from '../../store/readings.ts';
import type { RunRow } from '../../store/rows.ts';
import { ACTOR, act } from '../acting.ts';
import { dagRun, dagRunClear, dagRunPatch, dagRuns as runsAnswer, triggerBody } from '../contract/airflow/dag-run.ts';
import { taskInstances } from '../contract/airflow/task-instance.ts';
import { runState, runType } from '../contract/state.ts';
import { instant, instantOf, limit, listed, offset } from '../query.ts';
import { type Routes, USER, VIEWER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const filter = z.object({
  limit: limit(),
  offset,
  state: listed(runState).optional(),
  run_type: listed(runType).optional(),
  run_after_gte: instant.optional(),
  run_after_lte: instant.optional(),
  run_after_lt: instant.optional(),
  logical_date_gte: instant.optional(),
  logical_date_lte: instant.optional(),
  start_date_gte: instant.optional(),
  start_date_lte: instant.optional(),
  end_date_gte: instant.optional(),
  end_date_lte: instant.optional(),
  run_id_pattern: z.string().optional(),
  order_by: listed(z.string()).default(['id']),
});

const ofDag = z.object({ dag_id: z.string() });
const ofRun = ofDag.extend({ dag_run_id: z.string() });

const nameOf = ({ dag_id: dagId, dag_run_id: runId }: z.infer<typeof ofRun>): RunName => ({ dagId, runId });

/** Runs: lists, and what can be done with one. `~` stands for every DAG. */
export const dagRuns: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();
  const respond = async (run: RunRow) => runResponse(run, await versions.get(store.queries, run.versionId));
  const now = async (run: RunRow) => respond((await store.queries.run(run.id)) ?? run);

  api.get(
    '/dags/:dag_id/dagRuns',
    { config: VIEWER, schema: { params: ofDag, querystring: filter, response: { 200: runsAnswer } } },
    async ({ params, query }) => {
      const workflowIds = params.dag_id === '~' ? undefined : [(await workflowNamed(parts, params.dag_id)).id];
      const { runs, total } = await store.readings.runs({
        workflowIds,
        states: query.state,
        types: query.run_type,
        due: span(query.run_after_gte, query.run_after_lte, query.run_after_lt),
        logicalDate: span(query.logical_date_gte, query.logical_date_lte),
        started: span(query.start_date_gte, query.start_date_lte),
        ended: span(query.end_date_gte, query.end_date_lte),
        named: query.run_id_pattern?.replaceAll('%', ''),
        order: query.order_by.map(orderOf),
        limit: query.limit,
        offset: query.offset,
      });
      return { dag_runs: await Promise.all(runs.map(respond)), total_entries: total };
    },
  );

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id',
    { config: VIEWER, schema: { params: ofRun, response: { 200: dagRun } } },
    async ({ params }) => respond((await runOf(parts, versions, nameOf(params))).run),
  );

  api.post(
    '/dags/:dag_id/dagRuns',
    { config: USER, schema: { params: ofDag, body: triggerBody, response: { 200: dagRun } } },
    async ({ params, body }) => {
      await workflowNamed(parts, params.dag_id);
      const logicalDate = body.logical_date === null ? null : instantOf(body.logical_date, 'logical_date');
      const request = {
        workflow: params.dag_id,
        conf: body.conf ?? {},
        logicalDate,
        runId: body.dag_run_id ?? undefined,
        note: body.note ?? undefined,
        triggeredBy: ACTOR,
      };
      return respond(await act(parts, triggerOnce(parts.ids, request)));
    },
  );

  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id',
    { config: USER, schema: { params: ofRun, body: dagRunPatch, response: { 200: dagRun } } },
    async ({ params, body }) => {
      const { run } = await runOf(parts, versions, nameOf(params));
      const { state } = body;
      if (state === 'queued') await act(parts, (e) => clearAsked(e, run.id, {}));
      else if (state) await act(parts, (e) => markRun(e, run, state));
      return now(run);
    },
  );

  const cleared = z.union([dagRun, taskInstances]);
  api.post(
    '/dags/:dag_id/dagRuns/:dag_run_id/clear',
    { config: USER, schema: { params: ofRun, body: dagRunClear, response: { 200: cleared } } },
    async ({ params, body }) => {
      const { run, version } = await runOf(parts, versions, nameOf(params));
      const request = { onlyFailed: body.only_failed };
      if (body.dry_run) {
        const graph = new WorkflowGraph(version.spec);
        const rows = affectedBy(graph, graph.declared(await store.queries.instances(run.id)), request);
        return {
          task_instances: rows.map((row) => instanceResponse(row, { run, version })),
          total_entries: rows.length,
        };
      }
      await act(parts, (e) => clearAsked(e, run.id, request));
      return now(run);
    },
  );

  api.post(
    '/dags/:dag_id/dagRuns/:dag_run_id/cancel',
    { config: USER, schema: { params: ofRun, response: { 200: dagRun } } },
    async ({ params }) => {
      const { run } = await runOf(parts, versions, nameOf(params));
      const changed = await act(parts, (e) => cancelRun(e, run));
      if (!changed) throw new MillraceError('conflict', `run ${run.runId} has ended already`);
      return now(run);
    },
  );

  api.post(
    '/dags/:dag_id/dagRuns/:dag_run_id/resume',
    { config: USER, schema: { params: ofRun, response: { 200: dagRun } } },
    async ({ params }) => {
      const { run } = await runOf(parts, versions, nameOf(params));
      await act(parts, (e) => resume(e, run));
      return now(run);
    },
  );
};

const span = (from: number | undefined, last: number | undefined, to?: number | undefined) =>
  from === undefined && last === undefined && to === undefined
    ? undefined
    : { from, to: to ?? (last === undefined ? undefined : last + 1) };

/** Airflow's names of columns that ours have another name for. */
const COLUMNS: Readonly<Record<string, RunOrder>> = {
  dag_run_id: 'run_id',
  start_date: 'started_at',
  end_date: 'ended_at',
};

function orderOf(text: string): { readonly by: RunOrder; readonly descending: boolean } {
  const name = text.replace(/^-/, '');
  const by = COLUMNS[name] ?? RUN_ORDERS.find((order) => order === name);
  if (by) return { by, descending: text.startsWith('-') };
  throw new MillraceError('invalid_argument', `Ordering with '${name}' is disallowed or the attribute does not exist`);
}
