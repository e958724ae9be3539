import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { TriggerDialog } from '../../actions/trigger-dialog.tsx';
import { useAction } from '../../actions/use-action.ts';
import { actOnBackfill, type BackfillAct, backfillsQuery } from '../../live/backfill-queries.ts';
import { useRefresh } from '../../live/live.tsx';
import type { Backfill } from '../../live/types.ts';
import { workflowQuery } from '../../live/workflow-queries.ts';
import { useNow } from '../../parts/now.tsx';
import { Part } from '../../parts/part.tsx';
import { ago } from '../../parts/relative.ts';
import { dayOf } from '../../parts/time.tsx';
import { useTitle } from '../../parts/title.ts';
import { useZone } from '../../parts/zone.tsx';
import { WorkflowHead } from '../workflow/workflow-head.tsx';

const route = getRouteApi('/workflows/$dagId/backfills');

/** The backfills of a workflow: how far each has come, and what can be done with it. */
export function Backfills() {
  const { dagId } = route.useParams();
  const workflow = useQuery(workflowQuery(dagId));
  const query = useQuery(backfillsQuery(dagId));
  const [triggers, setTriggers] = useState(false);
  useTitle(`Backfills of ${dagId}`);
  useRefresh(
    ['backfills', dagId],
    (event) => event.dag_id === dagId && (event.kind === 'backfill' || event.kind === 'run'),
  );
  return (
    <>
      <Part query={workflow} what={dagId} rows={3}>
        {(answer) => <WorkflowHead workflow={answer} onTrigger={() => setTriggers(true)} />}
      </Part>
      <Part query={query} what="the backfills" rows={4}>
        {({ backfills }) =>
          backfills.length === 0 ? (
            <div className="empty">
              <p>
                <b>No backfill yet.</b> It makes runs for dates of the schedule in the past.
              </p>
              <Link className="b pri" to="/workflows/$dagId/backfills/new" params={{ dagId }}>
                New backfill
              </Link>
            </div>
          ) : (
            <Table backfills={backfills} />
          )
        }
      </Part>
      <TriggerDialog dagId={dagId} open={triggers} onClose={() => setTriggers(false)} />
    </>
  );
}

function Table({ backfills }: { readonly backfills: readonly Backfill[] }) {
  return (
    <section className="scroll" tabIndex={0} aria-label="Backfills">
      <table className="edge flush bf-table">
        <thead>
          <tr>
            <th>Dates</th>
            <th>State</th>
            <th>Progress</th>
            <th className="c-how">Reprocess</th>
            <th className="c-how r">At once</th>
            <th>Made</th>
            <th>
              <span className="vh">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {backfills.map((backfill) => (
            <Row key={backfill.id} backfill={backfill} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ backfill }: { readonly backfill: Backfill }) {
  const zone = useZone();
  const now = useNow();
  const { progress, id } = backfill;
  const action = useAction((act: BackfillAct) => actOnBackfill(id, act), { said: () => `backfill ${id} was changed` });
  const day = (at: string) => dayOf(new Date(at), zone.name);
  const isOpen = backfill.completed_at === null && backfill.cancelled_at === null;
  return (
    <tr>
      <td className="nw">
        <b>#{id}</b> {day(backfill.from_date)} to {day(backfill.to_date)}
      </td>
      <td>{stateOf(backfill)}</td>
      <td className="c-progress">
        <Progress progress={progress} />
      </td>
      <td className="c-how">{backfill.reprocess_behavior}</td>
      <td className="c-how r">{backfill.max_active_runs}</td>
      <td className="q2 nw">{ago(Date.parse(backfill.created_at), now)}</td>
      <td className="r">
        {isOpen && (
          <span className="bs">
            <button
              type="button"
              className="b"
              disabled={action.isPending}
              onClick={() => action.mutate(backfill.is_paused ? 'unpause' : 'pause')}
            >
              {backfill.is_paused ? 'Go on' : 'Pause'}
            </button>
            <button
              type="button"
              className="b danger"
              disabled={action.isPending}
              onClick={() => action.mutate('cancel')}
            >
              Cancel
            </button>
          </span>
        )}
        {action.error && <span className="st failed">{action.error.message}</span>}
      </td>
    </tr>
  );
}

function stateOf({ completed_at: completed, cancelled_at: cancelled, is_paused: isPaused }: Backfill): string {
  if (cancelled !== null) return 'Cancelled';
  if (completed !== null) return 'Completed';
  return isPaused ? 'Paused' : 'Running';
}

function Progress({ progress: { total, success, failed, running, left } }: Pick<Backfill, 'progress'>) {
  const parts = [
    ['ok', success],
    ['bad', failed],
    ['live', running],
    ['wait', total - success - failed - running - left],
  ] as const;
  return (
    <>
      <div className="prop bf-prop">
        {parts.map(([kind, n]) => (n > 0 ? <u key={kind} className={kind} style={{ '--f': n } as object} /> : null))}
      </div>
      <span className="q2 sm">
        {success} of {total - left} done{failed > 0 && `, ${failed} failed`}
        {running > 0 && `, ${running} running`}
        {left > 0 && `; ${left} left alone`}
      </span>
    </>
  );
}
