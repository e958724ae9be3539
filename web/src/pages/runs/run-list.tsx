import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRefresh } from '../../live/live.tsx';
import { RUNS_A_PAGE, type RunsFilter, runsQuery } from '../../live/runs-queries.ts';
import type { DagRun } from '../../live/types.ts';
import { CutName, wholeName } from '../../parts/cut-name.tsx';
import { duration } from '../../parts/duration.ts';
import { useNow } from '../../parts/now.tsx';
import { Pages } from '../../parts/pages.tsx';
import { Part } from '../../parts/part.tsx';
import { ago } from '../../parts/relative.ts';
import { lookOf, State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useKeys } from '../../shell/keys.tsx';
import { RunFilters } from './run-filters.tsx';

interface RunListProps {
  readonly filter: RunsFilter;
  readonly onFilter: (filter: RunsFilter) => void;
  /** The runs of one workflow: its name is not repeated. */
  readonly isOfOne?: boolean;
}

/** Runs, filtered; the keys move through them. */
export function RunList({ filter, onFilter, isOfOne = false }: RunListProps) {
  const query = useQuery(runsQuery(filter));
  useRefresh(['runs'], (event) => event.kind === 'run' && (filter.dag === undefined || event.dag_id === filter.dag));
  const [selected, setSelected] = useState(-1);
  const navigate = useNavigate();
  const runs = query.data?.dag_runs ?? [];
  const change = (part: RunsFilter) => {
    setSelected(-1);
    onFilter({ ...filter, page: undefined, ...part });
  };
  const move = (step: number) => {
    const next = Math.max(0, Math.min(runs.length - 1, selected + step));
    setSelected(next);
    document.querySelectorAll('.run-rows tr')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const run = runs[selected];
  const open = () =>
    run && void navigate({ to: '/workflows/$dagId/runs/$runId', params: { dagId: run.dag_id, runId: run.dag_run_id } });
  useKeys('Runs', [
    { keys: 'j', what: 'next run', hint: 'move', run: () => move(1) },
    { keys: 'k', what: 'run before', hint: 'move', run: () => move(-1) },
    { keys: 'o', what: 'open', hint: true, run: open },
    { keys: 'enter', what: 'open', run: open },
  ]);
  return (
    <>
      <RunFilters filter={filter} onFilter={change} />
      <Part query={query} what="the runs" rows={10}>
        {(answer) =>
          answer.dag_runs.length === 0 ? (
            <NoRun filter={filter} isOfOne={isOfOne} onClear={() => onFilter(isOfOne ? { dag: filter.dag } : {})} />
          ) : (
            <>
              <Table runs={answer.dag_runs} selected={selected} isOfOne={isOfOne} />
              <Pages
                total={answer.total_entries}
                size={RUNS_A_PAGE}
                page={filter.page ?? 1}
                onPage={(page) => change({ page })}
              />
            </>
          )
        }
      </Part>
    </>
  );
}

interface NoRunProps {
  readonly filter: RunsFilter;
  readonly isOfOne: boolean;
  readonly onClear: () => void;
}

/** Which filter excludes them all, or that there is none. */
function NoRun({ filter: { state, type, from, to }, isOfOne, onClear }: NoRunProps) {
  const parts = [
    state && lookOf(state).word.toLowerCase(),
    type && (type === 'manual' ? 'by hand' : type.replaceAll('_', ' ')),
    (from || to) && 'of this time',
  ].filter(Boolean);
  if (parts.length > 0) {
    return (
      <div className="empty">
        <p>
          <b>No run is {parts.join(', ')}.</b>
        </p>
        <button type="button" className="b" onClick={onClear}>
          Clear all filters
        </button>
      </div>
    );
  }
  return (
    <div className="empty">
      <p>
        <b>{isOfOne ? 'It has not run yet.' : 'Nothing has run yet.'}</b>
        {!isOfOne && ' Workflows run by their schedules, or when somebody triggers them.'}
      </p>
      {!isOfOne && (
        <Link className="b" to="/workflows">
          All workflows
        </Link>
      )}
    </div>
  );
}

interface TableProps {
  readonly runs: readonly DagRun[];
  readonly selected: number;
  readonly isOfOne: boolean;
}

function Table({ runs, selected, isOfOne }: TableProps) {
  return (
    <section className="scroll" tabIndex={0} aria-label="Runs">
      <table className="edge flush run-table">
        <thead>
          <tr>
            <th>State</th>
            {!isOfOne && <th className="c-wf">Workflow</th>}
            <th className="c-run">Run</th>
            <th>Type</th>
            <th>Due</th>
            <th>Started</th>
            <th className="r">Took</th>
          </tr>
        </thead>
        <tbody className="run-rows">
          {runs.map((run, n) => (
            <Row key={`${run.dag_id} ${run.dag_run_id}`} run={run} isSelected={n === selected} isOfOne={isOfOne} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly run: DagRun;
  readonly isSelected: boolean;
  readonly isOfOne: boolean;
}

function Row({ run, isSelected, isOfOne }: RowProps) {
  const now = useNow();
  const { dag_id: dagId, dag_run_id: runId } = run;
  const start = run.start_date ? Date.parse(run.start_date) : undefined;
  const seconds = start === undefined ? undefined : ((run.end_date ? Date.parse(run.end_date) : now) - start) / 1000;
  return (
    <tr className={isSelected ? 'sel' : ''}>
      <td className={isSelected ? 'c-state sel-bar' : 'c-state'}>
        <State state={run.state} />
      </td>
      {!isOfOne && (
        <td className="c-wf">
          <Link to="/workflows/$dagId" params={{ dagId }} {...wholeName(dagId)}>
            <CutName name={dagId} />
          </Link>
        </td>
      )}
      <td className="c-run">
        <Link className="m" to="/workflows/$dagId/runs/$runId" params={{ dagId, runId }} {...wholeName(runId)}>
          <CutName name={runId} />
        </Link>
      </td>
      <td className="sm q2 c-type">{run.run_type.replaceAll('_', ' ')}</td>
      <td className="sm nw c-due">
        <Time at={run.run_after} />
      </td>
      <td className="sm nw q2 c-start">{start === undefined ? '' : ago(start, now)}</td>
      <td className="r nw sm c-took">{seconds === undefined ? '' : duration(seconds)}</td>
    </tr>
  );
}
