import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useRefresh } from '../../live/live.tsx';
import { activityQuery, attentionQuery } from '../../live/queries.ts';
import type { Activity } from '../../live/types.ts';
import { Part } from '../../parts/part.tsx';
import { clockTime } from '../../parts/time.tsx';
import { useTitle } from '../../parts/title.ts';
import { useZone } from '../../parts/zone.tsx';
import { Attention } from './attention.tsx';
import { Ribbon } from './ribbon.tsx';
import { WorkflowList } from './workflow-list.tsx';

const route = getRouteApi('/');

/** What is wrong, the last and the next hours, and all workflows. */
export function Home() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const attention = useQuery(attentionQuery);
  const activity = useQuery(activityQuery);
  const ofRuns = ({ kind }: { readonly kind: string }) => kind === 'run' || kind === 'file';
  useRefresh(['attention'], ofRuns);
  useRefresh(['activity'], ofRuns);
  const wrong = attention.data?.total ?? 0;
  useTitle(wrong > 0 ? `(${wrong}) Home` : 'Home');
  return (
    <>
      <Part query={attention} what="what needs attention" rows={3}>
        {(answer) => <Attention answer={answer} next={nextText(activity.data, zone)} />}
      </Part>
      <Part query={activity} what="the last 24 hours" rows={3}>
        {(answer) => <Ribbon activity={answer} />}
      </Part>
      <WorkflowList
        filter={filter}
        onFilter={(search) => void navigate({ search: search as typeof filter, replace: true })}
      />
    </>
  );
}

function nextText(
  activity: Activity | undefined,
  zone: { readonly name: string; readonly label: string },
): string | undefined {
  if (!activity?.next) return undefined;
  return `${activity.next.dag_id} at ${clockTime(new Date(activity.next.run_after), zone.name)} ${zone.label}`;
}
