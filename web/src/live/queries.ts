import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from './api.ts';

/** What views read, one function a question. The first word of a key is the resource. */

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => ok(api.GET('/api/v2/search', { params: { query: { q, limit: 20 } }, signal })),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ok(api.GET('/api/v2/session', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const attentionQuery = queryOptions({
  queryKey: ['attention'],
  queryFn: ({ signal }) => ok(api.GET('/api/v2/attention', { signal })),
});

export const activityQuery = queryOptions({
  queryKey: ['activity'],
  queryFn: ({ signal }) => ok(api.GET('/api/v2/activity', { signal })),
});

export interface WorkflowsFilter {
  readonly q?: string | undefined;
  readonly state?: string | undefined;
  readonly tag?: string | undefined;
  readonly owner?: string | undefined;
  readonly kind?: string | undefined;
  readonly sort?: string | undefined;
  /** From 1. */
  readonly page?: number | undefined;
}

export const WORKFLOWS_A_PAGE = 50;

export const workflowsQuery = ({ q, state, tag, owner, kind, sort, page = 1 }: WorkflowsFilter) => {
  const query = {
    ...(q === undefined ? {} : { q }),
    ...(state === undefined ? {} : { state: state as 'failed' }),
    ...(tag === undefined ? {} : { tags: [tag] }),
    ...(owner === undefined ? {} : { owners: [owner] }),
    ...(kind === undefined ? {} : { kind: kind as 'dag' }),
    ...(sort === undefined ? {} : { order_by: sort }),
    limit: WORKFLOWS_A_PAGE,
    offset: (page - 1) * WORKFLOWS_A_PAGE,
  };
  return queryOptions({
    queryKey: ['workflows', query],
    queryFn: ({ signal }) => ok(api.GET('/api/v2/workflows', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
};
