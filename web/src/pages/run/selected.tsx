import type { ReactNode } from 'react';
import type { RunHead, TimelineRow } from '../../live/types.ts';
import { about, duration } from '../../parts/duration.ts';
import { lookOf, State } from '../../parts/state.tsx';
import type { Act } from './run-actions.tsx';
import { progressText } from './track.tsx';

/** `3 failed, 37 success`. */
const instancesText = (counts: NonNullable<TimelineRow['counts']>) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${lookOf(state).word.toLowerCase()}`)
    .join(', ');

interface SelectedProps {
  readonly run: RunHead;
  readonly row: TimelineRow;
  readonly onAct: (act: Act) => void;
  readonly children?: ReactNode;
}

/** Facts and actions of the instance or step that is looked at. */
export function Selected({ run, row, onAct, children }: SelectedProps) {
  const isFlow = run.kind === 'flow';
  const title = isFlow ? `${row.label} #${row.map_index + 1}` : row.label;
  return (
    <section className="blk" aria-labelledby="h-sel">
      <div className="sh">
        <h2 id="h-sel">{title}</h2>
        <State state={row.state} />
      </div>
      <dl className="kv">
        {isFlow && (
          <>
            <dt>Key</dt>
            <dd className="m">
              {row.task_id}#{row.map_index + 1}
            </dd>
          </>
        )}
        {row.instance_name !== null && (
          <>
            <dt>Called</dt>
            <dd>{row.instance_name}</dd>
          </>
        )}
        {row.groups.length > 0 && (
          <>
            <dt>Group</dt>
            <dd>{row.groups.join(' › ')}</dd>
          </>
        )}
        {row.kind === 'mapped' ? (
          <>
            <dt>Instances</dt>
            <dd>{instancesText(row.counts ?? {})}</dd>
          </>
        ) : (
          <>
            <dt>Attempts</dt>
            <dd>
              {row.attempts.length} of {Math.max(row.max_tries, row.attempts.length)}
            </dd>
          </>
        )}
        {row.duration !== null && (
          <>
            <dt>Ran for</dt>
            <dd>
              {duration(row.duration)}
              {row.usual && `, usually ${about(row.usual.median)}`}
            </dd>
          </>
        )}
        {row.progress && (
          <>
            <dt>Progress</dt>
            <dd>{progressText(row.progress)}</dd>
          </>
        )}
        {row.is_cached && (
          <>
            <dt>Cache</dt>
            <dd>answered from it</dd>
          </>
        )}
      </dl>
      {!isFlow && (
        <div className="bs sel-acts">
          <button type="button" className="b" onClick={() => onAct('clear-task')}>
            Clear from here <kbd>⇧C</kbd>
          </button>
          {row.state !== 'success' && (
            <button type="button" className="b" onClick={() => onAct('mark-task-success')}>
              Mark success
            </button>
          )}
          {row.state !== 'failed' && (
            <button type="button" className="b" onClick={() => onAct('mark-task-failed')}>
              Mark failed
            </button>
          )}
        </div>
      )}
      {children}
    </section>
  );
}
