import { api, ok } from '../live/api.ts';
import type { Workflow } from '../live/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { many } from '../parts/many.ts';
import { moment } from '../parts/time.tsx';
import { useZone } from '../parts/zone.tsx';
import { ActionError } from './action-error.tsx';
import { useAction } from './use-action.ts';

interface PauseDialogProps {
  readonly workflow: Workflow;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** `p`: what pausing would hold up, or making active would start, before it does. */
export function PauseDialog({ workflow, open, onClose }: PauseDialogProps) {
  const { dag_id: dagId, is_paused: isPaused } = workflow;
  const action = useAction(
    () =>
      ok(api.PATCH('/api/v2/dags/{dag_id}', { params: { path: { dag_id: dagId } }, body: { is_paused: !isPaused } })),
    { said: (dag) => `${dagId} is ${dag.is_paused ? 'paused' : 'active'}`, onDone: onClose },
  );
  return (
    <Dialog
      title={isPaused ? `Make ${dagId} active` : `Pause ${dagId}`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <span className="q2 sm">It can be turned at any time.</span>
          <button type="button" className="b" onClick={onClose}>
            Leave it
          </button>
          <button type="button" className="b pri" disabled={action.isPending} onClick={() => action.mutate()}>
            {isPaused ? 'Make it active' : 'Pause'}
          </button>
        </>
      }
    >
      <p>{isPaused ? 'Its schedule goes on, and what waits for it starts.' : <Holds workflow={workflow} />}</p>
      <ActionError error={action.error} />
    </Dialog>
  );
}

function Holds({ workflow: { next_run: next, active_runs: active } }: Pick<PauseDialogProps, 'workflow'>) {
  const zone = useZone();
  return (
    <>
      {active > 0 ? `What runs goes on, in ${many(active, 'run')}; nothing else` : 'Nothing'} of it starts until it is
      active again.
      {next && ` Its next run is due ${moment(new Date(next.run_after), zone.name)} ${zone.label}.`}
    </>
  );
}
