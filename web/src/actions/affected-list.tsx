import type { TaskInstance } from '../live/types.ts';
import { many } from '../parts/many.ts';
import { State } from '../parts/state.tsx';

const SHOWN = 12;

/** What an action is about, before it is done; instances of one task and state are one line, of however many runs. */
export function AffectedList({ instances }: { readonly instances: readonly TaskInstance[] }) {
  const lines = [...Map.groupBy(instances, (each) => `${each.task_id} ${each.state}`).values()];
  const runs = new Set(instances.map((each) => each.dag_run_id)).size;
  return (
    <table className="mini">
      <tbody>
        {lines.slice(0, SHOWN).map((group) => {
          const [first] = group;
          const { task_id: task, map_index: index, state } = first!;
          const name = group.length > 1 ? `${task} ×${group.length}` : index >= 0 ? `${task}[${index}]` : task;
          return (
            <tr key={`${task} ${state}`}>
              <td>{name}</td>
              <td>
                <State state={state} />
              </td>
              {runs > 1 && <td className="q2">{many(new Set(group.map((each) => each.dag_run_id)).size, 'run')}</td>}
            </tr>
          );
        })}
        {lines.length > SHOWN && (
          <tr>
            <td className="q2" colSpan={runs > 1 ? 3 : 2}>
              and {lines.length - SHOWN} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
