import type { TimelineRow } from '../../../live/types.ts';
import { lookOf, State, StateGlyph } from '../../../parts/state.tsx';

interface TilesProps {
  readonly counts: Readonly<Record<string, number>>;
  /** As many as are loaded. */
  readonly rows: readonly TimelineRow[];
  readonly selected: number | undefined;
  readonly onSelect: (mapIndex: number) => void;
}

const SHARES = [
  ['success', 'ok'],
  ['failed', 'bad'],
  ['upstream_failed', 'bad'],
  ['running', 'live'],
] as const;

/** As in the bar above: what is done, what has failed, what runs, and the rest. */
const PLACES = SHARES.map(([state]) => state as string);
const placeOf = (state: string) => (PLACES.includes(state) ? PLACES.indexOf(state) : PLACES.length);
const asInBar = ([a]: readonly [string, number], [b]: readonly [string, number]) => placeOf(a) - placeOf(b);

/** The instances of a mapped task: shares, counts, and one tile each by index. */
export function Tiles({ counts, rows, selected, onSelect }: TilesProps) {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const rest = all - SHARES.reduce((sum, [state]) => sum + (counts[state] ?? 0), 0);
  const byIndex = [...rows].sort((a, b) => a.map_index - b.map_index);
  return (
    <>
      <div className="prop">
        {SHARES.map(([state, kind]) =>
          counts[state] ? <u key={state} className={kind} style={{ '--f': counts[state] } as object} /> : null,
        )}
        {rest > 0 && <u className="wait" style={{ '--f': rest } as object} />}
      </div>
      <p className="sm counts">
        {Object.entries(counts)
          .sort(asInBar)
          .map(([state, n]) => (
            <State
              key={state}
              state={state === 'none' ? null : state}
              word={`${n} ${lookOf(state).word.toLowerCase()}`}
            />
          ))}
      </p>
      <fieldset className="tiles" aria-label="Instances by index">
        {byIndex.map((row) => (
          <button
            key={row.map_index}
            type="button"
            aria-pressed={row.map_index === selected}
            aria-label={`${row.map_index} ${row.label}: ${lookOf(row.state).word.toLowerCase()}`}
            title={`${row.map_index} ${row.label}`}
            onClick={() => onSelect(row.map_index)}
          >
            <StateGlyph state={row.state} />
          </button>
        ))}
      </fieldset>
      {all > rows.length && (
        <p className="q3 sm">
          {rows.length} of {all.toLocaleString('en')}, those that are not done first
        </p>
      )}
    </>
  );
}
