import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PauseSwitch } from '../../actions/pause-switch.tsx';
import type { Workflow } from '../../live/types.ts';
import { FilePath } from '../../parts/file-path.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { EXACTLY } from '../../parts/here.ts';
import { waitsForRun } from '../../parts/next-run.ts';
import { useNow } from '../../parts/now.tsx';
import { until } from '../../parts/relative.ts';
import { moment } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';

interface HeadProps {
  readonly workflow: Workflow;
  readonly onTrigger: () => void;
}

/** Name, facts and tabs of a workflow: the same on each of its views. */
export function WorkflowHead({ workflow, onTrigger }: HeadProps) {
  const { dag_id: dagId, kind, is_paused: isPaused } = workflow;
  const isDag = kind === 'dag';
  return (
    <div className="head">
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/workflows" activeOptions={EXACTLY}>
          Workflows
        </Link>
        <Glyph name="i-right" />
        <Link to="/workflows" search={{ kind }} activeOptions={EXACTLY}>
          {isDag ? 'DAGs' : 'Flows'}
        </Link>
      </nav>
      <div className="hl">
        <PauseSwitch dagId={dagId} isPaused={isPaused} />
        <h1>{dagId}</h1>
        {isPaused && <span className="pill">Paused</span>}
        {workflow.description && <span className="q3">{workflow.description.split('\n')[0]}</span>}
        <div className="bs">
          {isDag && (
            <Link className="b" to="/workflows/$dagId/backfills/new" params={{ dagId }}>
              Backfill <kbd>b</kbd>
            </Link>
          )}
          <button type="button" className="b" onClick={onTrigger}>
            <Glyph name="i-play" size={12} />
            Trigger
          </button>
        </div>
      </div>
      <Facts workflow={workflow} />
      <Tabs dagId={dagId} isDag={isDag} />
    </div>
  );
}

function Facts({ workflow }: Pick<HeadProps, 'workflow'>) {
  const zone = useZone();
  const now = useNow();
  const { schedule, next_run: next, owners, tags } = workflow;
  return (
    <dl className="facts">
      <Fact name="Schedule">
        {schedule.text === null ? (
          'by hand'
        ) : (
          <>
            {schedule.text} {schedule.timezone} <code className="q3">{schedule.expression}</code>
          </>
        )}
      </Fact>
      {next && (
        <Fact name="Next">
          {moment(new Date(next.run_after), zone.name)} {zone.label},{' '}
          {workflow.is_paused ? 'when it is active' : until(Date.parse(next.run_after), now)}
        </Fact>
      )}
      {waitsForRun(workflow) && !workflow.is_paused && <Fact name="Next">when a run ends</Fact>}
      <Fact name="Version">
        v{workflow.version} <code className="q3">{workflow.bundle.slice(0, 7)}</code>
      </Fact>
      <Fact name="Active runs">
        {workflow.active_runs.toLocaleString('en')}
        {workflow.max_active_runs !== null && ` of ${workflow.max_active_runs.toLocaleString('en')}`}
      </Fact>
      {owners.length > 0 && <Fact name="Owner">{owners.join(', ')}</Fact>}
      {tags.length > 0 && <Fact name="Tags">{tags.join(', ')}</Fact>}
      <Fact name="File">
        <FilePath path={workflow.file} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Tabs({ dagId, isDag }: { readonly dagId: string; readonly isDag: boolean }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const current = (end: string) => (path.endsWith(end) ? ({ 'aria-current': 'page' } as const) : {});
  const isOverview = !/\/(runs|backfills|backfills\/new)$/.test(path);
  return (
    <nav className="tabs" aria-label={dagId}>
      <Link
        to="/workflows/$dagId"
        params={{ dagId }}
        activeOptions={EXACTLY}
        {...(isOverview ? { 'aria-current': 'page' } : {})}
      >
        Overview
      </Link>
      <Link to="/workflows/$dagId/runs" params={{ dagId }} activeOptions={EXACTLY} {...current('/runs')}>
        Runs
      </Link>
      {isDag && (
        <Link to="/workflows/$dagId/backfills" params={{ dagId }} activeOptions={EXACTLY} {...current('/backfills')}>
          Backfills
        </Link>
      )}
    </nav>
  );
}
