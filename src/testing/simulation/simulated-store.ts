import { MillraceError } from '../../model/errors.ts';
import type { Readings } from '../../store/readings.ts';
import type { Queries, Store, Tx } from '../../store/store.ts';
import type { Process } from './scheduler.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** How a transaction ends, decided by the seed when its body is through. */
type Ending = 'commit' | 'fail' | 'unknown' | 'again' | 'crash before' | 'crash after';

class BodyAgain extends Error {}

/**
 * The store as one process sees it: the real one, with everything between that can happen to a client of a database.
 * Beginning, verbs and commit are points at which others go on; a transaction may fail before its commit, after it, or
 * be run again; the database may be away; the process may die, and then its open transaction is rolled back.
 */
export class SimulatedStore implements Store {
  readonly dialect = 'sqlite' as const;
  readonly queries: Queries;
  readonly readings: Readings;
  readonly #world: World;
  readonly #process: Process;
  readonly #crash: () => void;
  #open = false;
  #telling = false;
  #verbs: Tx | null = null;
  /** The verb of the transaction that was called last. */
  #before: Promise<unknown> = Promise.resolve();
  readonly #watchers = new Set<() => void>();

  constructor(world: World, process: Process, crash: () => void) {
    this.#world = world;
    this.#process = process;
    this.#crash = crash;
    this.queries = this.#pointed(world.store.queries, 'query', (read) => world.exclusive(read)) as Queries;
    // The engine asks none of them.
    this.readings = world.store.readings;
  }

  async transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const { scheduler, random, profile, calm } = this.#world;
    await this.#point('begin');
    this.#reachable();
    if (!calm && random.chance(profile.commitDelayed))
      await scheduler.sleep(this.#process, random.int(1, 1500), 'slow');
    const { result, ending } = await this.#world.exclusive(() => this.#attempt(body));
    if (ending === 'crash after') {
      this.#crash();
      await this.#point('dead');
    }
    await this.#point('committed');
    if (ending === 'unknown') {
      this.#world.totals.unknownOutcomes += 1;
      throw unavailable('the connection ended during the commit');
    }
    return result as T;
  }

  async #attempt<T>(body: (tx: Tx) => Promise<T>): Promise<{ result: T | null; ending: Ending }> {
    for (;;) {
      // Who died while waiting for its turn has no turn.
      if (this.#process.gone) return { result: null, ending: 'commit' };
      let ending: Ending = 'commit';
      try {
        const result = await this.#world.store.transaction(async (tx) => {
          this.#open = true;
          this.#before = Promise.resolve();
          try {
            const result = await Promise.race([body(this.#wrapped(tx)), this.#process.death]);
            ending = this.#drawEnding();
            if (ending === 'fail') throw unavailable('the commit failed');
            if (ending === 'again') throw new BodyAgain();
            if (ending === 'crash before') {
              this.#crash();
              throw new Error('crash');
            }
            return result;
          } finally {
            this.#open = false;
          }
        });
        this.#world.committed(this.#process.name, this.#tell);
        return { result, ending };
      } catch (error) {
        if (this.#process.gone) return { result: null, ending: 'commit' };
        if (!(error instanceof BodyAgain)) throw error;
        this.#world.totals.repeatedBodies += 1;
        this.#world.note(this.#process.name, 'body again');
      }
    }
  }

  #drawEnding(): Ending {
    const { random, profile, calm, totals } = this.#world;
    if (calm) return 'commit';
    if (this.#world.away || random.chance(profile.commitFails)) {
      totals.failedCommits += 1;
      return 'fail';
    }
    if (random.chance(profile.bodyAgain)) return 'again';
    if (random.chance(profile.commitUnknown)) return 'unknown';
    if (random.chance(profile.crashAtCommit)) return random.chance(0.5) ? 'crash before' : 'crash after';
    return 'commit';
  }

  #wrapped(tx: Tx): Tx {
    if (!this.#verbs) {
      const { sabotage, database } = this.#world;
      const real = sabotage ? sabotage(tx, database) : tx;
      const aggregates = Object.entries(real).map(([name, verbs]) => [name, this.#pointed(verbs, name, null)]);
      this.#verbs = Object.fromEntries(aggregates) as unknown as Tx;
    }
    return this.#verbs;
  }

  #pointed(verbs: object, name: string, turn: (<T>(read: () => Promise<T>) => Promise<T>) | null): object {
    const pointed = Object.entries(verbs).map(([verb, real]: [string, (...args: unknown[]) => Promise<unknown>]) => [
      verb,
      async (...args: unknown[]) => {
        if (!turn) return this.#inOrder(() => this.#verb(`${name}.${verb}`, () => real(...args)));
        await this.#point(`${name}.${verb}`);
        this.#reachable();
        return turn(() => real(...args));
      },
    ]);
    return Object.fromEntries(pointed);
  }

  async #verb<T>(label: string, real: () => Promise<T>): Promise<T> {
    const { random, profile } = this.#world;
    if (random.chance(profile.verbPoint)) await this.#point(label);
    this.#reachable();
    if (!this.#open) this.#world.report(new Error(`${label} was called outside of its transaction`));
    return real();
  }

  /** A connection does one thing after the other, in the order in which it was asked. */
  #inOrder<T>(verb: () => Promise<T>): Promise<T> {
    const turn = this.#before.then(verb);
    this.#before = turn.catch(() => {});
    return turn;
  }

  #reachable(): void {
    if (this.#world.away) throw unavailable('nobody answers');
  }

  #point(label: string): Promise<void> {
    return this.#world.scheduler.step(this.#process, label);
  }

  /** Somebody else has committed: who watches hears of it soon, and once for many. */
  readonly #tell = (): void => {
    if (this.#telling) return;
    this.#telling = true;
    this.#world.scheduler.after(this.#process, this.#world.random.int(1, 200), 'watch', () => {
      this.#telling = false;
      for (const watcher of this.#watchers) watcher();
    });
  };

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    this.#world.watchers.add(this.#tell);
    return () => {
      this.#watchers.delete(onChange);
      this.#world.watchers.delete(this.#tell);
    };
  }

  migrate(): Promise<{ from: number; to: number }> {
    return this.#world.store.migrate();
  }

  version(): Promise<{ current: number; wanted: number }> {
    return this.#world.store.version();
  }

  async close(): Promise<void> {
    demand(!this.#open, 'simulation', () => 'the store was closed in a transaction');
  }
}

function unavailable(why: string): MillraceError {
  return new MillraceError('store_unavailable', `the database cannot be used now: ${why}`);
}
