import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../live/api.ts';
import { useRefresh } from '../../live/live.tsx';
import { workflowQuery } from '../../live/workflow-queries.ts';
import { Part } from '../../parts/part.tsx';
import { useTitle } from '../../parts/title.ts';
import { useKeys } from '../../shell/keys.tsx';
import { RunList } from '../runs/run-list.tsx';
import { DagOverview } from './dag-overview.tsx';
import { NoWorkflow } from './no-workflow.tsx';
import { WorkflowHead } from './workflow-head.tsx';
import { type Act, WorkflowPreviews } from './workflow-previews.tsx';
import { WorkflowSay } from './workflow-say.tsx';

const route = getRouteApi('/workflows/$dagId');

/** A workflow: of a DAG the grid, the graph and what is selected; of a flow its runs. */
export function Workflow() {
  const { dagId } = route.useParams();
  const query = useQuery(workflowQuery(dagId));
  const [act, setAct] = useState<Act>();
  const navigate = route.useNavigate();
  useTitle(dagId);
  useRefresh(
    ['workflow', dagId],
    (event) => event.dag_id === dagId && (event.kind === 'run' || event.kind === 'workflow' || event.kind === 'file'),
  );
  const isDag = query.data?.kind === 'dag';
  useKeys('Workflow', [
    { keys: 't', what: 'trigger', run: () => setAct('trigger') },
    { keys: 'p', what: query.data?.is_paused ? 'make active' : 'pause', run: () => setAct('pause') },
    ...(isDag
      ? [
          {
            keys: 'b',
            what: 'backfill',
            hint: true,
            run: () => void navigate({ to: '/workflows/$dagId/backfills/new', params: { dagId } }),
          },
        ]
      : []),
  ]);
  if (query.error instanceof ApiError && query.error.status === 404) return <NoWorkflow dagId={dagId} />;
  return (
    <Part query={query} what={dagId}>
      {(workflow) => (
        <>
          <WorkflowHead workflow={workflow} onTrigger={() => setAct('trigger')} />
          {workflow.kind === 'dag' ? (
            <DagOverview workflow={workflow} act={act} onAct={setAct} />
          ) : (
            <>
              <WorkflowSay workflow={workflow} graph={undefined} run={undefined} onAct={setAct} />
              <RunList
                filter={{ dag: dagId }}
                onFilter={({ dag: _, ...search }) =>
                  void navigate({ to: '/workflows/$dagId/runs', params: { dagId }, search })
                }
                isOfOne
              />
              <WorkflowPreviews
                workflow={workflow}
                act={act}
                runId={undefined}
                taskId={undefined}
                mapIndex={undefined}
                onClose={() => setAct(undefined)}
              />
            </>
          )}
        </>
      )}
    </Part>
  );
}
