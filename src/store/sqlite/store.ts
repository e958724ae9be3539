import { MIGRATIONS, refuseNewer } from '../migrations.ts';
import { queriesOver } from '../sql/queries.ts';
import { importErrorsIn, poolsIn, sealedIn, serversIn, timersIn } from '../sql/registers.ts';
import { workflowsIn } from '../sql/workflows.ts';
import type { Queries, Store, Tx } from '../store.ts';
import { asStoreError, Database } from './database.ts';
import { instancesIn } from './instances.ts';
import { journalIn, limitsIn } from './journal.ts';
import { outputsIn } from './outputs.ts';
import { runsIn } from './runs.ts';
import { cacheIn, stepsIn } from './steps.ts';

/** How often another process's changes are looked for; the look reads one page of shared memory. */
const WATCH_MS = 100;

/**
 * The embedded store: one SQLite file, one writer. Transactions queue up behind each other in this process; a second
 * process (a command of the CLI) waits on SQLite's own lock. Reads for people have a connection of their own and never
 * wait for a transaction.
 */
export class SqliteStore implements Store {
  readonly dialect = 'sqlite' as const;
  readonly queries: Queries;
  readonly #path: string;
  readonly #writer: Database;
  readonly #reader: Database;
  readonly #tx: Tx;
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(path: string, writer = new Database(path)) {
    this.#path = path;
    this.#writer = writer;
    // An in-memory database is seen by its own connection only: its readers queue up behind the transactions.
    this.#reader = path === ':memory:' ? this.#writer : new Database(path, { readonly: true });
    this.#tx = transactionVerbs(this.#writer);
    const queries = queriesOver(this.#reader);
    this.queries = path === ':memory:' ? queuedQueries(queries, (read) => this.#exclusive(read)) : queries;
  }

  /** Opens the file, making it where there is none. Call migrate() before anything else. */
  static open(path: string): SqliteStore {
    return new SqliteStore(path);
  }

  /** A store in memory, on a connection that its caller may look at between transactions. */
  static inMemory(connection: Database): SqliteStore {
    return new SqliteStore(':memory:', connection);
  }

  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#exclusive(async () => {
      const { connection } = this.#writer;
      try {
        this.#writer.prepare('BEGIN IMMEDIATE').run();
        const result = await body(this.#tx);
        this.#writer.prepare('COMMIT').run();
        return result;
      } catch (error) {
        if (connection.inTransaction) this.#writer.prepare('ROLLBACK').run();
        throw asStoreError(this.#path, error);
      }
    });
  }

  watch(onChange: () => void): () => void {
    // `data_version` changes when another connection commits, and for this one's own commits it does not; the reader's
    // connection never commits, so what is left are other processes.
    const version = () => this.#writer.connection.pragma('data_version', { simple: true });
    let seen = version();
    const handle = setInterval(() => {
      const now = version();
      if (now === seen) return;
      seen = now;
      onChange();
    }, WATCH_MS);
    handle.unref();
    return () => clearInterval(handle);
  }

  async version(): Promise<{ current: number; wanted: number }> {
    const current = Number(this.#writer.connection.pragma('user_version', { simple: true }));
    return { current, wanted: MIGRATIONS.length };
  }

  migrate(): Promise<{ from: number; to: number }> {
    return this.#exclusive(async () => {
      const { current } = await this.version();
      refuseNewer(current);
      for (const [index, migration] of MIGRATIONS.entries()) {
        if (index < current) continue;
        // Each step and its number are one transaction: a migration that is cut off is as if it had never begun.
        this.#writer.connection.transaction(() => {
          for (const statement of migration.statements('sqlite')) this.#writer.connection.exec(statement);
          this.#writer.connection.pragma(`user_version = ${index + 1}`);
        })();
      }
      return { from: current, to: MIGRATIONS.length };
    });
  }

  async close(): Promise<void> {
    await this.#exclusive(async () => {
      if (this.#reader !== this.#writer) this.#reader.close();
      this.#writer.close();
    });
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
    ...journalIn(db),
  };
}

function queuedQueries(queries: Queries, turn: <T>(read: () => Promise<T>) => Promise<T>): Queries {
  const queued = Object.entries(queries).map(([name, read]) => [
    name,
    (...args: unknown[]) => turn(() => (read as (...args: unknown[]) => Promise<unknown>)(...args)),
  ]);
  return Object.fromEntries(queued) as Queries;
}
