import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunHead as Head } from '../../live/types.ts';
import { about, duration } from '../../parts/duration.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { EXACTLY } from '../../parts/here.ts';
import { useNow } from '../../parts/now.tsx';
import { State } from '../../parts/state.tsx';
import { clockTime, moment } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';

/** What a run is called: its date where it has one, else its id. */
export function runTitle(
  run: Pick<Head, 'logical_date' | 'dag_run_id' | 'kind'>,
  zone: { readonly name: string; readonly label: string },
): string {
  if (run.logical_date === null || run.kind === 'flow') return run.dag_run_id;
  return `${moment(new Date(run.logical_date), zone.name)} ${zone.label}`;
}

export function RunHead({ run, children }: { readonly run: Head; readonly children: ReactNode }) {
  const zone = useZone();
  const now = useNow();
  const took = run.start_date ? (run.end_date ? (run.duration ?? 0) : (now - Date.parse(run.start_date)) / 1000) : null;
  const isLate = run.state === 'running' && run.usual !== null && took !== null && took > run.usual.p90;
  return (
    <div className="head">
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/workflows" activeOptions={EXACTLY}>
          Workflows
        </Link>
        <Glyph name="i-right" />
        <Link to="/workflows/$dagId" params={{ dagId: run.dag_id }} activeOptions={EXACTLY}>
          {run.dag_id}
        </Link>
        <Glyph name="i-right" />
        <Link to="/workflows/$dagId/runs" params={{ dagId: run.dag_id }} activeOptions={EXACTLY}>
          Runs
        </Link>
      </nav>
      <div className="hl">
        <h1>{runTitle(run, zone)}</h1>
        <State state={run.state} />
        {isLate && run.usual && (
          <span className="pill late">
            <Glyph name="i-late" size={12} tone="late" />
            Late: {about(took)}, usually {about(run.usual.median)}
          </span>
        )}
        {run.kind === 'flow' && (
          <span className="q3">
            <Glyph name="i-flow" /> flow run
          </span>
        )}
        <div className="bs">{children}</div>
      </div>
      <dl className="facts">
        <Fact name="Run" value={<span className="m">{run.dag_run_id}</span>} />
        {took !== null && (
          <Fact
            name={run.end_date ? 'Took' : 'So far'}
            value={`${duration(took)}${run.usual ? `, usually ${about(run.usual.median)}` : ''}`}
          />
        )}
        <Fact name="Logical date" value={<Interval run={run} />} />
        <Fact name="By" value={by(run)} />
        <Fact name="Version" value={`v${run.version}`} />
        {Object.keys(run.conf).length > 0 && (
          <Fact
            name="Parameters"
            value={<code title={JSON.stringify(run.conf)}>{short(JSON.stringify(run.conf))}</code>}
          />
        )}
        {run.expected_end && !run.end_date && (
          <Fact name="Should end" value={`about ${clockTime(new Date(run.expected_end), zone.name)} ${zone.label}`} />
        )}
        {run.note && <Fact name="Note" value={run.note} />}
      </dl>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  if (value === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Interval({ run }: { readonly run: Head }) {
  const zone = useZone();
  if (run.logical_date === null) return 'none';
  const write = (at: string) => moment(new Date(at), zone.name);
  const { data_interval_start: start, data_interval_end: end } = run;
  if (!start || !end || start === end) return `${write(run.logical_date)} ${zone.label}, an instant`;
  return `${write(start)} to ${write(end)} ${zone.label}`;
}

const BY: Readonly<Record<Head['run_type'], string>> = {
  scheduled: 'schedule',
  manual: 'hand',
  backfill: 'backfill',
  asset_triggered: 'asset',
  asset_materialization: 'asset',
};

/** `schedule, 0.4 s after it was due`. */
function by(run: Head): string {
  if (run.run_type !== 'scheduled' || !run.start_date)
    return run.run_type === 'manual' ? `hand, ${run.triggered_by}` : BY[run.run_type];
  const late = (Date.parse(run.start_date) - Date.parse(run.run_after)) / 1000;
  return late < 3600 ? `schedule, ${duration(Math.max(0, late))} after it was due` : 'schedule';
}

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 77)}…` : text);
