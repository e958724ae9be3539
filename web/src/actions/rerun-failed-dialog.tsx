import { ClearDialog, type ClearDialogProps } from './clear-dialog.tsx';

/** What failed, and what was not run because of it, runs again. */
export function RerunFailedDialog(props: Pick<ClearDialogProps, 'dagId' | 'runId' | 'open' | 'onClose'>) {
  return <ClearDialog {...props} onlyFailed />;
}
