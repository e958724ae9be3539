import { z } from 'zod';
import { iso, isoOrNull } from '../../insight/iso.ts';
import { logLines } from '../../insight/log-lines.ts';
import { runOf } from '../../insight/run-of.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { MillraceError } from '../../model/errors.ts';
import type { OutputRow, RunRow } from '../../store/rows.ts';
import { accepts } from '../accepts.ts';
import { taskLog, xcomEntries, type xcomEntry, xcomValue } from '../contract/airflow/task-output.ts';
import { runsAsked } from '../instances-of.ts';
import { likes, type Orders, ordered, pageOf, pythonJson } from '../list.ts';
import { cursor, limit, listed, offset, offsetOf } from '../query.ts';
import { type Routes, VIEWER } from '../route.ts';
import { shownValue } from '../shown-value.ts';
import { noInstance } from './task-instances.ts';

const ofInstance = z.object({ dag_id: z.string(), dag_run_id: z.string(), task_id: z.string() });

type Entry = z.infer<typeof xcomEntry>;
type Found = Entry & { readonly output: OutputRow };

const ORDERS: Orders<Found> = {
  key: ({ key }) => key,
  dag_id: (each) => each.dag_id,
  run_id: (each) => each.run_id,
  task_id: (each) => each.task_id,
  map_index: (each) => each.map_index,
  timestamp: (each) => each.timestamp,
  run_after: (each) => each.run_after,
  logical_date: (each) => each.logical_date,
};

const xcomQuery = z.object({
  limit: limit(),
  offset,
  order_by: listed(z.string()).default(['dag_id', 'task_id', 'run_id', 'map_index', 'key']),
  xcom_key: z.string().optional(),
  xcom_key_pattern: z.string().optional(),
  dag_id_pattern: z.string().optional(),
  run_id_pattern: z.string().optional(),
  task_id_pattern: z.string().optional(),
  map_index: z.coerce.number().int().optional(),
});

/** Lines in one answer. */
const MOST_LINES = 5_000;

