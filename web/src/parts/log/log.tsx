import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../live/api.ts';
import type { LogFilter, RunName } from '../../live/run-queries.ts';
import type { LogLines } from '../../live/types.ts';
import { useKeys } from '../../shell/keys.tsx';
import { Glyph } from '../glyph.tsx';
import { Failed } from '../part.tsx';
import { lookOf, StateGlyph } from '../state.tsx';
import { LogView } from './log-view.tsx';
import { useLog } from './use-log.ts';

export interface LogProps {
  readonly run: RunName;
  /** `score_customers`, `load_scores #1`: what the log is of. */
  readonly name: string;
  readonly filter: LogFilter;
  /** Goes into the address. */
  readonly onFilter: (change: Partial<LogFilter> & { readonly line?: number | undefined }) => void;
  /** The line that is shown and marked. */
  readonly line: number | undefined;
  /** Grows when lines may have come. */
  readonly changes: number;
  readonly isDocked?: boolean;
}

const LEVELS = ['info', 'warn', 'error'] as const;

/** The log of an instance, or of a flow's run: all attempts, each one, levels, search, the first error. */
export function Log({ run, name, filter, onFilter, line, changes, isDocked = false }: LogProps) {
  const log = useLog(run, filter, changes);
  const { answer, lines, error } = log;
  const [isWrapped, setWrapped] = useState(true);
  const [follows, setFollows] = useState(line === undefined);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const firstError = answer?.first_error ?? null;
  const toError = () => {
    if (firstError === null) return;
    onFilter({ line: firstError });
  };
  // A line that is not among those that are there is read with its surroundings.
  const isThere = line === undefined || lines.some(({ n }) => n === line);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each line that is asked for.
  useEffect(() => {
    if (line !== undefined && !isThere && answer && line <= answer.total) log.jump(line);
  }, [line, isThere, answer === undefined]);
  const full = () => void (document.fullscreenElement ? document.exitFullscreen() : box.current?.requestFullscreen());
  const attempts = answer?.attempts ?? [];
  const step = (by: number) => {
    const numbers = attempts.map(({ try_number: number }) => number);
    const at = filter.attempt === undefined ? numbers.length : numbers.indexOf(filter.attempt);
    onFilter({ attempt: numbers[Math.max(0, Math.min(numbers.length - 1, at + by))], line: undefined });
  };
  useKeys('Log', [
    { keys: '[', what: 'attempt before', run: () => step(-1) },
    { keys: ']', what: 'next attempt', run: () => step(1) },
    // Where the log is a part of a DAG's view, these keys are the grid's.
    ...(isDocked
      ? []
      : [
          { keys: 'e', what: 'first error', hint: true, run: toError },
          {
            keys: 'l',
            what: 'level',
            hint: true,
            run: () => onFilter({ level: nextLevel(filter.level), line: undefined }),
          },
          { keys: '/', what: 'find in the log', run: () => field.current?.focus() },
          { keys: 'f', what: 'full screen', hint: true, run: full },
        ]),
  ]);
  return (
    <div className="log-part" ref={box}>
      <div className="logbar">
        <h2>Log of {name}</h2>
        {attempts.length > 1 && !isDocked && (
          <fieldset className="seg" aria-label="Attempt">
            {attempts.map(({ try_number: number, outcome }) => (
              <button
                key={number}
                type="button"
                aria-pressed={filter.attempt === number}
                aria-label={`Attempt ${number}, ${lookOf(outcome).word.toLowerCase()}`}
                onClick={() => onFilter({ attempt: number, line: undefined })}
              >
                <StateGlyph state={outcome === 'lost' ? 'failed' : outcome} size={12} />
                {number}
              </button>
            ))}
            <button
              type="button"
              aria-pressed={filter.attempt === undefined}
              onClick={() => onFilter({ attempt: undefined, line: undefined })}
            >
              All
            </button>
          </fieldset>
        )}
        <fieldset className="seg" aria-label="Level">
          {LEVELS.map((level) => (
            <button
              key={level}
              type="button"
              aria-pressed={(filter.level ?? 'info') === level}
              onClick={() => onFilter({ level: level === 'info' ? undefined : level, line: undefined })}
            >
              {level.charAt(0).toUpperCase() + level.slice(1)} <span>{answer?.counts[level] ?? ''}</span>
            </button>
          ))}
        </fieldset>
        <FindField
          value={filter.find ?? ''}
          onChange={(find) => onFilter({ find: find || undefined, line: undefined })}
          field={field}
        />
        <span className="end">
          {firstError !== null && (
            <button type="button" className="b" onClick={toError}>
              First error {!isDocked && <kbd>e</kbd>}
            </button>
          )}
          <button
            type="button"
            className="b ghost ico"
            aria-label="Wrap lines"
            aria-pressed={isWrapped}
            onClick={() => setWrapped(!isWrapped)}
          >
            <Glyph name="i-wrap" />
          </button>
          <button type="button" className="b ghost ico" aria-label="Full screen" onClick={full}>
            <Glyph name="i-full" />
          </button>
        </span>
      </div>
      {error && (lines.length === 0 || error instanceof ApiError) && (
        <Failed what="the log" error={error} again={log.again} />
      )}
      {lines.length > 0 ? (
        <LogView
          name={`Log of ${name}`}
          lines={lines}
          attempts={attempts}
          hasBefore={log.hasBefore}
          onBefore={log.before}
          hasAfter={log.hasAfter}
          onAfter={log.after}
          follows={follows}
          onFollows={setFollows}
          isLive={answer?.is_live ?? false}
          line={line}
          find={filter.find}
          isWrapped={isWrapped}
          isDocked={isDocked}
        />
      ) : (
        !log.isLoading && !error && <p className="q3 sm log-none">{nothing(name, filter, answer)}</p>
      )}
      <p className="xs q3 log-foot">
        {answer?.is_live && answer.total > 0 && (
          <Follow
            follows={follows && !log.hasAfter}
            onFollow={() => {
              if (line !== undefined) onFilter({ line: undefined });
              if (log.hasAfter) log.again();
              setFollows(true);
            }}
          />
        )}
        {answer && answer.total > 0 && (
          <span>{answer.total === 1 ? '1 line' : `${answer.total.toLocaleString('en')} lines`}</span>
        )}
      </p>
    </div>
  );
}

const nextLevel = (level: string | undefined) =>
  level === undefined ? 'warn' : level === 'warn' ? 'error' : undefined;

/** Whether the end is kept in sight, and the way back to it. */
function Follow({ follows, onFollow }: { readonly follows: boolean; readonly onFollow: () => void }) {
  if (follows)
    return (
      <span className="st running">
        <Glyph name="running" size={12} />
        Following
      </span>
    );
  return (
    <span>
      Not following{' '}
      <button type="button" className="a" onClick={onFollow}>
        Follow the end
      </button>
    </span>
  );
}

function nothing(name: string, { find, level }: LogFilter, answer: LogLines | undefined): string {
  const total = answer?.total ?? 0;
  if (total === 0) {
    if (!answer || answer.is_live) return 'No line yet.';
    return answer.attempts.length === 0 ? `${name} did not run.` : `${name} wrote no line.`;
  }
  if (find) return `None of ${total} lines has "${find}".`;
  return level ? `None of ${total} lines is of level ${level}.` : 'No line.';
}

interface FindFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly field: React.RefObject<HTMLInputElement | null>;
}

function FindField({ value, onChange, field }: FindFieldProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait.
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label className="in find-in">
      <Glyph name="i-search" />
      <input
        ref={field}
        type="search"
        placeholder="Find"
        aria-label="Find in log"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
