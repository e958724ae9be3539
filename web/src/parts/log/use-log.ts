import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { LOG_CHUNK, type LogFilter, logFrom, logTail, type RunName } from '../../live/run-queries.ts';
import type { LogLine, LogLines } from '../../live/types.ts';

interface Loaded {
  readonly answer: LogLines;
  /** Lines in order; between the first and the last none is missing. */
  readonly lines: readonly LogLine[];
  /** Whether there is nothing behind the last one, but what comes. */
  readonly isAtEnd: boolean;
}

interface State {
  readonly loaded: Loaded | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
}

/** The tail; the place of a line; what is before or behind what is there. */
type How = 'tail' | 'place' | 'before' | 'after';

type Action =
  | { readonly kind: 'asked' }
  | { readonly kind: 'read'; readonly answer: LogLines; readonly how: How }
  | { readonly kind: 'failed'; readonly error: Error };

function reduce(state: State, action: Action): State {
  if (action.kind === 'asked') return { ...state, isLoading: true };
  if (action.kind === 'failed') return { ...state, error: action.error, isLoading: false };
  const { answer, how } = action;
  const had = how === 'tail' || how === 'place' ? [] : (state.loaded?.lines ?? []);
  const first = had[0]?.n ?? Number.POSITIVE_INFINITY;
  const last = had.at(-1)?.n ?? 0;
  const lines =
    how === 'before'
      ? [...answer.lines.filter(({ n }) => n < first), ...had]
      : [...had, ...answer.lines.filter(({ n }) => n > last)];
  const isAtEnd =
    how === 'tail' || (how === 'before' ? state.loaded?.isAtEnd === true : answer.lines.length < LOG_CHUNK);
  return { loaded: { answer, lines, isAtEnd }, error: undefined, isLoading: false };
}

/** How often a log that goes on is asked for what has come, while somebody can see it. */
const LIVE_MS = 1_000;

/**
 * A log by ranges, the tail first: 100,000 lines are never there at once. What is before or behind is read when one
 * scrolls there; what comes is read when `changes` grows and, as long as more can come, every second.
 */
export function useLog(run: RunName, filter: LogFilter, changes: number) {
  const [state, dispatch] = useReducer(reduce, { loaded: undefined, error: undefined, isLoading: true });
  const queries = useQueryClient();
  const key = JSON.stringify([run, filter]);
  const busy = useRef<AbortController>(undefined);

  const ask = useCallback((how: How, question: (signal: AbortSignal) => Promise<LogLines>) => {
    if (how === 'tail' || how === 'place') busy.current?.abort();
    else if (busy.current) return;
    const asking = new AbortController();
    busy.current = asking;
    dispatch({ kind: 'asked' });
    question(asking.signal)
      .then((answer) => dispatch({ kind: 'read', answer, how }))
      .catch((error: Error) => {
        if (!asking.signal.aborted) dispatch({ kind: 'failed', error });
      })
      .finally(() => {
        if (busy.current === asking) busy.current = undefined;
      });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for run and filter.
  useEffect(() => {
    ask('tail', (signal) => logTail(run, filter, signal));
    return () => {
      busy.current?.abort();
      busy.current = undefined;
    };
  }, [key, ask, queries]);

  const { lines = [], answer, isAtEnd = true } = state.loaded ?? {};
  const after = () => {
    if (state.loaded) ask('after', (signal) => logFrom(run, filter, (lines.at(-1)?.n ?? 0) + 1, LOG_CHUNK, signal));
  };
  const news = useRef(after);
  news.current = after;
  // Where one looks at a place far before the end, the end is not what one waits for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only news starts it.
  useEffect(() => {
    if (changes > 0 && isAtEnd) news.current();
  }, [changes]);
  const isFollowed = answer?.is_live === true && isAtEnd;
  useEffect(() => {
    if (!isFollowed) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') news.current();
    }, LIVE_MS);
    return () => clearInterval(timer);
  }, [isFollowed]);

  const firstN = lines[0]?.n;
  return {
    ...state,
    lines,
    answer,
    hasBefore: firstN !== undefined && firstN > 1 && !filter.find && !filter.level,
    before: () => {
      if (firstN === undefined || firstN <= 1) return;
      const from = Math.max(1, firstN - LOG_CHUNK);
      ask('before', (signal) => logFrom(run, filter, from, firstN - from, signal));
    },
    hasAfter: !isAtEnd,
    after,
    /** Reads the place around a line, in place of what is there. */
    jump: (n: number) => ask('place', (signal) => logFrom(run, filter, Math.max(1, n - 50), LOG_CHUNK, signal)),
    again: () => ask('tail', (signal) => logTail(run, filter, signal)),
  };
}
