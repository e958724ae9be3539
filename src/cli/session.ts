import { join } from 'node:path';
import { operate } from '../engine/operations.ts';
import type { EngineTransaction } from '../engine/transaction.ts';
import { systemClock } from '../model/clock.ts';
import { MillraceError } from '../model/errors.ts';
import type { Store } from '../store/store.ts';
import { type KeySource, keySource } from '../vault/key-file.ts';
import { Vault } from '../vault/vault.ts';
import { findHome, type Home, makeHome } from './home.ts';
import { describeStore, openStore, STORE_VARIABLE, type StoreLocation, storeLocation } from './store-location.ts';
import type { Terminal } from './terminal.ts';

export interface CommonOptions {
  readonly home?: string;
  readonly store?: string;
  readonly json?: boolean;
}

/** One command's view of a Millrace: its home, its store (opened when it is asked for), and the terminal. */
export class Session {
  readonly clock = systemClock;
  readonly cwd = process.cwd();
  readonly env = process.env;
  readonly terminal: Terminal;
  readonly home: Home;
  readonly location: StoreLocation;
  #store: Promise<Store> | undefined;

  constructor({ home, store }: CommonOptions, terminal: Terminal) {
    this.terminal = terminal;
    this.home = findHome(this.cwd, { home, env: this.env });
    this.location = storeLocation(store ?? this.env[STORE_VARIABLE], { cwd: this.cwd, home: this.home.folder });
  }

  /** The store, with the schema that this program knows; a new one gets it. Throws `store_newer` and `conflict`. */
  store(): Promise<Store> {
    this.#store ??= this.#open();
    return this.#store;
  }

  /** Runs an operation on the store; a server that runs on it notices. */
  async operate<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return operate(await this.store(), this.clock, body);
  }

  get keys(): KeySource {
    return keySource(join(this.home.folder, 'keys'), this.env);
  }

  get vault(): Vault {
    return new Vault(this.keys);
  }

  async close(): Promise<void> {
    const store = await this.#store?.catch(() => undefined);
    this.#store = undefined;
    await store?.close();
  }

  async #open(): Promise<Store> {
    await makeHome(this.home);
    const store = await openStore(this.location);
    try {
      const { current, wanted } = await store.version();
      // Throws store_newer where it is newer.
      if (current === 0 || current > wanted) await store.migrate();
      else if (current < wanted) throw older(this.location, current, wanted);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }
}

function older(location: StoreLocation, current: number, wanted: number): MillraceError {
  return new MillraceError(
    'conflict',
    `the database ${describeStore(location)} has schema version ${current}, this Millrace needs ${wanted}`,
    { fix: 'Stop the servers on it, make a copy, and run: millrace db migrate' },
  );
}
