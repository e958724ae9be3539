import { memo } from 'react';
import type { Usual } from '../../../live/types.ts';
import { duration } from '../../../parts/duration.ts';
import { lookOf, StateGlyph } from '../../../parts/state.tsx';
import type { CellFacts } from './rows.ts';

interface CellProps {
  readonly facts: CellFacts;
  readonly label: string;
  /** Of the run: `10 Mar`. */
  readonly runLabel: string;
  readonly usual: Usual;
  readonly row: number;
  readonly column: number;
  readonly isSelected: boolean;
  readonly isColumn: boolean;
  readonly isFocusable: boolean;
}

/** Pixels that the usual height has, and the most that there is room for. */
const USUAL = 11;
const MOST = 20;

/** A grid has thousands of them, and with each change most stay as they are. */
function isSame(one: CellProps, other: CellProps): boolean {
  const { facts: a, ...before } = one;
  const { facts: b, ...after } = other;
  return (
    a.state === b.state &&
    a.duration === b.duration &&
    a.counts === b.counts &&
    a.attempt === b.attempt &&
    Object.entries(before).every(([name, value]) => after[name as keyof typeof after] === value)
  );
}

/** Success: a bar, its height against the usual. Everything else: its glyph. A mapped task: shares of its instances. */
export const Cell = memo(function Cell({
  facts,
  label,
  runLabel,
  usual,
  row,
  column,
  isSelected,
  isColumn,
  isFocusable,
}: CellProps) {
  const { state } = facts;
  if (state === undefined) {
    return <td role="gridcell" className={isColumn ? 'c col' : 'c'} />;
  }
  const name = `${label}, ${runLabel}: ${words(facts)}`;
  return (
    <td role="gridcell" className={isColumn ? 'c col' : 'c'} aria-selected={isSelected}>
      <button
        type="button"
        tabIndex={isFocusable ? 0 : -1}
        aria-label={name}
        title={name}
        data-row={row}
        data-column={column}
      >
        {facts.counts ? (
          <Shares facts={facts} />
        ) : state === 'success' ? (
          <i style={{ '--h': `${height(facts.duration, usual)}px` } as object} />
        ) : (
          <StateGlyph state={state} />
        )}
      </button>
    </td>
  );
}, isSame);

function height(seconds: number | null, usual: Usual): number {
  if (seconds === null || usual === null || usual.median <= 0) return USUAL;
  return Math.max(4, Math.min(MOST, Math.round((seconds / usual.median) * USUAL)));
}

function words({ state, duration: seconds, counts, attempt }: CellFacts): string {
  if (counts) {
    return Object.entries(counts)
      .map(([name, n]) => `${n} ${lookOf(name).word.toLowerCase()}`)
      .join(', ');
  }
  const time = seconds === null ? '' : `, ${duration(seconds)}`;
  const number = attempt === undefined ? '' : `, attempt ${attempt}`;
  return `${lookOf(state ?? null).word.toLowerCase()}${time}${number}`;
}

const BAD = new Set(['failed', 'upstream_failed']);
const LIVE = new Set(['running', 'restarting', 'queued', 'scheduled', 'up_for_retry', 'up_for_reschedule', 'deferred']);

function Shares({ facts: { counts = {}, state } }: { readonly facts: CellFacts }) {
  const sum = (wanted: (name: string) => boolean) =>
    Object.entries(counts).reduce((total, [name, n]) => total + (wanted(name) ? n : 0), 0);
  const bad = sum((name) => BAD.has(name));
  const live = sum((name) => LIVE.has(name));
  const ok = sum((name) => name === 'success' || name === 'skipped');
  const hasGlyph = bad > 0 || live > 0 || ok === 0;
  return (
    <>
      {ok + bad + live > 0 && (
        <span className={hasGlyph ? 'mx odd' : 'mx'} aria-hidden="true">
          {ok > 0 && <u className="ok" style={{ '--f': ok } as object} />}
          {bad > 0 && <u className="bad" style={{ '--f': bad } as object} />}
          {live > 0 && <u className="live" style={{ '--f': live } as object} />}
        </span>
      )}
      {hasGlyph && <StateGlyph state={bad > 0 ? 'failed' : (state ?? null)} />}
    </>
  );
}
