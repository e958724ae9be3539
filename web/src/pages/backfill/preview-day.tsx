import type { BackfillPreview } from '../../live/types.ts';
import { about } from '../../parts/duration.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { lookOf, StateGlyph } from '../../parts/state.tsx';

export type PreviewDate = BackfillPreview['dates'][number];

/** What is there for a date now. */
export function Was({ date: { run } }: { readonly date: PreviewDate }) {
  return (
    <div className="was" title={wasText(run)}>
      <StateGlyph state={run?.state ?? null} size={12} />
      <span>
        {run && run.duration !== null && !run.failed_task ? (
          <>
            <span className="vh-n">{lookOf(run.state).word.toLowerCase()}, </span>
            {about(run.duration)}
          </>
        ) : (
          wasText(run)
        )}
      </span>
    </div>
  );
}

function wasText(run: PreviewDate['run']): string {
  if (!run) return 'no run';
  if (run.state === 'failed' && run.failed_task) return run.failed_task;
  const word = lookOf(run.state).word.toLowerCase();
  return run.duration === null ? word : `${word}, ${about(run.duration)}`;
}

const WILL = { new: 'new run', clear: 'run again', leave: undefined, in_flight: undefined } as const;

/** What the backfill makes of it; nothing where it leaves it alone. */
export function Will({ date: { action } }: { readonly date: PreviewDate }) {
  const text = WILL[action];
  if (text === undefined) return action === 'in_flight' ? <div className="was">left to go on</div> : null;
  return (
    <div className="will">
      <Glyph name={action === 'new' ? 'i-play' : 'up-for-retry'} size={12} />
      <span>{text}</span>
    </div>
  );
}

export const willRun = ({ action }: PreviewDate): boolean => action === 'new' || action === 'clear';
