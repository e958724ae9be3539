import { z } from 'zod';
import { activity } from '../../insight/activity.ts';
import { attention } from '../../insight/attention.ts';
import { search } from '../../insight/search.ts';
import { workflow, workflows } from '../../insight/workflows.ts';
import { activity as activityAnswer } from '../contract/activity.ts';
import { attention as attentionAnswer } from '../contract/attention.ts';
import { searchResults } from '../contract/search.ts';
import { workflowKind } from '../contract/state.ts';
import { workflow as workflowAnswer, workflows as workflowsAnswer } from '../contract/workflows.ts';
import { instant, limit, listed, offset } from '../query.ts';
import { type Routes, VIEWER } from '../route.ts';

const span = z.object({
  from: instant.optional(),
  to: instant.optional(),
  bin_minutes: z.coerce.number().int().min(1).max(1440).optional(),
});

const filter = z.object({
  q: z.string().optional(),
  state: z.enum(['failed', 'running', 'late', 'paused']).optional(),
  tags: listed(z.string()).optional(),
  owners: listed(z.string()).optional(),
  kind: workflowKind.optional(),
  order_by: z.string().default('attention'),
  limit: limit(1_000),
  offset,
});

/** What the page's home asks. */
export const home: Routes = (api, sources) => {
  api.get('/attention', { config: VIEWER, schema: { response: { 200: attentionAnswer } } }, () => attention(sources));

  api.get(
    '/activity',
    { config: VIEWER, schema: { querystring: span, response: { 200: activityAnswer } } },
    ({ query }) => activity(sources, { from: query.from, to: query.to, binMinutes: query.bin_minutes }),
  );

  api.get(
    '/workflows',
    { config: VIEWER, schema: { querystring: filter, response: { 200: workflowsAnswer } } },
    ({ query }) => workflows(sources, query),
  );

  const one = z.object({ dag_id: z.string() });
  api.get(
    '/workflows/:dag_id',
    { config: VIEWER, schema: { params: one, response: { 200: workflowAnswer } } },
    ({ params }) => workflow(sources, params.dag_id),
  );

  const question = z.object({ q: z.string(), limit: limit(100, 20) });
  api.get(
    '/search',
    { config: VIEWER, schema: { querystring: question, response: { 200: searchResults } } },
    ({ query }) => search(sources, query.q, query.limit),
  );
};
