import { z } from 'zod';
import { time } from './state.ts';

/**
 * `GET /events/stream?dag_id&dag_run_id&after`: server-sent events, each with the store's event number as its id. A
 * client that comes back with `Last-Event-ID` (or `after`) gets what it missed; when that is too much or gone, one event
 * `reset` says that it must read anew. A comment every 15 s keeps the way open.
 */
export const liveEvent = z
  .object({
    id: z.int(),
    at: time,
    /** `task`, `run`, `backfill`, `workflow` (paused, a new version), `file` (import errors), `log` (new lines). */
    kind: z.enum(['task', 'run', 'backfill', 'workflow', 'file', 'log', 'reset']),
    dag_id: z.string().nullable(),
    dag_run_id: z.string().nullable(),
    task_id: z.string().nullable(),
    map_index: z.int().nullable(),
    try_number: z.int().nullable(),
    state: z.string().nullable(),
  })
  .meta({ id: 'LiveEvent' });
