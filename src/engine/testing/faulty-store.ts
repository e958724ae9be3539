import { MillraceError } from '../../model/errors.ts';
import type { Readings } from '../../store/readings.ts';
import type { Queries, Store, Tx } from '../../store/store.ts';

/**
 * A store that can be away, as it is without its database; or dead to whoever holds it, as it is to a process that was
 * killed. `wrap` may break single verbs.
 */
export class FaultyStore implements Store {
  readonly #inner: Store;
  fault: 'none' | 'away' | 'dead' = 'none';
  wrap: (tx: Tx) => Tx = (tx) => tx;
  /** Transactions that were tried while the store was away. */
  refused = 0;

  constructor(inner: Store) {
    this.#inner = inner;
  }

  get dialect(): Store['dialect'] {
    return this.#inner.dialect;
  }

  get queries(): Queries {
    return this.#inner.queries;
  }

  get readings(): Readings {
    return this.#inner.readings;
  }

  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.fault === 'dead') return new Promise(() => {});
    if (this.fault === 'away') {
      this.refused += 1;
      return Promise.reject(new MillraceError('store_unavailable', 'the database is away', { fix: 'Start it.' }));
    }
    return this.#inner.transaction((tx) => body(this.wrap(tx)));
  }

  /** Nothing is announced, as to a process that does not listen: what is dead is not to be woken. */
  watch(): () => void {
    return () => {};
  }

  migrate(): ReturnType<Store['migrate']> {
    return this.#inner.migrate();
  }

  version(): ReturnType<Store['version']> {
    return this.#inner.version();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
