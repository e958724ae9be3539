import { z } from 'zod';
import { time } from '../state.ts';

const entry = z.object({
  key: z.string(),
  timestamp: time,
  logical_date: time.nullable(),
  map_index: z.int(),
  task_id: z.string(),
  dag_id: z.string(),
  run_id: z.string(),
  dag_display_name: z.string(),
  task_display_name: z.string(),
  run_after: time,
});

export const xcomEntry = entry.meta({ id: 'XComResponse' });
export const xcomEntries = z
  .object({ xcom_entries: z.array(xcomEntry), total_entries: z.int() })
  .meta({ id: 'XComCollectionResponse' });
export const xcomValue = entry.extend({ value: z.unknown() }).meta({ id: 'XComResponseNative' });

export const taskLog = z
  .object({
    content: z.array(
      z.object({ timestamp: time.nullable(), event: z.string(), level: z.string(), logger: z.string() }),
    ),
    continuation_token: z.string().nullable(),
  })
  .meta({ id: 'TaskInstancesLogResponse' });
