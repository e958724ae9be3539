import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Lacking, RegisterDialog } from '../../actions/register-dialog.tsx';
import type { Timeline } from '../../live/types.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { clockTime } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import type { Act } from './run-actions.tsx';

interface SayProps {
  readonly timeline: Timeline;
  readonly onAct: (act: Act) => void;
}

/** What is wrong with the run, what follows, and the next step as the page's only primary button. Nothing: no banner. */
export function RunSay({ timeline, onAct }: SayProps) {
  const zone = useZone();
  const { run, rows } = timeline;
  if (run.state === 'failed') return <FailedSay timeline={timeline} onAct={onAct} />;
  const last = rows.find(
    ({ state, attempts, max_tries: most }) =>
      state === 'running' &&
      attempts.at(-1)?.try_number === most &&
      // What was lost with a worker is not held against it.
      attempts.some(({ outcome }) => outcome === 'failed'),
  );
  if (!last) return null;
  const error = last.attempts.findLast((attempt) => attempt.error)?.error;
  return (
    <div className="say">
      <Glyph name="i-late" tone="late" />
      <span>
        <b>{last.label} is on its last attempt</b>
        {error && `, after ${error.type}: ${firstLine(error.message)}`}.{' '}
        {last.expected && `It should end about ${clockTime(new Date(last.expected.end), zone.name)} ${zone.label}; `}
        {last.expected ? 'nothing' : 'Nothing'} to do unless it fails again.{' '}
        <Link to="." search={(was) => ({ ...was, show: 'why' })} className="a">
          See what waits for it
        </Link>
      </span>
    </div>
  );
}

function FailedSay({ timeline: { run, rows }, onAct }: SayProps) {
  const [lacks, setLacks] = useState<Lacking>();
  const failed = rows.filter(({ state, counts }) => state === 'failed' || (counts?.failed ?? 0) > 0);
  const stopped = rows.filter(({ state }) => state === 'upstream_failed');
  const first = failed[0];
  const error = first?.attempts.findLast((attempt) => attempt.error)?.error ?? run.error;
  const instances = failed.reduce((sum, { counts }) => sum + (counts?.failed ?? 1), 0);
  const isFlow = run.kind === 'flow';
  // One button is the next step: first what is missing, then again.
  const again = error?.lacks ? 'b' : 'b pri';
  const done = rows.filter(({ state }) => state === 'success').length;
  return (
    <div className="say failed">
      <Glyph name="failed" />
      <span>
        <b>{what(first?.label, first?.counts ?? null, run.reason)}</b>
        {error && ` ${error.type}: ${firstLine(error.message)}.`}
        {error?.fix && ` ${error.fix}`}
        {!isFlow && stopped.length > 0 && ` ${names(stopped.map(({ label }) => label))} did not run.`}
        {isFlow &&
          done > 0 &&
          ` ${done === 1 ? '1 step answers' : `${done} steps answer`} from the record when it is resumed.`}
      </span>
      {error?.lacks && (
        <button type="button" className="b pri" onClick={() => setLacks(error.lacks!)}>
          Add {error.lacks.kind} {error.lacks.name}
        </button>
      )}
      {lacks && <RegisterDialog lacks={lacks} open onClose={() => setLacks(undefined)} />}
      {isFlow ? (
        <button type="button" className={again} onClick={() => onAct('resume')}>
          Resume
        </button>
      ) : (
        instances > 0 && (
          <button type="button" className={again} onClick={() => onAct('rerun')}>
            Re-run {instances} failed
          </button>
        )
      )}
    </div>
  );
}

function what(
  label: string | undefined,
  counts: Readonly<Record<string, number>> | null,
  reason: string | null,
): string {
  if (label === undefined) return `The run failed${reason ? `: ${reason}` : ''}.`;
  const all = Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);
  return counts && all > 1 ? `${counts.failed ?? 0} of ${all} ${label} failed:` : `${label} failed:`;
}

const firstLine = (text: string) => (text.split('\n')[0] ?? '').replace(/\.$/, '');

const names = (labels: readonly string[]) =>
  labels.length <= 3 ? labels.join(', ') : `${labels.slice(0, 2).join(', ')} and ${labels.length - 2} more`;
