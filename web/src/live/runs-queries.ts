import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from './api.ts';

export interface RunsFilter {
  /** One workflow; undefined: all. */
  readonly dag?: string | undefined;
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  /** Of when it was due: from inclusive, to exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sort?: string | undefined;
  /** From 1. */
  readonly page?: number | undefined;
}

export const RUNS_A_PAGE = 50;

export const runsQuery = ({ dag = '~', state, type, from, to, sort = '-run_after', page = 1 }: RunsFilter) => {
  const query = {
    ...(state === undefined ? {} : { state: [state as 'failed'] }),
    ...(type === undefined ? {} : { run_type: [type as 'manual'] }),
    ...(from === undefined ? {} : { run_after_gte: from }),
    ...(to === undefined ? {} : { run_after_lt: to }),
    order_by: [sort],
    limit: RUNS_A_PAGE,
    offset: (page - 1) * RUNS_A_PAGE,
  };
  return queryOptions({
    queryKey: ['runs', dag, query],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/v2/dags/{dag_id}/dagRuns', { params: { path: { dag_id: dag }, query }, signal })),
    placeholderData: keepPreviousData,
  });
};
