import { getRouteApi } from '@tanstack/react-router';
import { useTitle } from '../../parts/title.ts';
import { WorkflowList } from './workflow-list.tsx';

const route = getRouteApi('/workflows');

export function WorkflowsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  useTitle('Workflows');
  return (
    <>
      <div className="head list-head">
        <div className="hl">
          <h1>Workflows</h1>
        </div>
      </div>
      <WorkflowList
        filter={filter}
        onFilter={(search) => void navigate({ search: search as typeof filter, replace: true })}
      />
    </>
  );
}
