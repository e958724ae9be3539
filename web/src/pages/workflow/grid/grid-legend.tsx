import { Glyph } from '../../../parts/glyph.tsx';
import { StateGlyph } from '../../../parts/state.tsx';

const STATES = [
  ['running', 'running'],
  ['failed', 'failed'],
  ['up_for_retry', 'retry'],
  ['queued', 'queued'],
  ['upstream_failed', 'upstream failed'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
] as const;

export function GridLegend({ hasMapped }: { readonly hasMapped: boolean }) {
  return (
    <div className="legend grid-legend">
      <span>
        <svg width="14" height="12" aria-hidden="true">
          <rect className="k-bar" x="1" y="5" width="5" height="7" rx="1" />
          <rect className="k-bar" x="8" y="1" width="5" height="11" rx="1" />
        </svg>
        success, height against the usual
      </span>
      {STATES.map(([state, word]) => (
        <span key={state}>
          <StateGlyph state={state} size={12} />
          {word}
        </span>
      ))}
      <span>
        <Glyph name="none" size={12} />
        none
      </span>
      {hasMapped && (
        <span>
          <svg width="14" height="12" aria-hidden="true">
            <rect className="k-bar" x="0" y="0" width="14" height="3" />
            <rect className="k-bar" x="0" y="4" width="14" height="3" />
            <rect className="k-bar" x="0" y="8" width="14" height="3" />
          </svg>
          mapped, one slice a share
        </span>
      )}
    </div>
  );
}
