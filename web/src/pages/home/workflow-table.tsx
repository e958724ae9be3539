import { Link } from '@tanstack/react-router';
import { PauseSwitch } from '../../actions/pause-switch.tsx';
import type { Workflow } from '../../live/types.ts';
import { CutName, wholeName } from '../../parts/cut-name.tsx';
import { Expectation } from '../../parts/expectation.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { waitsForRun } from '../../parts/next-run.ts';
import { useNow } from '../../parts/now.tsx';
import { until } from '../../parts/relative.ts';
import { RunBars } from '../../parts/run-bars.tsx';
import { clockTime, dayOf, weekday } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import { WorkflowMenu } from './workflow-menu.tsx';

interface TableProps {
  readonly workflows: readonly Workflow[];
  /** The row that the keys are on. */
  readonly selected: number;
}

export function WorkflowTable({ workflows, selected }: TableProps) {
  const zone = useZone();
  return (
    <section className="scroll" tabIndex={0} aria-label="Workflow list">
      <table className="wf edge flush">
        <thead>
          <tr>
            <th>
              <span className="vh">Active</span>
            </th>
            <th className="c-name">Workflow</th>
            <th>Schedule</th>
            <th>Last 18 runs</th>
            <th>Latest run, against the usual</th>
            <th>Next run, {zone.label}</th>
            <th>
              <span className="vh">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((workflow, n) => (
            <Row key={workflow.dag_id} workflow={workflow} isSelected={n === selected} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ workflow, isSelected }: { readonly workflow: Workflow; readonly isSelected: boolean }) {
  const { dag_id: dagId, is_paused: isPaused, kind } = workflow;
  const latest = workflow.recent_runs.at(-1);
  const schedule = [workflow.schedule.text, workflow.schedule.timezone, workflow.schedule.expression].join(' ');
  return (
    <tr {...(isPaused ? { 'data-off': '' } : {})} {...(isSelected ? { 'data-selected': '' } : {})}>
      <td className={isSelected ? 'sel-bar' : ''}>
        <PauseSwitch dagId={dagId} isPaused={isPaused} />
      </td>
      <td className="c-name">
        <div className="name">
          <Glyph name={kind === 'flow' ? 'i-flow' : 'i-dag'} />
          <Link to="/workflows/$dagId" params={{ dagId }} {...wholeName(dagId)}>
            <CutName name={dagId} />
          </Link>
          <Condition workflow={workflow} />
          {workflow.tags.length > 0 && (
            <span className="tag tags c-tags" title={workflow.tags.join(' · ')}>
              {workflow.tags.join(' · ')}
            </span>
          )}
        </div>
      </td>
      <td className="sm c-when" title={schedule}>
        {workflow.schedule.text ?? 'By hand'}{' '}
        {workflow.schedule.text !== null && <span className="q3">{workflow.schedule.timezone}</span>}
      </td>
      <td>
        <RunBars name={dagId} runs={workflow.recent_runs} />
      </td>
      <td>
        <Expectation seconds={latest?.duration ?? null} usual={workflow.usual} />
      </td>
      <td className="sm nw">
        <Next workflow={workflow} />
      </td>
      <td className="r">
        <WorkflowMenu workflow={workflow} />
      </td>
    </tr>
  );
}

const CONDITIONS = {
  failed: { tone: 'failed', glyph: 'failed', word: 'Failed' },
  late: { tone: 'late', glyph: 'i-late', word: 'Late' },
  broken_file: { tone: 'late', glyph: 'i-file', word: 'Broken file' },
} as const;

function Condition({ workflow: { condition, condition_text: text } }: { readonly workflow: Workflow }) {
  if (condition === null) return null;
  const { tone, glyph, word } = CONDITIONS[condition];
  return (
    <span className={`pill ${tone}`}>
      <Glyph name={glyph} size={12} tone={tone} />
      {text ?? word}
    </span>
  );
}

function Next({ workflow }: { readonly workflow: Workflow }) {
  const { is_paused: isPaused, next_run: next } = workflow;
  const zone = useZone();
  const now = useNow();
  if (next === null) {
    if (isPaused) return 'Paused';
    return <span className="q3">{waitsForRun(workflow) ? 'when a run ends' : 'none'}</span>;
  }
  const at = new Date(next.run_after);
  const isToday = dayOf(at, zone.name) === dayOf(new Date(now), zone.name);
  const time = clockTime(at, zone.name);
  const day = Math.abs(at.getTime() - now) < 6 * 86_400_000 ? weekday(at, zone.name) : dayOf(at, zone.name);
  const written = isToday ? time : `${day} ${time}`;
  if (isPaused) {
    // What it would catch up on is what somebody wants to know who makes it active.
    return <>Paused {at.getTime() < now && <span className="q3 c-in">due since {written}</span>}</>;
  }
  return (
    <>
      {written} <span className="q3 c-in">{until(at.getTime(), now)}</span>
    </>
  );
}
