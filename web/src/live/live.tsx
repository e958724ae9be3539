import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { LiveEvent, Subscription } from '../../../src/client/events.ts';
import { subscribeShared } from './shared-subscription.ts';

export interface Connection {
  readonly state: 'connecting' | 'live' | 'away';
  /** When the page last knew that what it shows is true, in milliseconds since the epoch. */
  readonly lastTruth: number;
  /** When it tries again, while it is away. */
  readonly nextTry: number | undefined;
  tryNow(): void;
}

type Listener = (events: readonly LiveEvent[]) => void;

/** Hears what happens, until the returned function is called. */
type Listen = (listener: Listener) => () => void;

const ConnectionContext = createContext<Connection | undefined>(undefined);
/** By itself: who only listens is not drawn anew with every message. */
const ListenContext = createContext<Listen | undefined>(undefined);

/** One stream of events for the page: it says what has changed, and whether what is shown is still true. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [status, setStatus] = useState<Omit<Connection, 'tryNow'>>({
    state: 'connecting',
    lastTruth: Date.now(),
    nextTry: undefined,
  });
  const listeners = useMemo(() => new Set<Listener>(), []);
  const [subscription, setSubscription] = useState<Subscription>();

  useEffect(() => {
    const made = subscribeShared({
      baseUrl: location.origin,
      onEvents: (events) => {
        setStatus((was) => ({ ...was, lastTruth: Date.now() }));
        for (const listener of listeners) listener(events);
        // What was missed is not known: everything that is on screen is read anew.
        if (events.some(({ kind }) => kind === 'reset')) void queries.invalidateQueries();
      },
      onStatus: ({ state, nextTry }) => {
        setStatus((was) => ({ state, nextTry, lastTruth: state === 'live' ? Date.now() : was.lastTruth }));
        if (state === 'live') void queries.invalidateQueries({ type: 'active', stale: true });
      },
    });
    setSubscription(made);
    return () => made.close();
  }, [queries, listeners]);

  const connection = useMemo<Connection>(
    () => ({ ...status, tryNow: () => subscription?.tryNow() }),
    [status, subscription],
  );
  const listen = useCallback<Listen>(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [listeners],
  );
  return (
    <ListenContext value={listen}>
      <ConnectionContext value={connection}>{children}</ConnectionContext>
    </ListenContext>
  );
}

function provided<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no LiveProvider above');
  return value;
}

export const useConnection = (): Connection => provided(useContext(ConnectionContext));

export const useListen = (): Listen => provided(useContext(ListenContext));

/** Whether an event is about what a query shows. */
export type Concern = (event: LiveEvent) => boolean;

/** A burst of events is one reading; the first of a burst is read at once. */
const REST_MS = 250;

/**
 * Reads the queries under `key` again when something happens that concerns them: at once, and then at most four times a
 * second as long as it goes on, or as often as `restMs` says.
 */
export function useRefresh(key: readonly unknown[], concerns: Concern, restMs = REST_MS): void {
  const listen = useListen();
  const queries = useQueryClient();
  const name = JSON.stringify(key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `concerns` is a new function each time; what it means changes with the key.
  useEffect(() => {
    let resting: ReturnType<typeof setTimeout> | undefined;
    let again = false;
    const read = () => {
      again = false;
      void queries.invalidateQueries({ queryKey: key });
      resting = setTimeout(() => {
        resting = undefined;
        if (again) read();
      }, restMs);
    };
    const stop = listen((events) => {
      if (!events.some(concerns)) return;
      if (resting === undefined) read();
      else again = true;
    });
    return () => {
      stop();
      clearTimeout(resting);
    };
  }, [name, listen, queries, restMs]);
}
