import { useQuery } from '@tanstack/react-query';
import { type RunName, whyQuery } from '../../live/run-queries.ts';
import type { Remedy } from '../../live/types.ts';
import { Part } from '../../parts/part.tsx';
import { WhyList } from '../../parts/why.tsx';
import type { Act } from './run-actions.tsx';

const ACTS: Partial<Record<Remedy['kind'], Act>> = {
  clear: 'clear-task',
  clear_failed: 'rerun',
  mark_success: 'mark-task-success',
  mark_failed: 'mark-task-failed',
  cancel_run: 'cancel',
  resume: 'resume',
};

/** What opens in the run for a remedy. */
export const actOf = ({ kind, task_id: task, map_index: map }: Remedy) => ({
  act: ACTS[kind],
  ...(task === null ? {} : { task, map: map !== null && map >= 0 ? map : undefined }),
});

interface RunWhyProps {
  readonly name: RunName;
  readonly innerRef: React.RefObject<HTMLElement | null>;
  readonly asOf: (at: string) => string;
  readonly onAct: (remedy: Remedy) => void;
  readonly isOver: boolean;
}

/** Why what waits in the run does not go on, and what can be done; nothing when the run is over. */
export function RunWhy({ name, innerRef, asOf, onAct, isOver }: RunWhyProps) {
  const query = useQuery({ ...whyQuery(name), enabled: !isOver });
  if (isOver) return null;
  return (
    <section className="blk" aria-labelledby="h-why" ref={innerRef}>
      <Part query={query} what="what waits" rows={2}>
        {({ waiting, total, as_of: at }) => (
          <>
            <div className="sh">
              <h2 id="h-why">Why is this not running?</h2>
              <span className="q3 sm">
                {total === 0 ? 'nothing waits' : `${total} waiting`}, as of {asOf(at)}
              </span>
            </div>
            <WhyList
              waiting={waiting}
              onRemedy={onAct}
              canDo={({ kind, pool, dag_run_id: run }) =>
                pool !== null ||
                kind === 'unpause' ||
                (ACTS[kind] !== undefined && (run === null || run === name.runId))
              }
            />
          </>
        )}
      </Part>
    </section>
  );
}
