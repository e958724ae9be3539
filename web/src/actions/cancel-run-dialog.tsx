import { api, ok } from '../live/api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ActionError } from './action-error.tsx';
import { useAction } from './use-action.ts';

export interface RunDialogProps {
  readonly dagId: string;
  readonly runId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function CancelRunDialog({ dagId, runId, open, onClose }: RunDialogProps) {
  const action = useAction(
    () =>
      ok(
        api.POST('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/cancel', {
          params: { path: { dag_id: dagId, dag_run_id: runId } },
        }),
      ),
    { said: () => 'the run is cancelled', onDone: onClose },
  );
  return (
    <Dialog
      title={`Cancel ${runId}`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <span className="q2 sm">It can be cleared or resumed later.</span>
          <button type="button" className="b" onClick={onClose}>
            Let it run
          </button>
          <button type="button" className="b danger-fill" disabled={action.isPending} onClick={() => action.mutate()}>
            Cancel run
          </button>
        </>
      }
    >
      <p>
        What runs is told to stop and then killed; it fails, and so does what has not begun. What has finished stays as
        it is.
      </p>
      <ActionError error={action.error} />
    </Dialog>
  );
}
