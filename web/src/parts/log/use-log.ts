import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { LOG_CHUNK, type LogFilter, logFrom, logTail, type RunName } from '../../live/run-queries.ts';
import type { LogLine, LogLines } from '../../live/types.ts';

interface Loaded {
  readonly answer: LogLines;
  /** Lines in order; between the first and the last none is missing. */
  readonly lines: readonly LogLine[];
}

interface State {
  readonly loaded: Loaded | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
}

type Action =
  | { readonly kind: 'asked' }
  | { readonly kind: 'read'; readonly answer: LogLines; readonly how: 'anew' | 'before' | 'after' }
  | { readonly kind: 'failed'; readonly error: Error };

function reduce(state: State, action: Action): State {
  if (action.kind === 'asked') return { ...state, isLoading: true };
  if (action.kind === 'failed') return { ...state, error: action.error, isLoading: false };
  const { answer, how } = action;
  const had = how === 'anew' ? [] : (state.loaded?.lines ?? []);
  const first = had[0]?.n ?? Number.POSITIVE_INFINITY;
  const last = had.at(-1)?.n ?? 0;
  const lines =
    how === 'before'
      ? [...answer.lines.filter(({ n }) => n < first), ...had]
      : [...had, ...answer.lines.filter(({ n }) => n > last)];
  return { loaded: { answer, lines }, error: undefined, isLoading: false };
}

/**
 * A log by ranges, the tail first: 100,000 lines are never there at once. What is before is read when one scrolls there,
 * what comes is read when `changes` grows.
 */
export function useLog(run: RunName, filter: LogFilter, changes: number) {
  const [state, dispatch] = useReducer(reduce, { loaded: undefined, error: undefined, isLoading: true });
  const queries = useQueryClient();
  const key = JSON.stringify([run, filter]);
  const busy = useRef<AbortController>(undefined);

  const ask = useCallback((how: 'anew' | 'before' | 'after', question: (signal: AbortSignal) => Promise<LogLines>) => {
    if (how === 'anew') busy.current?.abort();
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
    ask('anew', (signal) => logTail(run, filter, signal));
    return () => {
      busy.current?.abort();
      busy.current = undefined;
    };
  }, [key, ask, queries]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only news starts it.
  useEffect(() => {
    const last = state.loaded?.lines.at(-1)?.n;
    if (changes > 0 && state.loaded) ask('after', (signal) => logFrom(run, filter, (last ?? 0) + 1, LOG_CHUNK, signal));
  }, [changes]);

  const { lines = [], answer } = state.loaded ?? {};
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
    /** Reads the place around a line, in place of what is there. */
    jump: (n: number) => ask('anew', (signal) => logFrom(run, filter, Math.max(1, n - 50), LOG_CHUNK, signal)),
    again: () => ask('anew', (signal) => logTail(run, filter, signal)),
  };
}
