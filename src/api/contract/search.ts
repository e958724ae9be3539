import { z } from 'zod';
import { taskState, workflowKind } from './state.ts';

/** `GET /search?q&limit`: workflows, runs and tasks whose name contains it, the best first. */
export const searchResults = z
  .object({
    items: z.array(
      z.object({
        kind: z.enum(['workflow', 'run', 'task']),
        dag_id: z.string(),
        workflow_kind: workflowKind,
        dag_run_id: z.string().nullable(),
        task_id: z.string().nullable(),
        title: z.string(),
        subtitle: z.string(),
        state: taskState,
      }),
    ),
  })
  .meta({ id: 'SearchResults' });
