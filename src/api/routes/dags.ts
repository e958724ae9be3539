import { z } from 'zod';
import { pause, unpause } from '../../engine/operations.ts';
import { dagResponse, detailsResponse } from '../../insight/airflow/dag-response.ts';
import { MillraceError } from '../../model/errors.ts';
import { act } from '../acting.ts';
import { dag, dagDetails, dagPatch, dags as dagsAnswer } from '../contract/airflow/dag.ts';
import { dagFilter, filteredDags } from '../dag-filter.ts';
import { pageOf } from '../list.ts';
import { listed } from '../query.ts';
import { type ApiParts, type Routes, USER, VIEWER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const ofDag = z.object({ dag_id: z.string() });
const masked = z.object({ update_mask: listed(z.string()).optional() });

/** DAGs, and flows beside them. */
export const dags: Routes = (api, parts) => {
  const setPaused = (name: string, paused: boolean) => act(parts, (e) => (paused ? pause(e, name) : unpause(e, name)));

  api.get(
    '/dags',
    { config: VIEWER, schema: { querystring: dagFilter, response: { 200: dagsAnswer } } },
    async ({ query }) => {
      const broken = await brokenFiles(parts);
      const matching = await filteredDags(parts, query, broken);
      return {
        dags: pageOf(matching, query).map((each) => dagResponse(each, broken)),
        total_entries: matching.length,
      };
    },
  );

  api.get('/dags/:dag_id', { config: VIEWER, schema: { params: ofDag, response: { 200: dag } } }, async ({ params }) =>
    dagResponse(await workflowNamed(parts, params.dag_id), await brokenFiles(parts)),
  );

  api.get(
    '/dags/:dag_id/details',
    { config: VIEWER, schema: { params: ofDag, response: { 200: dagDetails } } },
    async ({ params }) => {
      const workflow = await workflowNamed(parts, params.dag_id);
      const [version, broken, unfinished] = await Promise.all([
        parts.store.queries.version(workflow.versionId),
        brokenFiles(parts),
        parts.store.readings.unfinishedRuns(),
      ]);
      const active = unfinished.find(({ workflowId, state }) => workflowId === workflow.id && state === 'running');
      return detailsResponse(workflow, { brokenFiles: broken, version: version!, activeRuns: active?.runs ?? 0 });
    },
  );

  api.patch(
    '/dags/:dag_id',
    { config: USER, schema: { params: ofDag, querystring: masked, body: dagPatch, response: { 200: dag } } },
    async ({ params, query, body }) => {
      await workflowNamed(parts, params.dag_id);
      requireIsPaused(query.update_mask);
      await setPaused(params.dag_id, body.is_paused);
      return dagResponse(await workflowNamed(parts, params.dag_id), await brokenFiles(parts));
    },
  );

  api.patch(
    '/dags',
    {
      config: USER,
      schema: { querystring: dagFilter.extend(masked.shape), body: dagPatch, response: { 200: dagsAnswer } },
    },
    async ({ query, body }) => {
      requireIsPaused(query.update_mask);
      const broken = await brokenFiles(parts);
      // Without a pattern nobody means all of them.
      const isNamed = query.dag_id_pattern !== undefined || query.dag_id_prefix_pattern !== undefined;
      const matching = isNamed ? await filteredDags(parts, query, broken) : [];
      const shown = pageOf(matching, query);
      for (const { name } of shown) await setPaused(name, body.is_paused);
      const now = shown.map((workflow) => ({ ...workflow, paused: body.is_paused }));
      return { dags: now.map((each) => dagResponse(each, broken)), total_entries: matching.length };
    },
  );
};

function requireIsPaused(mask: readonly string[] | undefined): void {
  if (mask === undefined || (mask.length === 1 && mask[0] === 'is_paused')) return;
  throw new MillraceError('invalid_argument', 'Only `is_paused` can be changed');
}

async function brokenFiles({ store }: Pick<ApiParts, 'store'>): Promise<ReadonlySet<string>> {
  return new Set((await store.readings.importErrors()).map(({ file }) => file));
}
