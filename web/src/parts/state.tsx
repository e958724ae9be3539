import { Glyph, type GlyphName } from './glyph.tsx';

interface Look {
  readonly glyph: GlyphName;
  readonly word: string;
}

/** State of a run or an instance, as the API says it, to its glyph (also its colour's class) and word. */
const LOOKS: Readonly<Record<string, Look>> = {
  success: { glyph: 'success', word: 'Success' },
  running: { glyph: 'running', word: 'Running' },
  restarting: { glyph: 'running', word: 'Restarting' },
  failed: { glyph: 'failed', word: 'Failed' },
  up_for_retry: { glyph: 'up-for-retry', word: 'Up for retry' },
  up_for_reschedule: { glyph: 'up-for-reschedule', word: 'Up for reschedule' },
  queued: { glyph: 'queued', word: 'Queued' },
  scheduled: { glyph: 'scheduled', word: 'Scheduled' },
  deferred: { glyph: 'deferred', word: 'Deferred' },
  skipped: { glyph: 'skipped', word: 'Skipped' },
  upstream_failed: { glyph: 'upstream-failed', word: 'Upstream failed' },
  removed: { glyph: 'removed', word: 'Removed' },
  cancelled: { glyph: 'cancelled', word: 'Cancelled' },
  awaiting_input: { glyph: 'awaiting', word: 'Awaiting approval' },
};

const NONE: Look = { glyph: 'none', word: 'No state yet' };

export const lookOf = (state: string | null): Look => (state === null ? NONE : (LOOKS[state] ?? NONE));

/** Glyph and word, in the state's colour. */
export function State({ state, word }: { readonly state: string | null; readonly word?: string }) {
  const look = lookOf(state);
  return (
    <span className={`st ${look.glyph}`}>
      <Glyph name={look.glyph} />
      {word ?? look.word}
    </span>
  );
}

/** The glyph alone: its word must be in the accessible name of what it is in. */
export function StateGlyph({ state, size }: { readonly state: string | null; readonly size?: 12 | 16 }) {
  return <Glyph name={lookOf(state).glyph} {...(size ? { size } : {})} />;
}
