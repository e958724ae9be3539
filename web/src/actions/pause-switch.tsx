import { api, ok } from '../live/api.ts';
import { useAction } from './use-action.ts';

interface PauseSwitchProps {
  readonly dagId: string;
  readonly isPaused: boolean;
}

const pause = (dagId: string, paused: boolean) =>
  ok(api.PATCH('/api/v2/dags/{dag_id}', { params: { path: { dag_id: dagId } }, body: { is_paused: paused } }));

/** Makes a workflow active again. */
export const useUnpause = () =>
  useAction((dagId: string) => pause(dagId, false), { said: ({ dag_id: dagId }) => `${dagId} is active` });

/** Turns a workflow's schedule on and off; shows at once what it will be. */
export function PauseSwitch({ dagId, isPaused }: PauseSwitchProps) {
  const action = useAction((paused: boolean) => pause(dagId, paused), {
    said: (dag) => `${dagId} is ${dag.is_paused ? 'paused' : 'active'}`,
  });
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
