import type { Store } from '../store.ts';

/** A store under test, on an empty database, not yet migrated. */
export interface OpenStore {
  readonly store: Store;
  /** What another process would have open on the same database; null for a database that only one can see. */
  readonly another: (() => Promise<Store>) | null;
  /** Runs a statement behind the store's back, for states that no verb makes; null where nothing else can reach it. */
  readonly sql: ((statement: string) => Promise<void>) | null;
  /** Closes the store, what `another` opened, and removes the database. */
  close(): Promise<void>;
}

export type Open = () => Promise<OpenStore>;

/** A test's body with a migrated store of its own. */
export function withStore(open: Open, body: (store: Store, opened: OpenStore) => Promise<void>): () => Promise<void> {
  return async () => {
    const opened = await open();
    try {
      await opened.store.migrate();
      await body(opened.store, opened);
    } finally {
      await opened.close();
    }
  };
}
