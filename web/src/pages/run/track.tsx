import type { TimelineRow } from '../../live/types.ts';
import { duration } from '../../parts/duration.ts';
import { clockTime } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import { notePlace } from './note-place.ts';
import type { Scale } from './scale.ts';

interface TrackProps {
  readonly row: TimelineRow;
  readonly scale: Scale;
  readonly now: number;
}

const BARS: Readonly<Record<string, string>> = {
  success: 'ok',
  running: 'run',
  skipped: 'ghost',
  rescheduled: 'ok',
  deferred: 'ok',
};

interface Piece {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly number?: number;
}

/** One row of the timeline: waits for a slot, attempts with the waits between them, what is expected, the critical path. */
export function Track({ row, scale, now }: TrackProps) {
  const pieces = piecesOf(row, now);
  const { expected } = row;
  const ran = row.start_date
    ? { from: Date.parse(row.start_date), to: row.end_date ? Date.parse(row.end_date) : now }
    : undefined;
  return (
    <div className="trk">
      {pieces.map((piece) => (
        <Bar key={`${piece.kind} ${piece.from}`} piece={piece} scale={scale} />
      ))}
      {expected && (
        <Span
          kind="ghost"
          from={Math.max(Date.parse(expected.start), row.state === 'running' ? now : 0)}
          to={Date.parse(expected.end)}
          scale={scale}
          title="expected"
        />
      )}
      {row.is_critical && ran && <Span kind="crit" {...ran} scale={scale} title="on the critical path" />}
      {row.is_critical && expected && (
        <Span
          kind="crit g2"
          from={Math.max(now, Date.parse(expected.start))}
          to={Date.parse(expected.end)}
          scale={scale}
          title=""
        />
      )}
      <Note row={row} scale={scale} now={now} pieces={pieces} />
    </div>
  );
}

/** From the end of one attempt to the start of the next: it waited to be tried again, and then for a slot. */
function waitOf(since: number | undefined, queued: number | undefined, until: number): readonly Piece[] {
  const isQueued = queued !== undefined && queued <= until && (since === undefined || queued >= since);
  const turn = isQueued ? queued : until;
  const took = (from: number, to: number) => duration((to - from) / 1000);
  return [
    ...(since !== undefined && turn > since
      ? [{ kind: 'w', from: since, to: turn, title: `waits ${took(since, turn)} to retry` }]
      : []),
    ...(until > turn ? [{ kind: 'q', from: turn, to: until, title: `queued ${took(turn, until)}` }] : []),
  ];
}

function piecesOf(row: TimelineRow, now: number): readonly Piece[] {
  const pieces: Piece[] = [];
  const cached = row.is_cached;
  const queued = row.queued_at ? Date.parse(row.queued_at) : undefined;
  let ended: number | undefined;
  for (const attempt of row.attempts) {
    const from = Date.parse(attempt.start_date);
    const to = attempt.end_date ? Date.parse(attempt.end_date) : now;
    const name = attempt.outcome === 'lost' ? 'worker lost' : attempt.outcome;
    pieces.push(...waitOf(ended, queued, from), {
      kind: cached ? 'hit' : (BARS[attempt.outcome] ?? 'bad'),
      from,
      to,
      title: `attempt ${attempt.try_number}: ${duration((to - from) / 1000)}, ${name}${attempt.error ? `: ${attempt.error.message.split('\n')[0]}` : ''}`,
      ...(row.attempts.length > 1 ? { number: attempt.try_number } : {}),
    });
    // What had succeeded and was cleared has not waited to be tried again.
    ended = attempt.end_date && attempt.outcome !== 'success' ? to : undefined;
  }
  if (row.attempts.length === 0 && row.start_date) {
    const from = Date.parse(row.start_date);
    const to = row.end_date ? Date.parse(row.end_date) : now;
    pieces.push({
      kind: cached ? 'hit' : (BARS[row.state ?? ''] ?? (row.end_date ? 'bad' : 'run')),
      from,
      to,
      title: duration((to - from) / 1000),
    });
  }
  if (row.state === 'queued') pieces.push(...waitOf(ended, queued, now));
  if (ended !== undefined && row.next_try) pieces.push(...waitOf(ended, undefined, Date.parse(row.next_try)));
  return pieces;
}

function Bar({ piece, scale }: { readonly piece: Piece; readonly scale: Scale }) {
  const isWide = scale.share(piece.to) - scale.share(piece.from) > 0.03;
  return (
    <>
      <i
        className={piece.kind}
        title={piece.title}
        style={{ '--x': scale.place(piece.from), '--w': scale.width(piece.from, piece.to) } as object}
      />
      {piece.number !== undefined && isWide && (
        <span className="tx on" style={{ '--x': scale.place(piece.from) } as object}>
          {piece.number}
        </span>
      )}
    </>
  );
}

interface SpanProps {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly scale: Scale;
  readonly title: string;
}

function Span({ kind, from, to, scale, title }: SpanProps) {
  if (to <= from) return null;
  return (
    <i className={kind} title={title} style={{ '--x': scale.place(from), '--w': scale.width(from, to) } as object} />
  );
}

interface NoteProps {
  readonly row: TimelineRow;
  readonly scale: Scale;
  readonly now: number;
  readonly pieces: readonly Piece[];
}

/** What stands beside the bars: how long it took, how far it is, where its answer comes from, when it should end. */
function Note({ row, scale, now, pieces }: NoteProps) {
  const zone = useZone();
  const from = pieces[0]?.from ?? (row.expected && Date.parse(row.expected.start));
  const to = row.expected ? Date.parse(row.expected.end) : pieces.at(-1)?.to;
  const text = noteOf(row, (at) => clockTime(new Date(at), zone.name), now);
  if (text === undefined || from == null || to === undefined) return null;
  const place = notePlace(text, { from, to: Math.max(to, pieces.at(-1)?.to ?? 0) }, scale);
  if (!place) return null;
  const classes = ['tx', place.side === 'before' && 'l', text.length > 8 && 'may'].filter(Boolean).join(' ');
  return (
    <span className={classes} style={{ '--x': scale.place(place.at) } as object}>
      {text}
    </span>
  );
}

function noteOf(row: TimelineRow, clock: (at: string) => string, now: number): string | undefined {
  if (row.is_cached) return 'from the cache';
  const until = row.expected && Date.parse(row.expected.end) > now ? `about ${clock(row.expected.end)}` : undefined;
  if (row.progress) return [progressText(row.progress), until].filter((text) => text !== undefined).join(', ');
  if (row.expected) return until;
  if (row.kind === 'child_flow') return 'child flow';
  return row.duration === null ? undefined : duration(row.duration);
}

/** `27 of 48`, `27 done`. */
export const progressText = ({ done, total }: NonNullable<TimelineRow['progress']>): string =>
  total === null
    ? `${done.toLocaleString('en')} done`
    : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
