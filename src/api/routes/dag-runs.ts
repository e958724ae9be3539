import { Readable } from 'node:stream';
import { z } from 'zod';
import { runResponse } from '../../insight/airflow/run-response.ts';
import { type FoundRun, runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { sleep } from '../../model/clock.ts';
import { isRunFinished } from '../../model/states.ts';
import type { RunRow } from '../../store/rows.ts';
import { dagRun, dagRuns as runsAnswer, waitAnswer } from '../contract/airflow/dag-run.ts';
import { listed, pageFields } from '../query.ts';
import { type ApiParts, type Routes, VIEWER } from '../route.ts';
import { runFilter, runListBody, runOrderOf, runsFilterOf, spanOf } from '../run-filter.ts';
import { shownValue } from '../shown-value.ts';

const ofDag = z.object({ dag_id: z.string() });
const ofRun = ofDag.extend({ dag_run_id: z.string() });

/** Runs: lists, and one. `~` stands for every DAG. */
export const dagRuns: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();
  const respond = async (run: RunRow) => runResponse(run, await versions.get(store.queries, run.versionId));
  const find = (params: z.infer<typeof ofRun>) =>
    runOf(parts, versions, { dagId: params.dag_id, runId: params.dag_run_id });

  api.get(
    '/dags/:dag_id/dagRuns',
    { config: VIEWER, schema: { params: ofDag, querystring: runFilter, response: { 200: runsAnswer } } },
    async ({ params, query }) => {
      const { runs, total } = await store.readings.runs(await runsFilterOf(parts, params.dag_id, query));
      return { dag_runs: await Promise.all(runs.map(respond)), ...pageFields(query, total) };
    },
  );

  const wild = z.object({ dag_id: z.literal('~') });
  api.post(
    '/dags/:dag_id/dagRuns/list',
    { config: VIEWER, schema: { params: wild, body: runListBody, response: { 200: runsAnswer } } },
    async ({ body }) => {
      const all = body.dag_ids ? await store.queries.workflows() : [];
      const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined;
      const bounds = (name: 'run_after' | 'logical_date' | 'start_date' | 'end_date') =>
        spanOf({ gte: given(body[`${name}_gte`]), lte: given(body[`${name}_lte`]) });
      const { runs, total } = await store.readings.runs({
        workflowIds: body.dag_ids
          ? all.filter(({ name }) => body.dag_ids?.includes(name)).map(({ id }) => id)
          : undefined,
        states: body.states?.flatMap((state) => (state === null ? [] : [state])),
        due: bounds('run_after'),
        logicalDate: bounds('logical_date'),
        started: bounds('start_date'),
        ended: bounds('end_date'),
        confHas: given(body.conf_contains),
        order: [runOrderOf(body.order_by ?? 'id')],
        limit: Math.min(body.page_limit, 100),
        offset: body.page_offset,
      });
      const page = { offset: body.page_offset, limit: body.page_limit };
      return { dag_runs: await Promise.all(runs.map(respond)), ...pageFields(page, total) };
    },
  );

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id',
    { config: VIEWER, schema: { params: ofRun, response: { 200: dagRun } } },
    async ({ params }) => respond((await find(params)).run),
  );

  const waiting = z.object({
    /** Seconds between two looks. */
    interval: z.coerce.number().positive().max(3600),
    /** Tasks whose outputs are told at the end. */
    result: listed(z.string()).optional(),
  });
  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/wait',
    { config: VIEWER, schema: { params: ofRun, querystring: waiting, response: { 200: waitAnswer } } },
    async ({ params, query }, reply) => {
      const found = await find(params);
      const lines = Readable.from(untilItEnds(parts, found, query));
      reply.raw.on('close', () => lines.destroy());
      return reply.type('application/x-ndjson').send(lines as never);
    },
  );
};

/** A line for each look, until the run has ended. */
async function* untilItEnds(
  { store, clock, ending }: Pick<ApiParts, 'store' | 'clock' | 'ending'>,
  { run, version }: FoundRun,
  { interval, result = [] }: { readonly interval: number; readonly result?: readonly string[] | undefined },
): AsyncGenerator<string> {
  while (!ending.aborted) {
    const { state } = (await store.queries.run(run.id)) ?? run;
    if (!isRunFinished(state)) {
      yield `${JSON.stringify({ state })}\n`;
      await sleep(clock, interval * 1000);
      continue;
    }
    const outputs = result.length > 0 ? await store.queries.outputs(run.id) : [];
    const results = result.map((id) => {
      const task = version.spec.tasks.findIndex((each) => each.id === id);
      const found = outputs.find((each) => each.task === task && each.index === -1);
      return [id, found ? shownValue(found.value) : null];
    });
    yield `${JSON.stringify({ state, ...(results.length > 0 ? { results: Object.fromEntries(results) } : {}) })}\n`;
    return;
  }
}
