import { getRouteApi } from '@tanstack/react-router';
import { useTitle } from '../../parts/title.ts';
import { RunList } from './run-list.tsx';

const route = getRouteApi('/runs');

export function Runs() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  useTitle('Runs');
  return (
    <>
      <div className="head list-head">
        <div className="hl">
          <h1>Runs</h1>
        </div>
      </div>
      <RunList
        filter={filter}
        onFilter={(search) => void navigate({ search: search as typeof filter, replace: true })}
      />
    </>
  );
}
