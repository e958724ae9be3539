import type { RunsFilter } from '../../live/runs-queries.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { Menu, MenuChoice } from '../../parts/menu.tsx';
import { lookOf, StateGlyph } from '../../parts/state.tsx';
import { moment } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';

const STATES = ['failed', 'running', 'queued', 'success', 'cancelled'] as const;

const TYPES = [
  { value: '', label: 'Any type' },
  { value: 'scheduled', label: 'Scheduled' },
  { value: 'manual', label: 'By hand' },
  { value: 'backfill', label: 'Backfill' },
];

const SORTS = [
  { value: '', label: 'Newest first' },
  { value: 'run_after', label: 'Oldest first' },
  { value: '-duration', label: 'Longest first' },
];

interface FiltersProps {
  readonly filter: RunsFilter;
  readonly onFilter: (change: RunsFilter) => void;
}

export function RunFilters({ filter, onFilter }: FiltersProps) {
  const zone = useZone();
  const write = (at: string) => moment(new Date(at), zone.name);
  return (
    <div className="filters">
      <button
        type="button"
        className="chip"
        aria-pressed={filter.state === undefined}
        onClick={() => onFilter({ state: undefined })}
      >
        All
      </button>
      {STATES.map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={filter.state === state}
          onClick={() => onFilter({ state })}
        >
          <StateGlyph state={state} />
          {lookOf(state).word}
        </button>
      ))}
      <Choice options={TYPES} value={filter.type ?? ''} onChoose={(type) => onFilter({ type: type || undefined })} />
      {(filter.from || filter.to) && (
        <button
          type="button"
          className="chip"
          aria-pressed="true"
          onClick={() => onFilter({ from: undefined, to: undefined })}
        >
          {filter.from && `from ${write(filter.from)}`} {filter.to && `to ${write(filter.to)}`} {zone.label}
          <span className="vh">Remove this filter</span> ×
        </button>
      )}
      <span className="end">
        <Choice options={SORTS} value={filter.sort ?? ''} onChoose={(sort) => onFilter({ sort: sort || undefined })} />
      </span>
    </div>
  );
}

interface ChoiceProps {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

function Choice({ options, value, onChoose }: ChoiceProps) {
  return (
    <Menu
      trigger={
        <button type="button" className="b ghost">
          {options.find((option) => option.value === value)?.label ?? value}
          <Glyph name="i-down" size={12} />
        </button>
      }
    >
      <MenuChoice value={value} onChoose={onChoose} options={options} />
    </Menu>
  );
}
