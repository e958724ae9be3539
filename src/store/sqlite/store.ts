import { type Clock, sleep, systemClock } from '../../model/clock.ts';
import { MIGRATIONS, refuseNewer } from '../migrations.ts';
import type { Readings } from '../readings.ts';
import { accessIn } from '../sql/access.ts';
import { backfillsIn } from '../sql/backfills.ts';
import { instanceNamesIn } from '../sql/instance-names.ts';
import { notesIn } from '../sql/notes.ts';
import { queriesOver } from '../sql/queries.ts';
import { readingsOver } from '../sql/readings.ts';
import { importErrorsIn, poolsIn, sealedIn, serversIn, timersIn } from '../sql/registers.ts';
import { workflowsIn } from '../sql/workflows.ts';
import type { Queries, Store, Tx } from '../store.ts';
import { asStoreError, Database, isBusy } from './database.ts';
import { instancesIn } from './instances.ts';
import { journalIn, limitsIn } from './journal.ts';
import { outputsIn } from './outputs.ts';
import { Reader } from './reader.ts';
import { runsIn } from './runs.ts';
import { cacheIn, stepsIn } from './steps.ts';

/** How often another process's changes are looked for; the look reads one page of shared memory. */
const WATCH_MS = 100;
/** How long a transaction waits for another process's, and how often it looks. */
const BUSY_MS = 5000;
const BUSY_LOOK_MS = 2;

/**
 * The embedded store: one SQLite file, one writer. Transactions queue up behind each other in this process; a second
 * process (a command of the CLI) waits on SQLite's own lock, and while it does, this process goes on. Reads for people have a connection of their own and never
 * wait for a transaction.
 */
export class SqliteStore implements Store {
  readonly dialect = 'sqlite' as const;
  readonly queries: Queries;
  readonly readings: Readings;
  readonly #path: string;
  readonly #writer: Database;
  readonly #reader: Database;
  readonly #thread: Reader | undefined;
  readonly #tx: Tx;
  readonly #clock: Clock;
  readonly #watches = new Set<() => void>();
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(path: string, options: { readonly writer?: Database; readonly clock?: Clock }) {
    const { writer = new Database(path), clock = systemClock } = options;
    this.#path = path;
    this.#clock = clock;
    this.#writer = writer;
    // An in-memory database is seen by its own connection only: its readers queue up behind the transactions.
    this.#reader = path === ':memory:' ? this.#writer : new Database(path, { readonly: true });
    this.#tx = transactionVerbs(this.#writer);
    const queries = queriesOver(this.#reader);
    this.queries = path === ':memory:' ? queued(queries, (read) => this.#exclusive(read)) : queries;
    this.#thread = path === ':memory:' ? undefined : new Reader(path);
    const readings = readingsOver(this.#thread ?? this.#reader);
    this.readings = this.#thread ? readings : queued(readings, (read) => this.#exclusive(read));
  }

  /** Opens the file, making it where there is none. Call migrate() before anything else. */
  static open(path: string, options: { readonly clock?: Clock } = {}): SqliteStore {
    return new SqliteStore(path, options);
  }

  /** A store in memory, on a connection that its caller may look at between transactions. */
  static inMemory(connection: Database): SqliteStore {
    return new SqliteStore(':memory:', { writer: connection });
  }

  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#exclusive(() => this.#immediate(() => body(this.#tx)));
  }

  watch(onChange: () => void): () => void {
    let seen = this.#changes();
    let cancel = () => {};
    const look = () => {
      cancel = this.#clock.after(WATCH_MS, () => {
        const now = this.#changes() ?? seen;
        const changed = now !== seen;
        seen = now;
        look();
        if (changed) onChange();
      });
    };
    look();
    const stop = () => {
      cancel();
      this.#watches.delete(stop);
    };
    this.#watches.add(stop);
    return stop;
  }

  async version(): Promise<{ current: number; wanted: number }> {
    const current = Number(this.#writer.connection.pragma('user_version', { simple: true }));
    return { current, wanted: MIGRATIONS.length };
  }

  migrate(): Promise<{ from: number; to: number }> {
    return this.#exclusive(async () => {
      let from: number | null = null;
      // Each step and its number are one transaction: a migration that is cut off is as if it had never begun. The number
      // is read inside, where no other process can be at the same step.
      for (let next = 0; next < MIGRATIONS.length; ) {
        next = await this.#immediate(async () => {
          const { current } = await this.version();
          from ??= current;
          refuseNewer(current);
          const migration = MIGRATIONS[current];
          if (!migration) return current;
          for (const statement of migration.statements('sqlite')) this.#writer.connection.exec(statement);
          this.#writer.connection.pragma(`user_version = ${current + 1}`);
          return current + 1;
        });
      }
      return { from: from ?? MIGRATIONS.length, to: MIGRATIONS.length };
    });
  }

  async close(): Promise<void> {
    for (const stop of this.#watches) stop();
    await this.#thread?.close();
    await this.#exclusive(async () => {
      if (this.#reader !== this.#writer) this.#reader.close();
      this.#writer.close();
    });
  }

  async #immediate<T>(body: () => Promise<T>): Promise<T> {
    const { connection } = this.#writer;
    try {
      await this.#begin();
      const result = await body();
      this.#writer.prepare('COMMIT').run();
      return result;
    } catch (error) {
      if (connection.inTransaction) this.#writer.prepare('ROLLBACK').run();
      throw asStoreError(this.#path, error);
    }
  }

  /** Takes the only writer's place. Another process has it for the length of a transaction, a few milliseconds. */
  async #begin(): Promise<void> {
    const begun = this.#clock.monotonic();
    for (;;) {
      try {
        this.#writer.prepare('BEGIN IMMEDIATE').run();
        return;
      } catch (error) {
        if (!isBusy(error) || this.#clock.monotonic() - begun > BUSY_MS) throw error;
      }
      await sleep(this.#clock, BUSY_LOOK_MS);
    }
  }

  /**
   * A number that changes when another process commits, or null when it cannot be read right now. It does not change for
   * this connection's own commits, and the reader's connection has none.
   */
  #changes(): unknown {
    try {
      return this.#writer.connection.pragma('data_version', { simple: true });
    } catch {
      return null;
    }
  }

  /** One after the other: what runs here has the connection for itself, over every await. */
  #exclusive<T>(body: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(body, body);
    this.#tail = turn.catch(() => {});
    return turn;
  }
}

function transactionVerbs(db: Database): Tx {
  return {
    workflows: workflowsIn(db),
    runs: runsIn(db),
    backfills: backfillsIn(db),
    instances: instancesIn(db),
    outputs: outputsIn(db),
    steps: stepsIn(db),
    cache: cacheIn(db),
    timers: timersIn(db),
    limits: limitsIn(db),
    pools: poolsIn(db),
    servers: serversIn(db),
    connections: sealedIn(db, 'connection'),
    variables: sealedIn(db, 'variable'),
    secrets: sealedIn(db, 'secret'),
    importErrors: importErrorsIn(db),
    access: accessIn(db),
    notes: notesIn(db),
    instanceNames: instanceNamesIn(db),
    ...journalIn(db),
  };
}

/** The same questions, each when its turn has come. */
function queued<T extends object>(questions: T, turn: <R>(read: () => Promise<R>) => Promise<R>): T {
  const inTurn = Object.entries(questions).map(([name, read]) => [
    name,
    (...args: unknown[]) => turn(() => (read as (...args: unknown[]) => Promise<unknown>)(...args)),
  ]);
  return Object.fromEntries(inTurn) as T;
}
