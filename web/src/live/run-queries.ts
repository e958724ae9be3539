import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from './api.ts';

/** What is read about one run. The key's second and third word are the workflow and the run. */

export interface RunName {
  readonly dagId: string;
  readonly runId: string;
}

const path = ({ dagId, runId }: RunName) => ({ dag_id: dagId, dag_run_id: runId });

export const timelineQuery = (run: RunName) =>
  queryOptions({
    queryKey: ['timeline', run.dagId, run.runId],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/timeline', { params: { path: path(run) }, signal })),
    placeholderData: keepPreviousData,
    // What bodies say of their progress is no event.
    refetchInterval: ({ state: { data } }) =>
      data?.rows.some(({ state }) => state === 'running') ? (data.rows.length > MANY_ROWS ? 5_000 : 1_000) : false,
  });

/** A run with more rows than these is read less often. */
const MANY_ROWS = 100;

/** What happened to one task of a run: a row, or none. */
export const taskTimelineQuery = (run: RunName, taskId: string) =>
  queryOptions({
    queryKey: ['timeline', run.dagId, run.runId, 'only', taskId],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/timeline', {
          params: { path: path(run), query: { only: [taskId] } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const INSTANCES_A_PAGE = 50;

/** Instances of a mapped task, those that are not done first. `page` is from 1. */
export const instancesQuery = (run: RunName, taskId: string, page: number, size = INSTANCES_A_PAGE) =>
  queryOptions({
    queryKey: ['timeline', run.dagId, run.runId, taskId, page, size],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/timeline', {
          params: {
            path: path(run),
            query: { task_id: taskId, limit: size, offset: (page - 1) * size },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const whyQuery = (run: RunName) =>
  queryOptions({
    queryKey: ['why', run.dagId, run.runId],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/why', { params: { path: path(run) }, signal })),
    placeholderData: keepPreviousData,
  });

/** What an instance returned. */
export const outputQuery = (run: RunName, taskId: string, mapIndex: number) =>
  queryOptions({
    queryKey: ['output', run.dagId, run.runId, taskId, mapIndex],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/xcomEntries/{xcom_key}', {
          params: {
            path: { ...path(run), task_id: taskId, xcom_key: 'return_value' },
            query: { map_index: mapIndex },
          },
          signal,
        }),
      ),
    retry: false,
  });

export interface LogFilter {
  readonly taskId?: string | undefined;
  readonly mapIndex?: number | undefined;
  readonly attempt?: number | undefined;
  readonly level?: string | undefined;
  readonly find?: string | undefined;
}

export const LOG_CHUNK = 500;

const logQuery = ({ taskId, mapIndex, attempt, level, find }: LogFilter) => ({
  ...(taskId === undefined ? {} : { task_id: taskId }),
  ...(mapIndex === undefined ? {} : { map_index: mapIndex }),
  ...(attempt === undefined ? {} : { try_number: attempt }),
  ...(level === undefined ? {} : { level: level as 'info' }),
  ...(find === undefined ? {} : { q: find }),
});

/** The last lines: what one sees first. */
export const logTail = (run: RunName, filter: LogFilter, signal: AbortSignal) =>
  ok(
    api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/logLines', {
      params: { path: path(run), query: { ...logQuery(filter), tail: LOG_CHUNK } },
      signal,
    }),
  );

/** Lines from a number on. */
export const logFrom = (run: RunName, filter: LogFilter, from: number, limit: number, signal: AbortSignal) =>
  ok(
    api.GET('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/logLines', {
      params: { path: path(run), query: { ...logQuery(filter), from, limit } },
      signal,
    }),
  );
