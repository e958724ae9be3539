import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { taskTimelineQuery } from '../../live/run-queries.ts';
import type { Graph, GraphNode, Grid, Workflow } from '../../live/types.ts';
import { about } from '../../parts/duration.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { many } from '../../parts/many.ts';
import { moment } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import type { Act } from './workflow-previews.tsx';

interface SayProps {
  readonly workflow: Workflow;
  readonly graph: Graph | undefined;
  /** The run that is selected. */
  readonly run: Grid['runs'][number] | undefined;
  readonly onAct: (act: Act) => void;
}

/**
 * What is wrong, and the next step: with the file, else with the run that is selected, else with the one that the
 * workflow's condition is of. Nothing: no banner.
 */
export function WorkflowSay({ workflow, graph, run, onAct }: SayProps) {
  const { condition, condition_text: text } = workflow;
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
  const failed = graph?.nodes.filter(({ kind, state, counts }) => kind === 'task' && hasFailed(state, counts)) ?? [];
  if (run && graph?.dag_run_id === run.dag_run_id && failed.length > 0)
    return <FailedSay dagId={workflow.dag_id} run={run} graph={graph} failed={failed} onAct={onAct} />;
  if (run && workflow.late_run_ids.includes(run.dag_run_id))
    return <RunSay workflow={workflow} run={run} what="late" />;
  if (condition === null) return null;
  const other = workflow.recent_runs.find(({ dag_run_id: id }) => id === workflow.condition_run_id);
  // While what the selected run says about itself is on its way, there is nothing to say beside it.
  if (!other || other.dag_run_id === run?.dag_run_id) return null;
  return <RunSay workflow={workflow} run={other} what={condition} />;
}

const hasFailed = (state: string | null, counts: GraphNode['counts']) =>
  state === 'failed' || (counts?.failed ?? 0) > 0;

interface FailedProps {
  readonly dagId: string;
  readonly run: Grid['runs'][number];
  readonly graph: Graph;
  readonly failed: readonly GraphNode[];
  readonly onAct: (act: Act) => void;
}

function FailedSay({ dagId, run, graph, failed, onAct }: FailedProps) {
  const [first] = failed;
  const timeline = useQuery(taskTimelineQuery({ dagId, runId: run.dag_run_id }, first!.id));
  const error = timeline.data?.rows
    .find(({ task_id: id }) => id === first!.id)
    ?.attempts.findLast((attempt) => attempt.error)?.error;
  const instances = failed.reduce((sum, { counts }) => sum + (counts?.failed ?? 1), 0);
  const stopped = graph.nodes.filter(({ state, kind }) => kind === 'task' && state === 'upstream_failed');
  const names = stopped.length <= 2 ? stopped.map(({ label }) => label).join(' and ') : many(stopped.length, 'task');
  return (
    <div className="say failed">
      <Glyph name="failed" />
      <span>
        <b>{failed.length > 1 ? `${failed.length} tasks failed` : what(first!)}</b>
        {error ? `: ${error.type === 'Error' ? '' : `${error.type}: `}${firstLine(error.message)}.` : '.'}
        {stopped.length > 0 && ` ${names} ${run.state === 'running' ? 'will' : 'did'} not run.`}
      </span>
      <button type="button" className="b pri" onClick={() => onAct('rerun')}>
        Re-run {instances} failed
      </button>
    </div>
  );
}

const what = ({ label, counts, instances }: GraphNode) =>
  counts && (instances ?? 0) > 1 ? `${counts.failed ?? 0} of ${instances} ${label} failed` : `${label} failed`;

const firstLine = (text: string) => (text.split('\n')[0] ?? '').replace(/\.$/, '');

interface RunSayProps {
  readonly workflow: Workflow;
  readonly run: Workflow['recent_runs'][number];
  readonly what: 'late' | 'failed';
}

/** The run that is late or has failed; it may be another one than the one that is looked at: it says which. */
function RunSay({ workflow, run, what: condition }: RunSayProps) {
  const zone = useZone();
  const { dag_id: dagId, usual } = workflow;
  const at = `${moment(new Date(run.logical_date ?? run.run_after), zone.name)} ${zone.label}`;
  const isLate = condition === 'late';
  return (
    <div className={isLate ? 'say' : 'say failed'}>
      <Glyph name={isLate ? 'i-late' : 'failed'} {...(isLate ? { tone: 'late' } : {})} />
      <span>
        <b>
          The run of {at} {isLate ? 'is late' : 'failed'}
        </b>
        {isLate && run.duration !== null && `: ${about(run.duration)} so far`}
        {isLate && usual && `, usually ${about(usual.median)}`}
        {!isLate && run.duration !== null && ` after ${about(run.duration)}`}
        {!isLate && workflow.condition_text && `: ${workflow.condition_text}`}.
      </span>
      <Link className="b pri" to="/workflows/$dagId/runs/$runId" params={{ dagId, runId: run.dag_run_id }}>
        Open run
      </Link>
    </div>
  );
}
