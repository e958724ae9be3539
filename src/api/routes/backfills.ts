import { z } from 'zod';
import {
  type BackfillRequest,
  cancelBackfill,
  createBackfill,
  pauseBackfill,
  previewBackfill,
  unpauseBackfill,
} from '../../engine/backfills.ts';
import { iso, isoOrNull } from '../../insight/iso.ts';
import { MillraceError } from '../../model/errors.ts';
import type { BackfillRow } from '../../store/rows.ts';
import { ACTOR, act } from '../acting.ts';
import { backfill, backfillBody, backfills as backfillsAnswer, dryRunBackfills } from '../contract/airflow/backfill.ts';
import { type Orders, ordered, pageOf } from '../list.ts';
import { Unprocessable } from '../problem.ts';
import { instantOf, limit, listed, offset } from '../query.ts';
import { type ApiParts, type Routes, USER, VIEWER } from '../route.ts';

const filter = z.object({
  dag_id: z.string().optional(),
  limit: limit(),
  offset,
  order_by: listed(z.string()).optional(),
});

/** The latest first, unless something else is asked for. */
const ORDERS: Orders<BackfillRow> = {
  id: ({ id }) => id,
  created_at: ({ createdAt }) => createdAt,
  completed_at: ({ completedAt }) => completedAt,
  from_date: ({ from }) => from,
  to_date: ({ to }) => to,
};
const one = z.object({ backfill_id: z.coerce.number().int() });

/** Backfills: runs for a span of the past. */
export const backfills: Routes = (api, parts) => {
  const { store } = parts;

  api.get(
    '/backfills',
    { config: VIEWER, schema: { querystring: filter, response: { 200: backfillsAnswer } } },
    async ({ query }) => {
      const workflow = query.dag_id === undefined ? null : await store.queries.workflow(query.dag_id);
      if (query.dag_id !== undefined && !workflow) return { backfills: [], total_entries: 0 };
      const rows = await store.queries.backfills({ ...(workflow ? { workflowId: workflow.id } : {}), limit: 1_000 });
      const sorted = query.order_by ? ordered(rows, query.order_by, ORDERS) : rows;
      const shown = pageOf(sorted, query);
      const names = await namesOf(parts);
      return {
        backfills: await Promise.all(shown.map((row) => respond(parts, row, names))),
        total_entries: rows.length,
      };
    },
  );

  api.get(
    '/backfills/:backfill_id',
    { config: VIEWER, schema: { params: one, response: { 200: backfill } } },
    async ({ params }) => respond(parts, await named(parts, params.backfill_id)),
  );

  api.post(
    '/backfills',
    { config: USER, schema: { body: backfillBody, response: { 200: backfill } } },
    async ({ body, caller }) =>
      respond(parts, await sensible(act(parts, (e) => createBackfill(e, requestOf(body, caller?.name))))),
  );

  api.post(
    '/backfills/dry_run',
    { config: VIEWER, schema: { body: backfillBody, response: { 200: dryRunBackfills } } },
    async ({ body }) => {
      const slots = await sensible(parts.engine.commandNow((e) => previewBackfill(e, requestOf(body))));
      const wanted = slots.filter(({ plan }) => plan === 'create' || plan === 'clear');
      const dates = wanted.map(({ logicalDate }) => ({
        logical_date: iso(logicalDate),
        partition_key: null,
        partition_date: null,
      }));
      return { backfills: dates, total_entries: dates.length };
    },
  );

  const acts = { pause: pauseBackfill, unpause: unpauseBackfill, cancel: cancelBackfill } as const;
  for (const [name, change] of Object.entries(acts)) {
    api.put(
      `/backfills/:backfill_id/${name}`,
      { config: USER, schema: { params: one, response: { 200: backfill } } },
      async ({ params }) => {
        const row = await named(parts, params.backfill_id);
        if (row.completedAt !== null || row.cancelledAt !== null)
          throw new MillraceError('conflict', `Backfill ${row.id} is already completed or cancelled.`);
        await act(parts, (e) => change(e, params.backfill_id));
        return respond(parts, await named(parts, params.backfill_id));
      },
    );
  }
};

/** What makes no sense is said as Airflow does: 422, with a sentence. */
async function sensible<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    throw MillraceError.is(error) && error.code === 'invalid_argument' ? new Unprocessable(error.message) : error;
  }
}

export function requestOf(body: z.infer<typeof backfillBody>, triggeredBy: string = ACTOR): BackfillRequest {
  return {
    workflow: body.dag_id,
    from: instantOf(body.from_date, 'from_date'),
    to: instantOf(body.to_date, 'to_date'),
    reverse: body.run_backwards,
    reprocess: body.reprocess_behavior,
    maxActiveRuns: body.max_active_runs,
    conf: body.dag_run_conf ?? undefined,
    triggeredBy,
  };
}

async function named({ store }: Pick<ApiParts, 'store'>, id: number): Promise<BackfillRow> {
  const row = await store.queries.backfill(id);
  if (!row) throw new MillraceError('not_found', `Backfill with id ${id} not found`);
  return row;
}

/** Names of workflows by their numbers. */
async function namesOf({ store }: Pick<ApiParts, 'store'>): Promise<ReadonlyMap<number, string>> {
  return new Map((await store.queries.workflows()).map(({ id, name }) => [id, name]));
}

async function respond(
  parts: Pick<ApiParts, 'store'>,
  row: BackfillRow,
  names?: ReadonlyMap<number, string>,
): Promise<z.infer<typeof backfill>> {
  const slots = await parts.store.queries.slots(row.id);
  const name = (names ?? (await namesOf(parts))).get(row.workflowId) ?? '';
  const done = slots.filter(({ outcome }) => outcome === 'created' || outcome === 'cleared');
  const inState = (...states: string[]) => done.filter(({ state }) => state !== null && states.includes(state)).length;
  return {
    id: row.id,
    dag_id: name,
    from_date: iso(row.from),
    to_date: iso(row.to),
    dag_run_conf: row.conf === null ? null : (JSON.parse(row.conf) as Record<string, unknown>),
    is_paused: row.paused || row.cancelledAt !== null,
    reprocess_behavior: row.reprocess,
    max_active_runs: row.maxActiveRuns,
    created_at: iso(row.createdAt),
    completed_at: isoOrNull(row.completedAt ?? row.cancelledAt),
    updated_at: iso(row.completedAt ?? row.cancelledAt ?? row.createdAt),
    dag_display_name: name,
    cancelled_at: isoOrNull(row.cancelledAt),
    run_backwards: row.reverse,
    progress: {
      total: slots.length,
      pending: slots.filter(({ outcome }) => outcome === 'pending').length + inState('queued'),
      running: inState('running'),
      success: inState('success'),
      failed: inState('failed', 'cancelled'),
      left: slots.filter(({ outcome }) => outcome === 'exists' || outcome === 'in_flight' || outcome === 'cancelled')
        .length,
    },
  };
}
