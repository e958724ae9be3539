import { Link } from '@tanstack/react-router';
import type { Graph, Grid, Workflow } from '../../live/types.ts';
import { about } from '../../parts/duration.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { Act } from './workflow-previews.tsx';

interface SayProps {
  readonly workflow: Workflow;
  readonly graph: Graph | undefined;
  readonly run: Grid['runs'][number] | undefined;
  readonly onAct: (act: Act) => void;
}

/** What is wrong with the workflow, and the next step. Nothing: no banner. */
export function WorkflowSay({ workflow, graph, run, onAct }: SayProps) {
  const { condition, condition_text: text, dag_id: dagId, usual } = workflow;
  if (condition === 'broken_file') {
    return (
      <div className="say">
        <Glyph name="i-file" tone="late" />
        <span>
          <b>Its file is broken:</b> {text}. Runs go on with v{workflow.version}.
        </span>
      </div>
    );
  }
  if (condition === 'late' && run) {
    return (
      <div className="say">
        <Glyph name="i-late" tone="late" />
        <span>
          <b>A run is late:</b> {run.duration !== null && `${about(run.duration)} so far`}
          {usual && `, usually ${about(usual.median)}`}.
        </span>
        <Link className="b pri" to="/workflows/$dagId/runs/$runId" params={{ dagId, runId: run.dag_run_id }}>
          Open run
        </Link>
      </div>
    );
  }
  if (run?.state !== 'failed') return null;
  const failed = graph?.nodes.filter(({ state }) => state === 'failed') ?? [];
  const count = failed.reduce((sum, { counts }) => sum + (counts?.failed ?? 1), 0);
  const stopped = graph?.nodes.filter(({ state, kind }) => kind === 'task' && state === 'upstream_failed') ?? [];
  return (
    <div className="say failed">
      <Glyph name="failed" />
      <span>
        <b>
          {failed.length === 1
            ? `${failed[0]!.label} failed`
            : failed.length > 1
              ? `${failed.length} tasks failed`
              : 'The run failed'}
        </b>
        {failed[0]?.counts && `, ${failed[0].counts.failed ?? 0} of ${failed[0].instances} instances`}.
        {stopped.length > 0 &&
          ` ${stopped.length === 1 ? `${stopped[0]!.label} did` : `${stopped.length} tasks did`} not run.`}
      </span>
      {count > 0 && (
        <button type="button" className="b pri" onClick={() => onAct('rerun')}>
          Re-run {count} failed
        </button>
      )}
    </div>
  );
}
