import type { BackfillForm } from '../../live/backfill-queries.ts';
import type { BackfillPreview, Workflow } from '../../live/types.ts';
import { Glyph, type GlyphName } from '../../parts/glyph.tsx';
import { many } from '../../parts/many.ts';
import type { FormSearch } from './form-state.ts';

interface SettingsProps {
  readonly workflow: Workflow;
  readonly search: FormSearch & { readonly from: string; readonly to: string };
  readonly form: BackfillForm | undefined;
  readonly problem: string | undefined;
  readonly preview: BackfillPreview | undefined;
  readonly conf: string;
  readonly onConf: (text: string) => void;
  readonly onChange: (change: FormSearch) => void;
}

export function Settings({ workflow, search, form, problem, preview, conf, onConf, onChange }: SettingsProps) {
  const { choices } = preview ?? {};
  const reprocess = form?.reprocess ?? 'none';
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="fld plain">
        <legend className="lb">Dates, both included, UTC</legend>
        <div className="two">
          <label className="in w">
            <span className="vh">From</span>
            <input
              type="date"
              value={search.from.slice(0, 10)}
              onChange={(event) => onChange({ from: event.target.value })}
            />
          </label>
          <label className="in w">
            <span className="vh">To</span>
            <input
              type="date"
              value={search.to.slice(0, 10)}
              onChange={(event) => onChange({ to: event.target.value })}
            />
          </label>
        </div>
        {problem && <p className="hint bad">{problem}</p>}
      </fieldset>
      <fieldset className="fld plain">
        <legend className="lb">Dates that have a run already</legend>
        <div className="opts">
          <Option
            value="none"
            chosen={reprocess}
            count={choices?.none}
            title="Leave them"
            text={choices ? `only ${what(choices.none, 'date')} without a run` : 'only dates without a run'}
            onChange={onChange}
          />
          <Option
            value="failed"
            chosen={reprocess}
            count={choices?.failed}
            title="Run failed ones again"
            text={choices ? clears(choices.failed - choices.none) : 'clears them in place; their ids stay'}
            onChange={onChange}
          />
          <Option
            value="completed"
            chosen={reprocess}
            count={choices?.completed}
            title="Run all finished ones again"
            text={choices ? also(choices.completed - choices.failed) : 'also those that succeeded'}
            onChange={onChange}
          />
        </div>
      </fieldset>
      <div className="two">
        <div className="fld">
          <label htmlFor="at-once">Runs at once</label>
          <div className="in w">
            <input
              id="at-once"
              type="number"
              min={1}
              value={search.atOnce ?? 10}
              onChange={(event) => onChange({ atOnce: Number(event.target.value) || undefined })}
            />
          </div>
          <p className="hint">apart from the DAG's own limit of {workflow.max_active_runs}</p>
        </div>
        <fieldset className="fld plain">
          <legend className="lb">Order</legend>
          <div className="seg wide">
            <button
              type="button"
              aria-pressed={search.order !== 'newest'}
              onClick={() => onChange({ order: undefined })}
            >
              Oldest
            </button>
            <button
              type="button"
              aria-pressed={search.order === 'newest'}
              onClick={() => onChange({ order: 'newest' })}
            >
              Newest
            </button>
          </div>
          <p className="hint">goes first</p>
        </fieldset>
      </div>
      <div className="fld">
        <label htmlFor="params">Parameters</label>
        <div className="in w m">
          <input
            id="params"
            type="text"
            value={conf}
            spellCheck={false}
            onChange={(event) => onConf(event.target.value)}
          />
        </div>
      </div>
      {preview && <Before preview={preview} />}
    </form>
  );
}

/** `the 8 dates`, `the 1 date`. */
const what = (n: number, one: string) => (n === 0 ? `${one}s` : `the ${many(n, one)}`);

function clears(runs: number): string {
  if (runs === 0) return 'none of them failed';
  return runs === 1 ? 'clears 1 run in place; its id stays' : `clears ${many(runs, 'run')} in place; their ids stay`;
}

const also = (runs: number) =>
  runs === 0
    ? 'none of them ended otherwise'
    : `also ${many(runs, 'run')} that succeeded or ${runs === 1 ? 'was' : 'were'} cancelled`;

interface OptionProps {
  readonly value: string;
  readonly chosen: string;
  readonly count: number | undefined;
  readonly title: string;
  readonly text: string;
  readonly onChange: SettingsProps['onChange'];
}

function Option({ value, chosen, count, title, text, onChange }: OptionProps) {
  return (
    <label className="opt">
      <input
        type="radio"
        name="reprocess"
        checked={value === chosen}
        onChange={() => onChange({ reprocess: value === 'none' ? undefined : value })}
      />
      <span>
        <b>{title}</b>
        <span>{text}</span>
      </span>
      <b>{count ?? ''}</b>
    </label>
  );
}

const GLYPHS: Partial<Record<BackfillPreview['warnings'][number]['kind'], GlyphName>> = {
  pool: 'i-pool',
  paused: 'i-pause',
  open_backfill: 'i-block',
};

function Before({ preview: { warnings, passing } }: { readonly preview: BackfillPreview }) {
  return (
    <div className="fld">
      <h3 className="lb">Before you start</h3>
      {warnings.map(({ kind, text }) => (
        <p className="note" key={text}>
          <Glyph name={GLYPHS[kind] ?? 'i-late'} tone="late" />
          <span>{text}</span>
        </p>
      ))}
      {passing.length > 0 && (
        <p className="note">
          <Glyph name="i-check" tone="success" />
          <span>{passing.join(' ')}</span>
        </p>
      )}
    </div>
  );
}
