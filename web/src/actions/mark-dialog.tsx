import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../live/api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { many } from '../parts/many.ts';
import { Part } from '../parts/part.tsx';
import { ActionError } from './action-error.tsx';
import { AffectedList } from './affected-list.tsx';
import { useAction } from './use-action.ts';

export interface MarkDialogProps {
  readonly dagId: string;
  readonly runId: string;
  /** Undefined: the run itself. `mapIndex` -1: all instances of the task. */
  readonly task?: { readonly taskId: string; readonly mapIndex: number };
  readonly state: 'success' | 'failed';
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Gives a run, or instances of it, the state that somebody says it has. */
export function MarkDialog(props: MarkDialogProps) {
  return props.task ? <MarkInstances {...props} task={props.task} /> : <MarkRun {...props} />;
}

function MarkRun({ dagId, runId, state, open, onClose }: MarkDialogProps) {
  const action = useAction(
    () =>
      ok(
        api.PATCH('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}', {
          params: { path: { dag_id: dagId, dag_run_id: runId } },
          body: { state },
        }),
      ),
    { said: (run) => `the run is ${run.state}`, onDone: onClose },
  );
  return (
    <Dialog
      title={`Mark ${runId} as ${state}`}
      open={open}
      onClose={onClose}
      foot={
        <Buttons
          state={state}
          label="the run"
          isPending={action.isPending}
          onClose={onClose}
          onMark={() => action.mutate()}
        />
      }
    >
      <p>
        {state === 'success'
          ? 'All its task instances become success; what runs is stopped.'
          : 'What runs is stopped and fails, what has not begun is skipped, what has finished stays.'}
      </p>
      <ActionError error={action.error} />
    </Dialog>
  );
}

function MarkInstances({
  dagId,
  runId,
  task,
  state,
  open,
  onClose,
}: MarkDialogProps & { readonly task: NonNullable<MarkDialogProps['task']> }) {
  const [scope, setScope] = useState({ upstream: false, downstream: false });
  const path = { dag_id: dagId, dag_run_id: runId, task_id: task.taskId };
  const body = { new_state: state, include_upstream: scope.upstream, include_downstream: scope.downstream };
  const isOne = task.mapIndex >= 0;
  const preview = useQuery({
    queryKey: ['mark preview', path, task.mapIndex, body],
    queryFn: () =>
      isOne
        ? ok(
            api.PATCH('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}/dry_run', {
              params: { path: { ...path, map_index: task.mapIndex } },
              body,
            }),
          )
        : ok(
            api.PATCH('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/dry_run', {
              params: { path },
              body,
            }),
          ),
    enabled: open,
    staleTime: 0,
  });
  const action = useAction(
    () =>
      isOne
        ? ok(
            api.PATCH('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}', {
              params: { path: { ...path, map_index: task.mapIndex } },
              body,
            }),
          )
        : ok(
            api.PATCH('/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}', { params: { path }, body }),
          ),
    {
      said: ({ total_entries: n }) => `${many(n, 'task instance is', 'task instances are')} ${state}`,
      onDone: onClose,
    },
  );
  const n = preview.data?.total_entries ?? 0;
  return (
    <Dialog
      title={`Mark ${task.taskId}${isOne ? `[${task.mapIndex}]` : ''} as ${state}`}
      open={open}
      onClose={onClose}
      foot={
        <Buttons
          state={state}
          label={String(n)}
          isPending={action.isPending || n === 0}
          onClose={onClose}
          onMark={() => action.mutate()}
        />
      }
    >
      <div className="checks">
        {(['downstream', 'upstream'] as const).map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={scope[name]}
              onChange={(event) => setScope({ ...scope, [name]: event.target.checked })}
            />
            {name === 'downstream' ? 'Downstream' : 'Upstream'}
          </label>
        ))}
      </div>
      <ActionError error={action.error} />
      <Part query={preview} what="what would be marked" rows={2}>
        {({ task_instances: instances, total_entries: all }) => (
          <>
            <h3>
              {all === 0
                ? 'Nothing would change'
                : `${many(all, 'task instance becomes', 'task instances become')} ${state}`}
            </h3>
            <AffectedList instances={instances} />
          </>
        )}
      </Part>
      <p className="q2 sm">What failed downstream of them, or was not run for their sake, is decided anew.</p>
    </Dialog>
  );
}

interface ButtonsProps {
  readonly state: string;
  readonly label: string;
  readonly isPending: boolean;
  readonly onClose: () => void;
  readonly onMark: () => void;
}

function Buttons({ state, label, isPending, onClose, onMark }: ButtonsProps) {
  return (
    <>
      <span className="q2" />
      <button type="button" className="b" onClick={onClose}>
        Cancel
      </button>
      <button type="button" className="b pri" disabled={isPending} onClick={onMark}>
        Mark {label} as {state}
      </button>
    </>
  );
}
