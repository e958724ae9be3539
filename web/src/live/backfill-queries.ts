import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from './api.ts';

export interface BackfillForm {
  readonly dagId: string;
  /** ISO times, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly reprocess: 'none' | 'failed' | 'completed';
  readonly atOnce: number;
  readonly isNewestFirst: boolean;
  readonly conf: Readonly<Record<string, unknown>> | undefined;
}

const bodyOf = (form: BackfillForm) => ({
  dag_id: form.dagId,
  from_date: form.from,
  to_date: form.to,
  reprocess_behavior: form.reprocess,
  max_active_runs: form.atOnce,
  run_backwards: form.isNewestFirst,
  ...(form.conf ? { dag_run_conf: form.conf } : {}),
});

export const previewQuery = (form: BackfillForm) =>
  queryOptions({
    queryKey: ['backfill preview', bodyOf(form)],
    queryFn: ({ signal }) => ok(api.POST('/api/v2/backfills/preview', { body: bodyOf(form), signal })),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });

export const startBackfill = (form: BackfillForm) => ok(api.POST('/api/v2/backfills', { body: bodyOf(form) }));

export const backfillsQuery = (dagId: string) =>
  queryOptions({
    queryKey: ['backfills', dagId],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/v2/backfills', { params: { query: { dag_id: dagId, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });

export type BackfillAct = 'pause' | 'unpause' | 'cancel';

export function actOnBackfill(id: number, act: BackfillAct) {
  const params = { params: { path: { backfill_id: id } } };
  if (act === 'pause') return ok(api.PUT('/api/v2/backfills/{backfill_id}/pause', params));
  if (act === 'unpause') return ok(api.PUT('/api/v2/backfills/{backfill_id}/unpause', params));
  return ok(api.PUT('/api/v2/backfills/{backfill_id}/cancel', params));
}
