import { ClearDialog } from '../../actions/clear-dialog.tsx';
import { MarkDialog } from '../../actions/mark-dialog.tsx';
import { PauseDialog } from '../../actions/pause-dialog.tsx';
import { RerunFailedDialog } from '../../actions/rerun-failed-dialog.tsx';
import { TriggerDialog } from '../../actions/trigger-dialog.tsx';
import type { Workflow } from '../../live/types.ts';

/** Previews that can be open over a workflow. */
export type Act = 'trigger' | 'pause' | 'clear' | 'rerun' | 'mark-success' | 'mark-failed';

interface PreviewsProps {
  readonly workflow: Workflow;
  readonly act: Act | undefined;
  /** The run, task and instance that are selected. */
  readonly runId: string | undefined;
  readonly taskId: string | undefined;
  readonly mapIndex: number | undefined;
  readonly onClose: () => void;
}

/** Nothing happens before somebody has seen what it would do. */
export function WorkflowPreviews({ workflow, act, runId, taskId, mapIndex, onClose }: PreviewsProps) {
  const { dag_id: dagId } = workflow;
  if (act === 'pause') return <PauseDialog workflow={workflow} open onClose={onClose} />;
  if (act === 'trigger') return <TriggerDialog dagId={dagId} open onClose={onClose} />;
  if (runId === undefined) return null;
  const rest = { dagId, runId, open: true, onClose };
  if (act === 'rerun') return <RerunFailedDialog {...rest} />;
  if (act === 'clear') {
    const tasks =
      taskId === undefined ? undefined : [{ taskId, ...(mapIndex === undefined ? {} : { mapIndexes: [mapIndex] }) }];
    return <ClearDialog {...rest} {...(tasks ? { tasks } : {})} />;
  }
  if (act === 'mark-success' || act === 'mark-failed') {
    const task = taskId === undefined ? {} : { task: { taskId, mapIndex: mapIndex ?? -1 } };
    return <MarkDialog {...rest} {...task} state={act === 'mark-success' ? 'success' : 'failed'} />;
  }
  return null;
}
