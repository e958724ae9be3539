import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../live/api.ts';
import { timelineQuery } from '../live/run-queries.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Part } from '../parts/part.tsx';
import { ActionError } from './action-error.tsx';
import type { RunDialogProps } from './cancel-run-dialog.tsx';
import { useAction } from './use-action.ts';

/** A flow goes on where it was: which calls answer from the record, and which run. */
export function ResumeDialog({ dagId, runId, open, onClose }: RunDialogProps) {
  const timeline = useQuery({ ...timelineQuery({ dagId, runId }), enabled: open });
  const action = useAction(
    () =>
      ok(
        api.POST('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/resume', {
          params: { path: { dag_id: dagId, dag_run_id: runId } },
        }),
      ),
    { said: () => 'the run goes on', onDone: onClose },
  );
  return (
    <Dialog
      title={`Resume ${runId}`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <span className="q2 sm">The same run goes on.</span>
          <CopyButton text={`npx millrace runs resume ${dagId} ${runId}`}>Copy as CLI</CopyButton>
          <button type="button" className="b" onClick={onClose}>
            Cancel
          </button>
          <button type="button" className="b pri" disabled={action.isPending} onClick={() => action.mutate()}>
            Resume
          </button>
        </>
      }
    >
      <ActionError error={action.error} />
      <Part query={timeline} what="the steps" rows={3}>
        {({ rows }) => {
          const name = (row: (typeof rows)[number]) =>
            row.kind === 'step' || row.kind === 'child_flow' ? `${row.label} #${row.map_index + 1}` : row.label;
          const kept = rows.filter(({ state }) => state === 'success').map(name);
          const again = rows.filter(({ state }) => state !== 'success').map(name);
          return (
            <dl className="kv">
              <dt>Will run</dt>
              <dd>
                {again.length === 0
                  ? 'what the code calls next'
                  : `${again.join(', ')}, and what the code calls after that`}
              </dd>
              <dt>Will not</dt>
              <dd>
                {kept.length === 0
                  ? 'nothing is on record'
                  : `${kept.join(', ')}: ${kept.length === 1 ? '1 result answers' : `${kept.length} results answer`} from the record`}
              </dd>
            </dl>
          );
        }}
      </Part>
    </Dialog>
  );
}
