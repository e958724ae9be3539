import { z } from 'zod';
import { VersionCache } from '../../insight/version-cache.ts';
import { why } from '../../insight/why.ts';
import { why as whyAnswer } from '../contract/why.ts';
import { type Routes, VIEWER } from '../route.ts';

const ofRun = z.object({ dag_id: z.string(), dag_run_id: z.string() });
const ofInstance = ofRun.extend({ task_id: z.string() });
const query = z.object({ map_index: z.coerce.number().int().optional() });

/** Why is this not running? */
export const whys: Routes = (api, sources) => {
  const versions = new VersionCache();

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/why',
    { config: VIEWER, schema: { params: ofRun, response: { 200: whyAnswer } } },
    ({ params }) => why(sources, versions, { dagId: params.dag_id, runId: params.dag_run_id }),
  );

  api.get(
    '/dags/:dag_id/dagRuns/:dag_run_id/taskInstances/:task_id/why',
    { config: VIEWER, schema: { params: ofInstance, querystring: query, response: { 200: whyAnswer } } },
    ({ params, query: { map_index: mapIndex } }) =>
      why(sources, versions, { dagId: params.dag_id, runId: params.dag_run_id, taskId: params.task_id, mapIndex }),
  );
};
