/** Glyphs of the sprite: states, conditions, icons. */
export type GlyphName =
  | 'success'
  | 'running'
  | 'failed'
  | 'up-for-retry'
  | 'up-for-reschedule'
  | 'queued'
  | 'scheduled'
  | 'deferred'
  | 'skipped'
  | 'upstream-failed'
  | 'removed'
  | 'cancelled'
  | 'awaiting'
  | 'none'
  | 'wheel'
  | 'i-dag'
  | 'i-flow'
  | 'i-search'
  | 'i-down'
  | 'i-right'
  | 'i-theme'
  | 'i-late'
  | 'i-file'
  | 'i-pool'
  | 'i-play'
  | 'i-pause'
  | 'i-more'
  | 'i-copy'
  | 'i-save'
  | 'i-full'
  | 'i-wrap'
  | 'i-fork'
  | 'i-table'
  | 'i-link'
  | 'i-text'
  | 'i-check'
  | 'i-block'
  | 'i-cache'
  | 'i-home'
  | 'i-list'
  | 'i-star';

interface GlyphProps {
  readonly name: GlyphName;
  /** Pixels; default 14. */
  readonly size?: 12 | 16;
  /** A state's colour, or `late`. Default: the glyph's own, icons are quiet. */
  readonly tone?: string;
}

/** Decoration: what it means must stand beside it in words, or in the name of what it is in. */
export function Glyph({ name, size, tone }: GlyphProps) {
  const own = name.startsWith('i-') || name === 'wheel' ? '' : name;
  const classes = ['g', tone ?? own, size && `s${size}`].filter(Boolean).join(' ');
  return (
    <svg className={classes} aria-hidden="true">
      <use href={`#${name}`} />
    </svg>
  );
}
