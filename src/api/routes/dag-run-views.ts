import { z } from 'zod';
import { graph } from '../../insight/graph.ts';
import { grid } from '../../insight/grid.ts';
import { logLines } from '../../insight/log-lines.ts';
import { instancesTimeline, timeline } from '../../insight/timeline.ts';
import { VersionCache } from '../../insight/version-cache.ts';
import { graph as graphAnswer } from '../contract/graph.ts';
import { grid as gridAnswer } from '../contract/grid.ts';
import { logLines as logAnswer } from '../contract/log-lines.ts';
import { runType } from '../contract/state.ts';
import { timeline as timelineAnswer } from '../contract/timeline.ts';
import { instant, limit, listed, offset } from '../query.ts';
import { type Routes, VIEWER } from '../route.ts';

const ofDag = z.object({ dag_id: z.string() });
const ofRun = ofDag.extend({ dag_run_id: z.string() });

const gridQuery = z.object({
  limit: limit(365, 28),
  run_type: listed(runType).optional(),
  run_after_lte: instant.optional(),
});

const logQuery = z.object({
  task_id: z.string().optional(),
  map_index: z.coerce.number().int().optional(),
  try_number: z.coerce.number().int().optional(),
  level: z.enum(['debug', 'info', 'warn', 'error']).optional(),
  q: z.string().optional(),
  from: z.coerce.number().int().min(1).optional(),
  tail: z.coerce.number().int().min(1).optional(),
  limit: limit(5_000, 1_000),
});

/** What the page's views of a DAG and a run ask. */
export const dagRunViews: Routes = (api, sources) => {
  const versions = new VersionCache();

  api.get(
    '/dags/:dag_id/grid',
    { config: VIEWER, schema: { params: ofDag, querystring: gridQuery, response: { 200: gridAnswer } } },
    ({ params, query }) => {
      const filter = { limit: query.limit, types: query.run_type, dueUntil: query.run_after_lte };
      return grid(sources, versions, { dagId: params.dag_id, filter });
    },
  );

  api.get(
    '/dags/:dag_id/graph',
    {
      config: VIEWER,
      schema: {
        params: ofDag,
        querystring: z.object({ dag_run_id: z.string().optional() }),
        response: { 200: graphAnswer },
      },
    },
    ({ params, query }) => graph(sources, versions, { dagId: params.dag_id, runId: query.dag_run_id }),
  );

  const page = z.object({
    /** The instances of this mapped task, a page of them. */
    task_id: z.string().optional(),
    /** The rows of these tasks alone. */
    only: listed(z.string()).optional(),
    limit: limit(1_000, 50),
    offset,
  });
  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/timeline',
    { config: VIEWER, schema: { params: ofRun, querystring: page, response: { 200: timelineAnswer } } },
    ({ params, query }) => {
      const name = { dagId: params.dag_id, runId: params.dag_run_id };
      if (query.task_id === undefined) return timeline(sources, versions, { ...name, only: query.only });
      return instancesTimeline(sources, versions, {
        ...name,
        taskId: query.task_id,
        limit: query.limit,
        offset: query.offset,
      });
    },
  );

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/logLines',
    { config: VIEWER, schema: { params: ofRun, querystring: logQuery, response: { 200: logAnswer } } },
    ({ params, query }) =>
      logLines(sources, versions, {
        dagId: params.dag_id,
        runId: params.dag_run_id,
        taskId: query.task_id,
        mapIndex: query.map_index,
        attempt: query.try_number,
        level: query.level,
        find: query.q,
        from: query.from,
        tail: query.tail,
        limit: query.limit,
      }),
  );
};
