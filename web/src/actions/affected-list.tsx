import type { TaskInstance } from '../live/types.ts';
import { State } from '../parts/state.tsx';

const SHOWN = 12;

/** What an action is about, before it is done; mapped instances of one task and state are one line. */
export function AffectedList({ instances }: { readonly instances: readonly TaskInstance[] }) {
  const lines = [...Map.groupBy(instances, (each) => `${each.dag_run_id} ${each.task_id} ${each.state}`).values()];
  return (
    <table className="mini">
      <tbody>
        {lines.slice(0, SHOWN).map((group) => {
          const [first] = group;
          const { dag_run_id: run, task_id: task, map_index: index, state } = first!;
          const name = group.length > 1 ? `${task} ×${group.length}` : index >= 0 ? `${task}[${index}]` : task;
          return (
            <tr key={`${run} ${task} ${state}`}>
              <td>{name}</td>
              <td>
                <State state={state} />
              </td>
            </tr>
          );
        })}
        {lines.length > SHOWN && (
          <tr>
            <td className="q2" colSpan={2}>
              and {lines.length - SHOWN} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
