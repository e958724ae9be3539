import { api, ok } from '../live/api.ts';
import { useAction } from './use-action.ts';

interface PauseSwitchProps {
  readonly dagId: string;
  readonly isPaused: boolean;
}

/** Turns a workflow's schedule on and off; shows at once what it will be. */
export function PauseSwitch({ dagId, isPaused }: PauseSwitchProps) {
  const action = useAction(
    (paused: boolean) =>
      ok(api.PATCH('/api/v2/dags/{dag_id}', { params: { path: { dag_id: dagId } }, body: { is_paused: paused } })),
    { said: (dag) => `${dagId} is ${dag.is_paused ? 'paused' : 'active'}` },
  );
  const shown = action.isPending ? action.variables : isPaused;
  return (
    <button
      type="button"
      className="sw"
      role="switch"
      aria-checked={!shown}
      aria-label={`${dagId} is active`}
      title={action.error ? action.error.message : shown ? 'Paused: its schedule starts nothing' : 'Active'}
      onClick={() => action.mutate(!shown)}
    />
  );
}
