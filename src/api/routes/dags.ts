import { z } from 'zod';
import { pause, unpause } from '../../engine/operations.ts';
import { dagResponse, detailsResponse } from '../../insight/airflow/dag-response.ts';
import type { KnownWorkflow } from '../../store/store.ts';
import { act } from '../acting.ts';
import { dag, dagDetails, dagPatch, dags as dagsAnswer } from '../contract/airflow/dag.ts';
import { workflowKind } from '../contract/state.ts';
import { limit, listed, offset } from '../query.ts';
import { type ApiParts, type Routes, USER, VIEWER } from '../route.ts';
import { workflowNamed } from '../workflow-named.ts';

const filter = z.object({
  limit: limit(),
  offset,
  tags: listed(z.string()).optional(),
  tags_match_mode: z.enum(['any', 'all']).default('any'),
  owners: listed(z.string()).optional(),
  dag_id_pattern: z.string().optional(),
  paused: z.stringbool().optional(),
  exclude_stale: z.stringbool().default(true),
  has_import_errors: z.stringbool().optional(),
  kind: workflowKind.optional(),
  order_by: listed(z.string()).default(['dag_id']),
});

const ofDag = z.object({ dag_id: z.string() });

/** DAGs, and flows beside them. */
export const dags: Routes = (api, parts) => {
  api.get(
    '/dags',
    { config: VIEWER, schema: { querystring: filter, response: { 200: dagsAnswer } } },
    async ({ query }) => {
      const [known, broken] = await Promise.all([parts.store.queries.workflows(), brokenFiles(parts)]);
      const matching = known.filter((workflow) => matches(workflow, query, broken));
      const [first = 'dag_id'] = query.order_by;
      if (first.startsWith('-')) matching.reverse();
      return {
        dags: matching.slice(query.offset, query.offset + query.limit).map((each) => dagResponse(each, broken)),
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
    { config: USER, schema: { params: ofDag, body: dagPatch, response: { 200: dag } } },
    async ({ params, body }) => {
      await workflowNamed(parts, params.dag_id);
      await act(parts, (e) => (body.is_paused ? pause(e, params.dag_id) : unpause(e, params.dag_id)));
      return dagResponse(await workflowNamed(parts, params.dag_id), await brokenFiles(parts));
    },
  );
};

async function brokenFiles({ store }: Pick<ApiParts, 'store'>): Promise<ReadonlySet<string>> {
  return new Set((await store.readings.importErrors()).map(({ file }) => file));
}

function matches(workflow: KnownWorkflow, query: z.infer<typeof filter>, broken: ReadonlySet<string>): boolean {
  const { spec } = workflow;
  const { tags = [], owners = [], dag_id_pattern: pattern } = query;
  const hasTag = (tag: string) => spec.tags.includes(tag);
  return (
    (!query.exclude_stale || workflow.present) &&
    (tags.length === 0 || (query.tags_match_mode === 'all' ? tags.every(hasTag) : tags.some(hasTag))) &&
    (owners.length === 0 || owners.includes(spec.owner)) &&
    (pattern === undefined ||
      pattern === '~' ||
      workflow.name.toLowerCase().includes(pattern.replaceAll('%', '').toLowerCase())) &&
    (query.paused === undefined || workflow.paused === query.paused) &&
    (query.has_import_errors === undefined || broken.has(workflow.file) === query.has_import_errors) &&
    (query.kind === undefined || workflow.kind === query.kind)
  );
}
