import type { Usual } from '../live/types.ts';
import { about, duration } from './duration.ts';

interface ExpectationProps {
  /** Seconds; so far, where it has not ended. */
  readonly seconds: number | null;
  readonly usual: Usual;
}

/** A duration beside what is usual: track, band from p10 to p90, tick at the median, bar for this one. */
export function Expectation({ seconds, usual }: ExpectationProps) {
  if (seconds === null) return <span className="dur q3">not yet</span>;
  if (usual === null) {
    return (
      <span className="dur">
        <b>{duration(seconds)}</b>
      </span>
    );
  }
  const isOver = seconds > usual.p90;
  const most = Math.max(seconds, usual.p90) * 1.08 || 1;
  const part = (value: number) => `${((value / most) * 100).toFixed(1)}%`;
  const style = { '--v': part(seconds), '--lo': part(usual.p10), '--med': part(usual.median), '--hi': part(usual.p90) };
  return (
    <span className="dur">
      <b className={isOver ? 'late' : ''}>{duration(seconds)}</b>
      <span className={isOver ? 'exp ov' : 'exp'} style={style as object} aria-hidden="true">
        <i />
        <u />
      </span>
      <span className="q3 c-tags">usually {about(usual.median)}</span>
    </span>
  );
}
