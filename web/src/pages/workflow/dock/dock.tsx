import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useRefresh } from '../../../live/live.tsx';
import { instancesQuery, type RunName, taskTimelineQuery } from '../../../live/run-queries.ts';
import type { GraphNode, TimelineRow } from '../../../live/types.ts';
import { Log } from '../../../parts/log/log.tsx';
import { Part } from '../../../parts/part.tsx';
import { State } from '../../../parts/state.tsx';
import type { Act } from '../workflow-previews.tsx';
import { Attempts } from './attempts.tsx';
import { Facts } from './facts.tsx';
import { Mapped } from './mapped.tsx';

interface DockProps {
  readonly run: RunName;
  readonly taskId: string;
  /** Undefined: not mapped, or all instances. */
  readonly mapIndex: number | undefined;
  readonly attempt: number | undefined;
  readonly node: GraphNode | undefined;
  /** Names of the tasks that it waits for. */
  readonly after: readonly string[];
  readonly runLabel: string;
  readonly onChange: (change: { readonly map?: number | undefined; readonly attempt?: number | undefined }) => void;
  readonly onAct: (act: Act) => void;
}

/** What is selected in the grid or the graph, close up. */
export function Dock(props: DockProps) {
  const { run, taskId, mapIndex, runLabel } = props;
  const timeline = useQuery(taskTimelineQuery(run, taskId));
  useRefresh(
    ['timeline', run.dagId, run.runId],
    (event) => event.dag_id === run.dagId && event.dag_run_id === run.runId,
  );
  return (
    <section className="dock" aria-label={`Selected: ${taskId}, ${runLabel}`}>
      <Part query={timeline} what={taskId} rows={3}>
        {({ rows }) => {
          const row = rows.find(({ task_id: id }) => id === taskId);
          // What was selected before stays until the next is there.
          if (!row && timeline.isPlaceholderData) return null;
          if (!row) return <p className="q3 sm">This run has no {taskId}.</p>;
          if (row.kind === 'mapped' && mapIndex === undefined) {
            return (
              <Mapped
                run={run}
                row={row}
                node={props.node}
                after={props.after}
                onSelect={(map) => props.onChange({ map })}
                onRerun={() => props.onAct('rerun')}
              />
            );
          }
          if (row.kind === 'mapped') return <OneOfMany {...props} mapIndex={mapIndex!} />;
          return <Instance {...props} row={row} changes={timeline.dataUpdatedAt} />;
        }}
      </Part>
    </section>
  );
}

/** One instance of a mapped task; it may lie beyond the rows that are loaded at first. */
function OneOfMany(props: DockProps & { readonly mapIndex: number }) {
  const query = useQuery(instancesQuery(props.run, props.taskId, 1, 500));
  return (
    <Part query={query} what={`${props.taskId}[${props.mapIndex}]`} rows={3}>
      {({ rows }) => {
        const row = rows.find(({ map_index: index }) => index === props.mapIndex);
        if (row) return <Instance {...props} row={row} changes={query.dataUpdatedAt} />;
        return (
          <p>
            <Link
              className="a"
              to="/workflows/$dagId/runs/$runId"
              params={props.run}
              search={{ task: props.taskId, map: props.mapIndex }}
            >
              {props.taskId}[{props.mapIndex}] in its run
            </Link>
          </p>
        );
      }}
    </Part>
  );
}

interface InstanceProps extends DockProps {
  readonly row: TimelineRow;
  /** When what is shown was read. */
  readonly changes: number;
}

function Instance({ run, row, node, after, mapIndex, attempt, onChange, onAct, changes }: InstanceProps) {
  const [line, setLine] = useState<number>();
  const [level, setLevel] = useState<string>();
  const [find, setFind] = useState<string>();
  const count = useCount(changes);
  const name = mapIndex === undefined ? row.label : `${row.task_id}[${mapIndex}]`;
  return (
    <>
      <div>
        <div className="ttl">
          <h2>{name}</h2>
          <State state={row.state} />
        </div>
        {mapIndex !== undefined && (
          <button type="button" className="a as-link sm" onClick={() => onChange({ map: undefined })}>
            All instances
          </button>
        )}
        <Attempts row={row} chosen={attempt} onChoose={(number) => onChange({ attempt: number })} />
      </div>
      <div>
        <Log
          key={`${row.task_id} ${mapIndex}`}
          run={run}
          name={name}
          filter={{ taskId: row.task_id, mapIndex, attempt, level, find }}
          onFilter={(change) => {
            if ('attempt' in change) onChange({ attempt: change.attempt });
            if ('level' in change) setLevel(change.level);
            if ('find' in change) setFind(change.find);
            setLine(change.line);
          }}
          line={line}
          changes={count}
          isDocked
        />
      </div>
      <div>
        <div className="blk">
          <h3>What you can do</h3>
          <div className="bs">
            <button type="button" className="b" onClick={() => onAct('clear')}>
              Clear from here <kbd>⇧C</kbd>
            </button>
            {row.state !== 'success' && (
              <button type="button" className="b" onClick={() => onAct('mark-success')}>
                Mark success
              </button>
            )}
            {row.state !== 'failed' && (
              <button type="button" className="b" onClick={() => onAct('mark-failed')}>
                Mark failed
              </button>
            )}
            <Link
              className="b ghost"
              to="/workflows/$dagId/runs/$runId"
              params={run}
              search={{ task: row.task_id, ...(mapIndex === undefined ? {} : { map: mapIndex }) }}
            >
              Open in its run
            </Link>
          </div>
        </div>
        <div className="blk">
          <Facts row={row} node={node} after={after} />
        </div>
      </div>
    </>
  );
}

function useCount(value: number): number {
  const [count, setCount] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of it counts.
  useEffect(() => setCount((was) => was + 1), [value]);
  return count;
}
