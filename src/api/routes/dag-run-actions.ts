import { z } from 'zod';
import { affectedBy, clearAsked } from '../../engine/clear-request.ts';
import { WorkflowGraph } from '../../engine/graph.ts';
import { markRun } from '../../engine/marking.ts';
import { cancelRun, triggerOnce } from '../../engine/operations.ts';
import { resume } from '../../engine/resuming.ts';
import type { EngineTransaction } from '../../engine/transaction.ts';
import { instanceResponse, type TaskInstance } from '../../insight/airflow/instance-response.ts';
import { runResponse } from '../../insight/airflow/run-response.ts';
import { type FoundRun, type RunName, runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { MillraceError } from '../../model/errors.ts';
import type { RunRow } from '../../store/rows.ts';
import { ACTOR, act } from '../acting.ts';
import { bulkAnswer, bulkBody, doBulk } from '../bulk.ts';
import {
  dagRun,
  dagRunClear,
  dagRunPatch,
  dagRunsClear,
  dagRunUpdate,
  dagRuns as runsAnswer,
  triggerBody,
} from '../contract/airflow/dag-run.ts';
import { taskInstances } from '../contract/airflow/task-instance.ts';
import { AlreadyThere, Unfit } from '../problem.ts';
import { instantOf, listed, pageFields } from '../query.ts';
import { type Routes, USER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const ofDag = z.object({ dag_id: z.string() });
const ofRun = ofDag.extend({ dag_run_id: z.string() });
const masked = z.object({ update_mask: listed(z.string()).optional() });

const nameOf = ({ dag_id: dagId, dag_run_id: runId }: z.infer<typeof ofRun>): RunName => ({ dagId, runId });

/** What can be done with runs. */
export const dagRunActions: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();
  const respond = async (run: RunRow) => runResponse(run, await versions.get(store.queries, run.versionId));
  const now = async (run: RunRow) => respond((await store.queries.run(run.id)) ?? run);

  api.post(
    '/dags/:dag_id/dagRuns',
    { config: USER, schema: { params: ofDag, body: triggerBody, response: { 200: dagRun } } },
    async ({ params, body, caller }) => {
      await workflowNamed(parts, params.dag_id);
      if (body.partition_key) throw new MillraceError('invalid_argument', 'There are no partitioned runs');
      const logicalDate = body.logical_date === null ? null : instantOf(body.logical_date, 'logical_date');
      const request = {
        workflow: params.dag_id,
        conf: body.conf ?? {},
        logicalDate,
        interval: intervalOf(body),
        runAfter: body.run_after ? runAfterOf(body.run_after, parts.clock.now()) : undefined,
        runId: body.dag_run_id ?? undefined,
        note: body.note ?? undefined,
        triggeredBy: caller?.name ?? ACTOR,
      };
      try {
        return await respond(await act(parts, triggerOnce(parts.ids, request)));
      } catch (error) {
        throw MillraceError.is(error) && error.code === 'conflict' ? new AlreadyThere(error.message) : error;
      }
    },
  );

  const patch = async (
    run: RunRow,
    { state, note }: z.infer<typeof dagRunPatch>,
    mask: readonly string[] | undefined,
  ) => {
    const has = (field: string) => mask === undefined || mask.includes(field);
    if (note !== undefined && has('note')) await act(parts, ({ tx }) => tx.runs.setNote(run.id, note));
    if (!state || !has('state')) return;
    if (state === 'queued') await act(parts, (e) => queueAgain(e, run));
    else await act(parts, (e) => markRun(e, run, state));
  };
  api.patch(
    '/dags/:dag_id/dagRuns/:dag_run_id',
    { config: USER, schema: { params: ofRun, querystring: masked, body: dagRunPatch, response: { 200: dagRun } } },
    async ({ params, query, body }) => {
      const { run } = await runOf(parts, versions, nameOf(params));
      await patch(run, body, query.update_mask);
      return now(run);
    },
  );

  type Update = z.infer<typeof dagRunUpdate>;
  api.patch(
    '/dags/:dag_id/dagRuns',
    {
      config: USER,
      schema: { params: ofDag, body: bulkBody(dagRunUpdate, dagRunUpdate), response: { 200: bulkAnswer } },
    },
    async ({ params, body }) => {
      const workflow = await workflowNamed(parts, params.dag_id);
      const asked = body.actions.flatMap(({ entities }) =>
        entities.map((each) => (typeof each === 'string' ? each : String(each.dag_run_id))),
      );
      const rows = new Map<string, RunRow>();
      for (const runId of asked) {
        const row = await store.queries.runByRunId(workflow.id, runId);
        if (row) rows.set(runId, row);
      }
      return doBulk<Update, Update>(body, {
        noun: 'run',
        sees: 'as it was',
        keyOf: ({ dag_run_id: id }) => id,
        known: async () => new Set(rows.keys()),
        put: null,
        remove: null,
        update: ({ dag_run_id: id, ...change }, mask) => patch(rows.get(id)!, change, mask),
        told: (runId) => `${params.dag_id}.${runId}`,
      });
    },
  );

  /** What clearing a run would clear. Nothing is new in a run whose version stays. */
  const preview = async ({ run, version }: FoundRun, body: { only_failed: boolean; only_new: boolean }) => {
    if (body.only_new) return [];
    const graph = new WorkflowGraph(version.spec);
    const rows = affectedBy(graph, graph.declared(await store.queries.instances(run.id)), {
      onlyFailed: body.only_failed,
    });
    return rows.map((row): TaskInstance => instanceResponse(row, { run, version }));
  };
  const shown = (instances: readonly TaskInstance[]) => ({
    task_instances: [...instances],
    ...pageFields({ offset: 0, limit: instances.length }, instances.length),
  });

  const cleared = z.union([dagRun, taskInstances]);
  api.post(
    '/dags/:dag_id/dagRuns/:dag_run_id/clear',
    { config: USER, schema: { params: ofRun, body: dagRunClear, response: { 200: cleared } } },
    async ({ params, body }) => {
      const found = await runOf(parts, versions, nameOf(params));
      if (body.dry_run) return shown(await preview(found, body));
      if (!body.only_new) await act(parts, (e) => clearAsked(e, found.run.id, { onlyFailed: body.only_failed }));
      if (body.note) await act(parts, ({ tx }) => tx.runs.setNote(found.run.id, body.note ?? null));
      return now(found.run);
    },
  );

  const several = z.union([runsAnswer, taskInstances]);
  api.post(
    '/dags/:dag_id/clearDagRuns',
    { config: USER, schema: { params: ofDag, body: dagRunsClear, response: { 200: several } } },
    async ({ params, body }) => {
      const found: FoundRun[] = [];
      for (const { dag_run_id: runId, dag_id: dagId } of body.dag_runs) {
        found.push(await runOf(parts, versions, { dagId: dagId ?? params.dag_id, runId }));
      }
      if (body.dry_run) return shown((await Promise.all(found.map((each) => preview(each, body)))).flat());
      for (const { run } of body.only_new ? [] : found) {
        await act(parts, (e) => clearAsked(e, run.id, { onlyFailed: body.only_failed }));
      }
      const runs = await Promise.all(found.map(({ run }) => now(run)));
      return { dag_runs: runs, ...pageFields({ offset: 0, limit: runs.length }, runs.length) };
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

/** All of a run runs again; also of one that ended before it had any instances. */
async function queueAgain(e: EngineTransaction, run: RunRow): Promise<void> {
  const cleared = await clearAsked(e, run.id, {});
  const [locked] = cleared.length > 0 ? [] : await e.lockRuns([run.id]);
  if (locked) await e.requeueRun(locked);
}

function intervalOf({ data_interval_start: from, data_interval_end: to }: z.infer<typeof triggerBody>) {
  if (!from && !to) return undefined;
  if (!from || !to)
    throw new Unfit(['body'], 'Either both data_interval_start and data_interval_end must be given or both not');
  const interval = { start: instantOf(from, 'data_interval_start'), end: instantOf(to, 'data_interval_end') };
  if (interval.start > interval.end) throw new Unfit(['body'], 'data_interval_start is after data_interval_end');
  return interval;
}

function runAfterOf(text: string, now: number): number {
  const at = instantOf(text, 'run_after');
  if (at <= now) return at;
  throw new Unfit(['body', 'run_after'], 'A run cannot be kept for later: give it a schedule, or trigger it then');
}
