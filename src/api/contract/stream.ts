import { z } from 'zod';
import { time } from './state.ts';

/** Something that happened in the system, once it is durable. */
export const liveEvent = z
  .object({
    /** The store's number of the event: later is higher. */
    id: z.int(),
    at: time,
    /**
     * What it is about. `reset`: more was missed than is told one by one; what is shown must be read anew.
     */
    kind: z.enum(['task', 'run', 'backfill', 'workflow', 'file', 'other', 'reset']),
    dag_id: z.string().nullable(),
    dag_run_id: z.string().nullable(),
    task_id: z.string().nullable(),
    map_index: z.int().nullable(),
    try_number: z.int().nullable(),
    /** The new state of the instance or run; else what happened: `paused`, `published`. */
    state: z.string().nullable(),
  })
  .meta({ id: 'LiveEvent' });

/**
 * `GET /events/stream?dag_id&dag_run_id&after`: server-sent events. Each message holds a list of events that came within
 * 50 ms, and the number of the last as its id. A client that comes back with `Last-Event-ID` (or `after`) gets what it
 * missed; where that is more than 10,000 events, or gone, one event of kind `reset` instead. Every 15 s something comes.
 */
export const liveEvents = z.array(liveEvent).meta({ id: 'LiveEvents' });
