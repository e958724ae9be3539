import { z } from 'zod';
import type { KnownWorkflow } from '../store/store.ts';
import { runState, workflowKind } from './contract/state.ts';
import { beginsWith, likes, type Orders, ordered } from './list.ts';
import { instant, limit, listed, offset } from './query.ts';
import type { ApiParts } from './route.ts';

/** What lists of DAGs are filtered by. */
export const dagFilter = z.object({
  limit: limit(),
  offset,
  tags: listed(z.string()).optional(),
  tags_match_mode: z.enum(['any', 'all']).default('any'),
  owners: listed(z.string()).optional(),
  dag_id_pattern: z.string().optional(),
  dag_id_prefix_pattern: z.string().optional(),
  dag_display_name_pattern: z.string().optional(),
  dag_display_name_prefix_pattern: z.string().optional(),
  paused: z.stringbool().optional(),
  exclude_stale: z.stringbool().default(true),
  has_import_errors: z.stringbool().optional(),
  last_dag_run_state: runState.optional(),
  dag_run_state: listed(runState).optional(),
  dag_run_start_date_gte: instant.optional(),
  dag_run_start_date_lte: instant.optional(),
  dag_run_end_date_gte: instant.optional(),
  dag_run_end_date_lte: instant.optional(),
  bundle_name: z.string().optional(),
  /** Not Airflow's. */
  kind: workflowKind.optional(),
  order_by: listed(z.string()).default(['dag_id']),
});

export type DagFilter = z.infer<typeof dagFilter>;

/** Every workflow is of one bundle. */
export const BUNDLE = 'millrace';

/** The workflows that a filter is about, in its order. Throws `invalid_argument` for an order that there is not. */
export async function filteredDags(
  { store }: Pick<ApiParts, 'store'>,
  filter: DagFilter,
  broken: ReadonlySet<string>,
): Promise<readonly KnownWorkflow[]> {
  let matching = (await store.queries.workflows()).filter((workflow) => matches(workflow, filter, broken));
  const { dag_run_state: states, last_dag_run_state: last } = filter;
  const started = { from: filter.dag_run_start_date_gte, to: after(filter.dag_run_start_date_lte) };
  const ended = { from: filter.dag_run_end_date_gte, to: after(filter.dag_run_end_date_lte) };
  if (states || [started, ended].some(({ from, to }) => from !== undefined || to !== undefined)) {
    const having = await store.readings.workflowsWithRuns({ states, started, ended });
    matching = matching.filter(({ id }) => having.has(id));
  }
  const needsLast = last !== undefined || filter.order_by.some((name) => name.includes('last_run'));
  const latest = new Map(
    needsLast
      ? (await store.readings.recentRuns({ workflowIds: matching.map(({ id }) => id), limit: 1 })).map((run) => [
          run.workflowId,
          run,
        ])
      : [],
  );
  if (last !== undefined) matching = matching.filter(({ id }) => latest.get(id)?.state === last);
  const orders: Orders<KnownWorkflow> = {
    dag_id: ({ name }) => name,
    dag_display_name: ({ name }) => name,
    next_dagrun: ({ next }) => next?.runAfter ?? null,
    last_run_state: ({ id }) => latest.get(id)?.state ?? null,
    last_run_start_date: ({ id }) => latest.get(id)?.startedAt ?? null,
  };
  return ordered(matching, filter.order_by, orders);
}

const after = (last: number | undefined) => (last === undefined ? undefined : last + 1);

function matches(workflow: KnownWorkflow, query: DagFilter, broken: ReadonlySet<string>): boolean {
  const { spec, name } = workflow;
  const { tags = [], owners = [] } = query;
  const hasTag = (tag: string) => spec.tags.includes(tag);
  return (
    (!query.exclude_stale || workflow.present) &&
    (tags.length === 0 || (query.tags_match_mode === 'all' ? tags.every(hasTag) : tags.some(hasTag))) &&
    (owners.length === 0 || owners.includes(spec.owner)) &&
    likes(name, query.dag_id_pattern) &&
    beginsWith(name, query.dag_id_prefix_pattern) &&
    likes(name, query.dag_display_name_pattern) &&
    beginsWith(name, query.dag_display_name_prefix_pattern) &&
    (query.paused === undefined || workflow.paused === query.paused) &&
    (query.has_import_errors === undefined || broken.has(workflow.file) === query.has_import_errors) &&
    (query.bundle_name === undefined || query.bundle_name === BUNDLE) &&
    (query.kind === undefined || workflow.kind === query.kind)
  );
}
