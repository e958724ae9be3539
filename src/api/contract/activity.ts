import { z } from 'zod';
import { time } from './state.ts';

/** `GET /activity?from&to&bin_minutes`: runs by when they ended, began, or are due. Default: 16 h back, 8 h ahead, 15 min. */
export const activity = z
  .object({
    as_of: time,
    from: time,
    to: time,
    bin_minutes: z.int(),
    bins: z.array(z.object({ start: time, succeeded: z.int(), failed: z.int(), running: z.int(), due: z.int() })),
    next: z.object({ dag_id: z.string(), run_after: time }).nullable(),
  })
  .meta({ id: 'Activity' });
