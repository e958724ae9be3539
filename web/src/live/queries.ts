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
