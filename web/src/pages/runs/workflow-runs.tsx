import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { TriggerDialog } from '../../actions/trigger-dialog.tsx';
import { workflowQuery } from '../../live/workflow-queries.ts';
import { Part } from '../../parts/part.tsx';
import { useTitle } from '../../parts/title.ts';
import { WorkflowHead } from '../workflow/workflow-head.tsx';
import { RunList } from './run-list.tsx';

const route = getRouteApi('/workflows/$dagId/runs');

/** The runs of one workflow. */
export function WorkflowRuns() {
  const { dagId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(workflowQuery(dagId));
  const [triggers, setTriggers] = useState(false);
  useTitle(`Runs of ${dagId}`);
  return (
    <>
      <Part query={query} what={dagId} rows={3}>
        {(workflow) => <WorkflowHead workflow={workflow} onTrigger={() => setTriggers(true)} />}
      </Part>
      <RunList
        filter={{ ...search, dag: dagId }}
        onFilter={({ dag: _, ...filter }) => void navigate({ search: filter as typeof search, replace: true })}
        isOfOne
      />
      <TriggerDialog dagId={dagId} open={triggers} onClose={() => setTriggers(false)} />
    </>
  );
}