/** What instances gave and wrote: outputs (Airflow's XCom entries) and logs. Outputs are facts: they can be read only. */
export const taskOutputs: Routes = (api, parts) => {
  const { store } = parts;
  const versions = new VersionCache();

  const outputsOf = async (runs: readonly RunRow[]): Promise<Found[]> => {
    const all: Found[] = [];
    for (const run of runs) {
      const { spec } = await versions.get(store.queries, run.versionId);
      const names = spec.kind === 'flow' ? await store.readings.stepNames(run.id) : new Map<number, string>();
      for (const output of await store.queries.outputs(run.id)) {
        const id = names.get(output.task) ?? spec.tasks[output.task]?.id ?? `task ${output.task}`;
        all.push({
          key: output.key,
          timestamp: iso(run.endedAt ?? run.startedAt ?? run.queuedAt),
          logical_date: isoOrNull(run.logicalDate),
          map_index: output.index,
          task_id: id,
          dag_id: spec.id,
          run_id: run.runId,
          dag_display_name: spec.id,
          task_display_name: id,
          run_after: iso(run.runAfter),
          output,
        });
      }
    }
    return all;
  };

  const path = '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id';
  api.get(
    `${path}/xcomEntries`,
    { config: VIEWER, schema: { params: ofInstance, querystring: xcomQuery, response: { 200: xcomEntries } } },
    async ({ params, query }) => {
      const known = await store.queries.workflows();
      const ids = known
        .filter(({ name }) => (params.dag_id === '~' ? likes(name, query.dag_id_pattern) : name === params.dag_id))
        .map(({ id }) => id);
      const asked = params.dag_run_id === '~' ? query.run_id_pattern?.replaceAll('%', '') : params.dag_run_id;
      const runs = (await runsAsked(parts, { workflowIds: ids, named: asked })).filter(
        ({ runId }) => params.dag_run_id === '~' || runId === params.dag_run_id,
      );
      const wanted = (await outputsOf(runs)).filter(
        (each) =>
          (params.task_id === '~' || each.task_id === params.task_id) &&
          (query.xcom_key === undefined || each.key === query.xcom_key) &&
          likes(each.key, query.xcom_key_pattern) &&
          likes(each.task_id, query.task_id_pattern) &&
          (query.map_index === undefined || each.map_index === query.map_index),
      );
      const shown = pageOf(ordered(wanted, query.order_by, ORDERS), query);
      return { xcom_entries: shown.map(({ output: _, ...entry }) => entry), total_entries: wanted.length };
    },
  );

  const valueQuery = z.object({
    map_index: z.coerce.number().int().default(-1),
    stringify: z.stringbool().default(false),
    deserialize: z.stringbool().optional(),
  });
  api.get(
    `${path}/xcomEntries/:xcom_key`,
    {
      config: VIEWER,
      schema: {
        params: ofInstance.extend({ xcom_key: z.string() }),
        querystring: valueQuery,
        response: { 200: xcomValue },
      },
    },
    async ({ params, query }) => {
      const { run } = await runOf(parts, versions, { dagId: params.dag_id, runId: params.dag_run_id });
      const found = (await outputsOf([run])).find(
        (each) => each.task_id === params.task_id && each.map_index === query.map_index && each.key === params.xcom_key,
      );
      if (!found) throw new MillraceError('not_found', `XCom entry with key: \`${params.xcom_key}\` not found`);
      const { output, ...entry } = found;
      const value = shownValue(output.value);
      return { ...entry, value: query.stringify ? pythonJson(value) : value };
    },
  );

  const logQuery = z.object({
    map_index: z.coerce.number().int().default(-1),
    full_content: z.stringbool().default(false),
    token: cursor,
  });
  /** An attempt that runs and has not said anything yet. */
  const isUnderWay = async (of: z.infer<typeof ofTry>, index: number) => {
    const { run, version } = await runOf(parts, versions, { dagId: of.dag_id, runId: of.dag_run_id });
    const task = version.spec.tasks.findIndex(({ id }) => id === of.task_id);
    const rows = task < 0 ? [] : await store.queries.instances(run.id);
    const row = rows.find((each) => each.task === task && each.index === index);
    return row?.attempt === of.try_number && row.state === 'running';
  };

  const ofTry = ofInstance.extend({ try_number: z.coerce.number().int() });
  api.get(
    `${path}/logs/:try_number`,
    { config: VIEWER, schema: { params: ofTry, querystring: logQuery, response: { 200: taskLog } } },
    async (request, reply) => {
      const type = accepts(request, ['application/json', 'application/x-ndjson']);
      const { params, query } = request;
      const from = offsetOf({ offset: 0, cursor: query.token });
      const answer = await logLines(parts, versions, {
        dagId: params.dag_id,
        runId: params.dag_run_id,
        taskId: params.task_id,
        mapIndex: query.map_index,
        attempt: params.try_number,
        from: from + 1,
        limit: MOST_LINES,
      });
      const wasTried = answer.attempts.some((each) => each.try_number === params.try_number);
      if (!wasTried && !(await isUnderWay(params, query.map_index))) throw noInstance(params);
      const content = answer.lines.map(({ at, text, level, source }) => ({
        timestamp: at,
        event: text,
        level,
        logger: source,
      }));
      const last = answer.lines.at(-1)?.n;
      if (type === 'application/x-ndjson') {
        const text = content.map((line) => `${JSON.stringify(line)}\n`).join('');
        return reply
          .type(type)
          .serializer((whole: unknown) => String(whole))
          .send(text as never);
      }
      const isCut = last !== undefined && answer.lines.length === MOST_LINES;
      return {
        content,
        continuation_token: isCut ? Buffer.from(`after:${last}`).toString('base64url') : null,
      };
    },
  );

  api.get(
    `${path}/externalLogUrl/:try_number`,
    // Asked by Airflow's clients; there is nothing that it could give.
    { config: VIEWER, schema: { hide: true, params: ofTry } },
    () => {
      throw new MillraceError('invalid_argument', 'Logs are kept by the server itself: they have no address elsewhere');
    },
  );
};
