import { type RefObject, useEffect, useState } from 'react';
import type { WorkflowsFilter } from '../../live/queries.ts';
import type { Workflows } from '../../live/types.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph, type GlyphName } from '../../parts/glyph.tsx';
import { Menu, MenuChoice } from '../../parts/menu.tsx';

interface FiltersProps {
  readonly filter: WorkflowsFilter;
  readonly onFilter: (change: WorkflowsFilter) => void;
  /** Undefined while it is not loaded. */
  readonly answer: Workflows | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
}

interface Chip {
  readonly state: 'failed' | 'running' | 'late' | 'paused' | undefined;
  readonly label: string;
  readonly glyph?: GlyphName;
  readonly tone?: string;
}

const CHIPS: readonly Chip[] = [
  { state: undefined, label: 'All' },
  { state: 'failed', label: 'Failed', glyph: 'failed' },
  { state: 'running', label: 'Running', glyph: 'running' },
  { state: 'late', label: 'Late', glyph: 'i-late', tone: 'late' },
  { state: 'paused', label: 'Paused', glyph: 'i-pause' },
];

const SORTS = [
  { value: '', label: 'What needs attention first' },
  { value: 'dag_id', label: 'By name' },
  { value: 'next_run', label: 'Next run first' },
];

export function WorkflowFilters({ filter, onFilter, answer, field }: FiltersProps) {
  return (
    <div className="filters">
      <h2 className="vh">Workflows</h2>
      <NameField value={filter.q ?? ''} onChange={(q) => onFilter({ q: q || undefined })} field={field} />
      {CHIPS.map(({ state, label, glyph, tone }) => (
        <button
          key={label}
          type="button"
          className="chip"
          aria-pressed={filter.state === state}
          onClick={() => onFilter({ state })}
        >
          {glyph && <Glyph name={glyph} {...(tone ? { tone } : {})} />}
          {label} <b>{answer?.counts[state ?? 'all'] ?? ''}</b>
        </button>
      ))}
      <span className="hide-m hide-n">
        <Choice label="Tag" value={filter.tag} options={answer?.tags ?? []} onChoose={(tag) => onFilter({ tag })} />
        <Choice
          label="Owner"
          value={filter.owner}
          options={answer?.owners ?? []}
          onChoose={(owner) => onFilter({ owner })}
        />
      </span>
      <span className="end">
        <CopyButton text={location.href}>Copy link</CopyButton>
        <Menu
          trigger={
            <button type="button" className="b">
              {SORTS.find(({ value }) => value === (filter.sort ?? ''))?.label ?? filter.sort}
              <Glyph name="i-down" size={12} />
              <span className="vh">Change the order</span>
            </button>
          }
        >
          <MenuChoice
            value={filter.sort ?? ''}
            onChoose={(sort) => onFilter({ sort: sort || undefined })}
            options={SORTS}
          />
        </Menu>
      </span>
    </div>
  );
}

const REST_MS = 150;

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** What is typed is looked for when the typing rests; what is in the address comes in when it changes by itself. */
function NameField({ value, onChange, field }: FieldProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait.
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label className="in name-in">
      <Glyph name="i-search" />
      <input
        ref={field}
        type="search"
        placeholder="Filter workflows"
        aria-label="Filter workflows"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed === '') event.currentTarget.blur();
        }}
      />
      <kbd>/</kbd>
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly string[];
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  if (options.length === 0) return null;
  return (
    <Menu
      trigger={
        <button type="button" className="b ghost" {...(value ? { 'data-on': '' } : {})}>
          {value ? `${label}: ${value}` : label}
          <Glyph name="i-down" size={12} />
        </button>
      }
    >
      <MenuChoice
        value={value ?? ''}
        onChoose={(chosen) => onChoose(chosen || undefined)}
        options={[
          { value: '', label: `Any ${label.toLowerCase()}` },
          ...options.map((option) => ({ value: option, label: option })),
        ]}
      />
    </Menu>
  );
}
