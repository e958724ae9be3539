import { activityQuery, attentionQuery, type WorkflowsFilter, workflowsQuery } from './live/queries.ts';
import { queryClient } from './live/query-client.ts';
import { type RunName, timelineQuery } from './live/run-queries.ts';
import { type GridFilter, gridQuery, workflowQuery } from './live/workflow-queries.ts';

/** What views ask first, asked while their code is on its way. An error is said by the view, which asks again. */

/** Only of what is opened: what the pointer passes over is not worth a question. */
type Cause = 'preload' | 'enter' | 'stay';

export function homeAhead(cause: Cause, filter: WorkflowsFilter): void {
  if (cause !== 'enter') return;
  void queryClient.prefetchQuery(attentionQuery);
  void queryClient.prefetchQuery(activityQuery);
  workflowsAhead(cause, filter);
}

export function workflowsAhead(cause: Cause, filter: WorkflowsFilter): void {
  if (cause === 'enter') void queryClient.prefetchQuery(workflowsQuery(filter));
}

export function workflowAhead(cause: Cause, dagId: string, filter: GridFilter): void {
  if (cause !== 'enter') return;
  queryClient.fetchQuery(workflowQuery(dagId)).then(
    ({ kind }) => kind === 'dag' && void queryClient.prefetchQuery(gridQuery(dagId, filter)),
    () => {},
  );
}

export function runAhead(cause: Cause, run: RunName): void {
  if (cause === 'enter') void queryClient.prefetchQuery(timelineQuery(run));
}
