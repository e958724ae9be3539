import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { PauseDialog } from '../../actions/pause-dialog.tsx';
import { TriggerDialog } from '../../actions/trigger-dialog.tsx';
import { useRefresh } from '../../live/live.tsx';
import { WORKFLOWS_A_PAGE, type WorkflowsFilter, workflowsQuery } from '../../live/queries.ts';
import type { Workflows } from '../../live/types.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Pages } from '../../parts/pages.tsx';
import { Part } from '../../parts/part.tsx';
import { useKeys } from '../../shell/keys.tsx';
import { WorkflowFilters } from './workflow-filters.tsx';
import { WorkflowTable } from './workflow-table.tsx';

interface ListProps {
  readonly filter: WorkflowsFilter;
  readonly onFilter: (filter: WorkflowsFilter) => void;
}

/** All workflows, filtered and in order; the keys move through them. */
export function WorkflowList({ filter, onFilter }: ListProps) {
  const query = useQuery(workflowsQuery(filter));
  useRefresh(['workflows'], ({ kind }) => kind === 'run' || kind === 'workflow' || kind === 'file');
  const [selected, setSelected] = useState(-1);
  const [act, setAct] = useState<{ readonly kind: 'trigger' | 'pause'; readonly dagId: string }>();
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const rows = query.data?.workflows ?? [];
  const change = (part: WorkflowsFilter) => {
    setSelected(-1);
    onFilter({ ...filter, page: undefined, ...part });
  };
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, selected + step));
    setSelected(next);
    document.querySelectorAll('.wf tbody tr')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const row = rows[selected];
  const close = () => setAct(undefined);
  const paused = rows.find(({ dag_id: dagId }) => dagId === act?.dagId);
  const open = () => row && void navigate({ to: '/workflows/$dagId', params: { dagId: row.dag_id } });
  useKeys('Workflows', [
    { keys: 'j', what: 'next workflow', hint: 'move', run: () => move(1) },
    { keys: 'k', what: 'workflow before', hint: 'move', run: () => move(-1) },
    { keys: 'o', what: 'open', hint: true, run: open },
    { keys: 'enter', what: 'open', run: open },
    { keys: 't', what: 'trigger', hint: true, run: () => row && setAct({ kind: 'trigger', dagId: row.dag_id }) },
    { keys: 'p', what: 'pause', hint: true, run: () => row && setAct({ kind: 'pause', dagId: row.dag_id }) },
    { keys: '/', what: 'filter', hint: true, run: () => field.current?.focus() },
  ]);
  return (
    <>
      <WorkflowFilters filter={filter} onFilter={change} answer={query.data} field={field} />
      <Part query={query} what="the workflows" rows={8}>
        {(answer) =>
          answer.workflows.length === 0 ? (
            <Nothing answer={answer} filter={filter} onClear={() => onFilter({})} />
          ) : (
            <>
              <WorkflowTable workflows={answer.workflows} selected={selected} />
              <Pages
                total={answer.total_entries}
                size={WORKFLOWS_A_PAGE}
                page={filter.page ?? 1}
                onPage={(page) => change({ page })}
              />
            </>
          )
        }
      </Part>
      {act?.kind === 'trigger' && <TriggerDialog dagId={act.dagId} open onClose={close} />}
      {act?.kind === 'pause' && paused && <PauseDialog workflow={paused} open onClose={close} />}
    </>
  );
}

const INIT = 'npx millrace init my_pipelines';

interface NothingProps {
  readonly answer: Workflows;
  readonly filter: WorkflowsFilter;
  readonly onClear: () => void;
}

function Nothing({ answer, filter, onClear }: NothingProps) {
  if (answer.counts.all === 0) {
    return (
      <div className="empty">
        <p>
          <b>No workflows yet.</b> Put a file into <code>pipelines/</code>; it shows here within a second of being
          saved.
        </p>
        <div className="bs">
          <code className="cmd">{INIT}</code>
          <CopyButton text={INIT} />
        </div>
      </div>
    );
  }
  const parts = [
    filter.state,
    filter.q && `called ${filter.q}`,
    filter.tag && `tagged ${filter.tag}`,
    filter.owner && `of ${filter.owner}`,
  ].filter(Boolean);
  return (
    <div className="empty">
      <p>
        <b>No workflow is {parts.join(', ') || 'here'}.</b> There are {answer.counts.all} in all.
      </p>
      <div className="bs">
        <button type="button" className="b" onClick={onClear}>
          Clear all filters
        </button>
      </div>
    </div>
  );
}
