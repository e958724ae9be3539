import { CancelRunDialog } from '../../actions/cancel-run-dialog.tsx';
import { ClearDialog } from '../../actions/clear-dialog.tsx';
import { MarkDialog } from '../../actions/mark-dialog.tsx';
import { RerunFailedDialog } from '../../actions/rerun-failed-dialog.tsx';
import { ResumeDialog } from '../../actions/resume-dialog.tsx';
import { TriggerDialog } from '../../actions/trigger-dialog.tsx';
import type { RunHead } from '../../live/types.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { Menu, MenuItem } from '../../parts/menu.tsx';
import { useKeys } from '../../shell/keys.tsx';
import type { Selection } from './selection.ts';

/** Previews that can be open, as the address names them. */
export type Act =
  | 'clear'
  | 'clear-task'
  | 'rerun'
  | 'resume'
  | 'cancel'
  | 'mark-success'
  | 'mark-failed'
  | 'mark-task-success'
  | 'mark-task-failed'
  | 'again';

export interface ActProps {
  readonly run: RunHead;
  readonly onAct: (act: Act | undefined) => void;
}

const isOver = ({ state }: RunHead) => state === 'success' || state === 'failed' || state === 'cancelled';

/** The buttons of the page head. */
export function RunButtons({ run, onAct }: ActProps) {
  const command = `npx millrace runs show ${run.dag_id} ${run.dag_run_id}`;
  const isFlow = run.kind === 'flow';
  return (
    <>
      <CopyButton text={command}>Copy as CLI</CopyButton>
      {isFlow ? (
        <>
          <button type="button" className="b" onClick={() => onAct('again')}>
            Run again with these inputs
          </button>
          {isOver(run) && run.state !== 'success' && (
            <button type="button" className="b" onClick={() => onAct('resume')}>
              <Glyph name="i-play" size={12} />
              Resume <kbd>⇧R</kbd>
            </button>
          )}
        </>
      ) : (
        <button type="button" className="b" onClick={() => onAct('clear')}>
          Clear <kbd>⇧C</kbd>
        </button>
      )}
      <Menu
        trigger={
          <button type="button" className="b">
            Mark as
            <Glyph name="i-down" size={12} />
          </button>
        }
      >
        <MenuItem onSelect={() => onAct('mark-success')}>Success</MenuItem>
        <MenuItem onSelect={() => onAct('mark-failed')}>Failed</MenuItem>
      </Menu>
      {!isOver(run) && (
        <button type="button" className="b danger" onClick={() => onAct('cancel')}>
          Cancel run
        </button>
      )}
    </>
  );
}

interface PreviewsProps extends ActProps {
  readonly act: string | undefined;
  readonly selection: Selection | undefined;
}

/** Keys that act, and the previews that they open: nothing happens before somebody has seen what it would do. */
export function RunPreviews({ run, act, onAct, selection }: PreviewsProps) {
  const { dag_id: dagId, dag_run_id: runId } = run;
  const isFlow = run.kind === 'flow';
  useKeys('Run', [
    ...(isFlow
      ? [{ keys: '⇧R', what: 'resume', hint: true, run: () => onAct('resume') }]
      : [{ keys: '⇧C', what: 'clear', hint: true, run: () => onAct(selection ? 'clear-task' : 'clear') }]),
    { keys: '⇧F', what: 'mark failed', run: () => onAct(selection ? 'mark-task-failed' : 'mark-failed') },
    { keys: '⇧S', what: 'mark success', run: () => onAct(selection ? 'mark-task-success' : 'mark-success') },
  ]);
  const rest = { dagId, runId, open: true, onClose: () => onAct(undefined) };
  const task = selection && { taskId: selection.taskId, mapIndex: selection.mapIndex };
  switch (act) {
    case 'clear':
      return <ClearDialog {...rest} />;
    case 'clear-task':
      return task ? (
        <ClearDialog
          {...rest}
          tasks={[{ taskId: task.taskId, ...(task.mapIndex >= 0 ? { mapIndexes: [task.mapIndex] } : {}) }]}
        />
      ) : null;
    case 'rerun':
      return <RerunFailedDialog {...rest} />;
    case 'resume':
      return <ResumeDialog {...rest} />;
    case 'cancel':
      return <CancelRunDialog {...rest} />;
    case 'mark-success':
      return <MarkDialog {...rest} state="success" />;
    case 'mark-failed':
      return <MarkDialog {...rest} state="failed" />;
    case 'mark-task-success':
      return task ? <MarkDialog {...rest} task={task} state="success" /> : null;
    case 'mark-task-failed':
      return task ? <MarkDialog {...rest} task={task} state="failed" /> : null;
    case 'again':
      return <TriggerDialog dagId={dagId} prefillRun={runId} open onClose={rest.onClose} />;
    default:
      return null;
  }
}
