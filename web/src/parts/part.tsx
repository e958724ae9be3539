import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../live/api.ts';
import { Glyph } from './glyph.tsx';

interface PartProps<T> {
  readonly query: UseQueryResult<T, Error>;
  /** What is being read, for the error: `the runs`. */
  readonly what: string;
  /** Rows that stand there while it loads; default 6. */
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

/**
 * A part of a page that loads and fails by itself: nothing for 200 ms, then still rows; what was there stays while the new
 * comes; an error in its own place, with a way to try again.
 */
export function Part<T>({ query, what, rows = 6, children }: PartProps<T>) {
  const { data, error, isFetching, refetch } = query;
  const isOld = useLater(isFetching && query.isPlaceholderData, 400);
  if (data === undefined)
    return error ? <Failed what={what} error={error} again={() => void refetch()} /> : <Rows rows={rows} />;
  // That the server is away is said on top of the page, once.
  const isTold = error !== null && !(error instanceof ApiError);
  return (
    <>
      {error && !isTold && <Failed what={what} error={error} again={() => void refetch()} />}
      {isOld ? <div className="stale">{children(data)}</div> : children(data)}
    </>
  );
}

export function Failed({
  what,
  error,
  again,
}: {
  readonly what: string;
  readonly error: Error;
  readonly again: () => void;
}) {
  return (
    <div className="say failed" role="alert">
      <Glyph name="failed" />
      <span>
        <b>Could not read {what}:</b> {error.message}
      </span>
      <button type="button" className="b" onClick={again}>
        Try again
      </button>
    </div>
  );
}

const WIDTHS = [210, 160, 240, 180, 200, 150];

function Rows({ rows }: { readonly rows: number }) {
  const shown = useLater(true, 200);
  return (
    <div className="skel" aria-busy="true">
      {Array.from({ length: rows }, (_, n) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: still rows, all alike.
          key={n}
          style={{ '--a': `${WIDTHS[n % WIDTHS.length]}px`, visibility: shown ? 'visible' : 'hidden' } as object}
        />
      ))}
    </div>
  );
}

/** True once `value` has been true for so long. */
function useLater(value: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!value) return setLate(false);
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late && value;
}
