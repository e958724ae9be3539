import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from './api.ts';

/** What is read about one workflow. The key's second word is its name. */

export const workflowQuery = (dagId: string) =>
  queryOptions({
    queryKey: ['workflow', dagId],
    queryFn: ({ signal }) => ok(api.GET('/api/v2/workflows/{dag_id}', { params: { path: { dag_id: dagId } }, signal })),
  });

/** As many runs as a grid has at first. */
export const GRID_RUNS = 28;

export interface GridFilter {
  /** Runs. */
  readonly limit: number;
  readonly type?: string | undefined;
}

export const gridQuery = (dagId: string, { limit, type }: GridFilter) =>
  queryOptions({
    queryKey: ['grid', dagId, limit, type ?? ''],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v2/dags/{dag_id}/grid', {
          params: {
            path: { dag_id: dagId },
            query: { limit, ...(type === undefined ? {} : { run_type: [type as 'manual'] }) },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const graphQuery = (dagId: string, runId: string | undefined) =>
  queryOptions({
    queryKey: ['graph', dagId, runId ?? ''],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v2/dags/{dag_id}/graph', {
          params: { path: { dag_id: dagId }, query: runId === undefined ? {} : { dag_run_id: runId } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
