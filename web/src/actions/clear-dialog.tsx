import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../live/api.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { many } from '../parts/many.ts';
import { Part } from '../parts/part.tsx';
import { ActionError } from './action-error.tsx';
import { AffectedList } from './affected-list.tsx';
import { type ClearOptions, useClearOptions } from './clear-options.ts';
import { useAction } from './use-action.ts';

export interface ClearDialogProps {
  readonly dagId: string;
  readonly runId: string;
  /** Undefined: every task of the run. */
  readonly tasks?: readonly { readonly taskId: string; readonly mapIndexes?: readonly number[] }[];
  readonly onlyFailed?: boolean;
  readonly open: boolean;
  readonly onClose: () => void;
}

const CHECKS: readonly { readonly name: keyof ClearOptions; readonly label: string; readonly ofTask: boolean }[] = [
  { name: 'downstream', label: 'Downstream', ofTask: true },
  { name: 'upstream', label: 'Upstream', ofTask: true },
  { name: 'future', label: 'Future', ofTask: false },
  { name: 'past', label: 'Past', ofTask: false },
  { name: 'onlyFailed', label: 'Only failed', ofTask: false },
];

/** Which instances would run again, and then lets them. */
export function ClearDialog({ dagId, runId, tasks, onlyFailed, open, onClose }: ClearDialogProps) {
  const { options, set, remember } = useClearOptions(
    onlyFailed === undefined ? (tasks ? {} : { onlyFailed: false }) : { onlyFailed },
  );
  const body = {
    dag_run_id: runId,
    task_ids: tasks ? named(tasks) : null,
    include_downstream: options.downstream,
    include_upstream: options.upstream,
    include_future: options.future,
    include_past: options.past,
    only_failed: options.onlyFailed,
  };
  const ask = (dryRun: boolean) =>
    ok(
      api.POST('/api/v2/dags/{dag_id}/clearTaskInstances', {
        params: { path: { dag_id: dagId } },
        body: { ...body, dry_run: dryRun },
      }),
    );
  const preview = useQuery({
    queryKey: ['clear preview', dagId, body],
    queryFn: () => ask(true),
    enabled: open,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const action = useAction(() => ask(false), {
    said: ({ total_entries: n }) => `${many(n, 'task instance was', 'task instances were')} cleared and run again`,
    onDone: () => {
      remember();
      onClose();
    },
  });
  const affected = preview.data?.total_entries ?? 0;
  const what = tasks
    ? tasks
        .map(({ taskId, mapIndexes }) => (mapIndexes?.length === 1 ? `${taskId}[${mapIndexes[0]}]` : taskId))
        .join(', ')
    : runId;
  return (
    <Dialog
      title={`Clear ${what}`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <span className="q2 sm">What runs of them is stopped first.</span>
          <CopyButton text={commandOf({ dagId, runId, tasks, options })}>Copy as CLI</CopyButton>
          <button type="button" className="b" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="b pri"
            disabled={affected === 0 || action.isPending}
            onClick={() => action.mutate()}
          >
            Clear {affected}
          </button>
        </>
      }
    >
      <div className="checks">
        {CHECKS.filter(({ ofTask }) => tasks !== undefined || !ofTask).map(({ name, label }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={options[name]}
              onChange={(event) => set({ [name]: event.target.checked })}
            />
            {label}
          </label>
        ))}
      </div>
      <ActionError error={action.error} />
      <Part query={preview} what="what would run again" rows={3}>
        {({ task_instances: instances, total_entries: n }) => (
          <>
            <h3>
              {n === 0
                ? 'Nothing would run again'
                : n === 1
                  ? '1 task instance runs again'
                  : `${n} task instances run again`}
            </h3>
            <AffectedList instances={instances} />
          </>
        )}
      </Part>
    </Dialog>
  );
}

/** A task, or each of its instances with its index. */
const named = (tasks: NonNullable<ClearDialogProps['tasks']>) =>
  tasks.flatMap(({ taskId, mapIndexes }): (string | [string, number])[] =>
    mapIndexes ? mapIndexes.map((index): [string, number] => [taskId, index]) : [taskId],
  );

interface CommandOf extends Pick<ClearDialogProps, 'dagId' | 'runId'> {
  readonly tasks: ClearDialogProps['tasks'] | undefined;
  readonly options: ClearOptions;
}

function commandOf({ dagId, runId, tasks, options }: CommandOf): string {
  const [task] = tasks ?? [];
  return [
    `npx millrace runs clear ${dagId} ${runId}`,
    task && `--task ${task.taskId}`,
    task?.mapIndexes?.length === 1 && `--map-index ${task.mapIndexes[0]}`,
    options.onlyFailed && '--failed',
    !options.downstream && tasks && '--only',
  ]
    .filter(Boolean)
    .join(' ');
}
