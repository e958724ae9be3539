import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { searchQuery } from '../live/queries.ts';
import { Float } from '../parts/dialog.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { KeyCaps } from '../parts/key-caps.tsx';
import { StateGlyph } from '../parts/state.tsx';
import { useBindings, useKeys } from './keys.tsx';

interface Hit {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly subtitle: string;
  readonly glyph: React.ReactNode;
  readonly keys?: string;
  readonly open: () => void;
}

const GROUPS = { workflow: 'Workflows', run: 'Runs', task: 'Tasks' } as const;

/** `⌘K`: any workflow, run or task by a part of its name, and everything that keys do in this view. */
export function Search({
  open,
  onOpen,
  onClose,
}: {
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}) {
  useKeys('Page', [{ keys: '⌘K', what: 'search', run: onOpen }]);
  const name = useId();
  return (
    <Float open={open} onClose={onClose} labelledBy={name} width={520}>
      <h2 className="vh" id={name}>
        Search
      </h2>
      <Palette onClose={onClose} />
    </Float>
  );
}

function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const hits = useHits(text, onClose);
  const list = useId();
  const here = Math.min(at, Math.max(hits.length - 1, 0));
  const move = (step: number) => setAt(hits.length === 0 ? 0 : (here + step + hits.length) % hits.length);
  return (
    <>
      <div className="fh">
        <label className="in w search-in">
          <Glyph name="i-search" />
          <input
            type="search"
            role="combobox"
            aria-label="Search everything"
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={hits[here] ? `${list}-${here}` : undefined}
            placeholder="Workflow, run, task or action"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown') move(1);
              else if (event.key === 'ArrowUp') move(-1);
              else if (event.key === 'Enter') hits[here]?.open();
              else if (event.key === 'Escape') onClose();
              else return;
              event.preventDefault();
            }}
          />
          <kbd>esc</kbd>
        </label>
      </div>
      <div className="pal" role="listbox" id={list} aria-label="Found">
        {hits.map((hit, n) => (
          <div key={hit.key} role="presentation">
            {hits[n - 1]?.group !== hit.group && (
              <div className="grp" role="presentation">
                {hit.group}
              </div>
            )}
            <div
              role="option"
              title={`${hit.title} ${hit.subtitle}`}
              id={`${list}-${n}`}
              aria-selected={n === here}
              className={n === here ? 'hit sel' : 'hit'}
              ref={(element) => {
                if (n === here) element?.scrollIntoView({ block: 'nearest' });
              }}
              onClick={hit.open}
            >
              {hit.glyph}
              <span>
                <Marked text={hit.title} words={text} /> <span className="q3">{hit.subtitle}</span>
              </span>
              {hit.keys ? (
                <span className="hit-keys">
                  <KeyCaps keys={hit.keys} />
                </span>
              ) : (
                <span />
              )}
            </div>
          </div>
        ))}
      </div>
      {hits.length === 0 && <p className="fb q2">{text ? `Nothing is called ${text}.` : 'Type a part of a name.'}</p>}
    </>
  );
}

function useHits(text: string, onClose: () => void): readonly Hit[] {
  const navigate = useNavigate();
  const groups = useBindings();
  const { data } = useQuery(searchQuery(text.trim()));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (text.trim() === '' ? [] : (data?.items ?? [])).map((item): Hit => {
    const run = item.dag_run_id;
    const to =
      run === null
        ? `/workflows/${encodeURIComponent(item.dag_id)}`
        : `/workflows/${encodeURIComponent(item.dag_id)}/runs/${encodeURIComponent(run)}`;
    return {
      key: `${item.kind} ${item.dag_id} ${run} ${item.task_id}`,
      group: GROUPS[item.kind],
      title: item.title,
      subtitle: item.subtitle,
      glyph:
        item.state === null ? (
          <Glyph name={item.workflow_kind === 'flow' ? 'i-flow' : 'i-dag'} />
        ) : (
          <StateGlyph state={item.state} />
        ),
      open: () => {
        onClose();
        void navigate({ to, ...(item.task_id === null ? {} : { search: { task: item.task_id } }) } as never);
      },
    };
  });
  const actions = groups
    .flatMap(({ bindings }) => bindings)
    .filter(({ what, keys }, n, all) => keys !== '⌘K' && all.findIndex((each) => each.what === what) === n)
    .filter(({ what }) => words.every((word) => what.toLowerCase().includes(word)))
    .map(
      ({ keys, what, run }): Hit => ({
        key: `action ${keys}`,
        group: 'Actions',
        title: what.charAt(0).toUpperCase() + what.slice(1),
        subtitle: '',
        keys,
        glyph: <Glyph name="i-play" />,
        open: () => {
          onClose();
          // The dialog gives the focus back first.
          setTimeout(run);
        },
      }),
    );
  return [...found, ...actions];
}

function Marked({ text, words }: { readonly text: string; readonly words: string }) {
  const wanted = words.trim().split(/\s+/).filter(Boolean).map(literally);
  if (wanted.length === 0) return text;
  return text.split(new RegExp(`(${wanted.join('|')})`, 'i')).map((piece, n) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text.
    n % 2 === 1 ? <mark key={n}>{piece}</mark> : piece,
  );
}

const literally = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
