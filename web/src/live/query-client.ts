import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';

/** What has been read. What is on screen is kept true by events, not by asking again and again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < 1 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});
