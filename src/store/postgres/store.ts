import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type Clock, sleep, systemClock } from '../../model/clock.ts';
import { MillraceError } from '../../model/errors.ts';
import { MIGRATIONS } from '../migrations.ts';
import type { Readings } from '../readings.ts';
import { accessIn } from '../sql/access.ts';
import { backfillsIn } from '../sql/backfills.ts';
import { instanceNamesIn } from '../sql/instance-names.ts';
import { notesIn } from '../sql/notes.ts';
import { queriesOver } from '../sql/queries.ts';
import { readingsOver } from '../sql/readings.ts';
import { importErrorsIn, poolsIn, sealedIn, serversIn } from '../sql/registers.ts';
import { workflowsIn } from '../sql/workflows.ts';
import type { Queries, Store, Tx } from '../store.ts';
import { Announcer, channelOf, Listener } from './announcements.ts';
import { clientConfig, type Driver, loadDriver, openPool, settingsOf } from './driver.ts';
import { failureOf, unavailable } from './failure.ts';
import { instancesIn } from './instances.ts';
import { journalIn } from './journal.ts';
import { limitsIn } from './limits.ts';
import { outputsIn } from './outputs.ts';
import { runsIn } from './runs.ts';
import { currentVersion, migrateSchema } from './schema-version.ts';
import { Reader, Session, type Traffic } from './session.ts';
import { cacheIn, stepsIn } from './steps.ts';
import { timersIn } from './timers.ts';

export interface PostgresOptions {
  /** Schema that holds Millrace's tables, made by migrate() where it is missing; default `millrace`. */
  readonly schema?: string;
  /** Transactions at once; default 4. Reads have as many connections of their own, watch() one. */
  readonly poolSize?: number;
  readonly clock?: Clock;
}

/** How often a transaction is begun anew after losing against another one. */
const MOST_TRIES = 6;

/**
 * The store on PostgreSQL, for one server or several. A transaction has a connection for itself; reads for people have
 * others and never wait for one. Connections that break are replaced when they are next needed, so the store works again
 * as soon as the database does.
 */
export class PostgresStore implements Store {
  readonly dialect = 'postgres' as const;
  readonly queries: Queries;
  readonly readings: Readings;
  readonly #driver: Driver;
  readonly #uri: string;
  readonly #schema: string;
  readonly #clock: Clock;
  readonly #writers: pg.Pool;
  readonly #readers: pg.Pool;
  readonly #announcer: Announcer;
  readonly #listener: Listener;
  readonly #traffic: Traffic = { statements: 0, roundTrips: 0 };
  readonly #sessions = new WeakMap<pg.PoolClient, { readonly session: Session; readonly tx: Tx }>();

  private constructor(driver: Driver, uri: string, options: PostgresOptions) {
    const { schema = 'millrace', poolSize = 4, clock = systemClock } = options;
    this.#driver = driver;
    this.#uri = uri;
    this.#schema = schema;
    this.#clock = clock;
    this.#writers = openPool(driver, { uri, size: poolSize, settings: settingsOf.transactions(schema) });
    this.#readers = openPool(driver, { uri, size: poolSize, settings: settingsOf.reads(schema) });
    const reader = new Reader((config) => this.#read(config));
    this.queries = queriesOver(reader);
    this.readings = readingsOver(reader);
    const own = randomUUID();
    const channel = channelOf(schema);
    this.#announcer = new Announcer(clock, () => this.#writers.query('SELECT pg_notify($1, $2)', [channel, own]));
    this.#listener = new Listener({ clock, channel, own, connect: () => this.#client() });
  }

  /**
   * Loads the driver; connects when something is asked for. Call migrate() before anything else. Throws
   * `invalid_argument` when the package `pg` is not installed.
   */
  static async open(uri: string, options: PostgresOptions = {}): Promise<PostgresStore> {
    return new PostgresStore(await loadDriver(), uri, options);
  }

  /** Statements sent, and answers waited for, by transactions since the store was opened. */
  get traffic(): Readonly<Traffic> {
    return { ...this.#traffic };
  }

  async transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(body);
      } catch (error) {
        const failure = failureOf(error);
        if (failure === 'defect') throw error;
        if (failure === 'unavailable' || tries === MOST_TRIES) throw unavailable(error);
        // A little later, and not both at the same time again.
        await sleep(this.#clock, Math.random() * 10 * 2 ** tries);
      }
    }
  }

  async #once<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#writers.connect().catch((error) => Promise.reject(unavailable(error)));
    let healthy = false;
    try {
      const { session, tx } = this.#sessionOf(client);
      session.begin();
      try {
        const result = await body(tx);
        const { changed } = await session.commit();
        healthy = true;
        if (changed) this.#announcer.changed();
        return result;
      } catch (error) {
        await session.rollback().then(
          () => {
            healthy = failureOf(error) !== 'stale_connection';
          },
          () => {},
        );
        throw error;
      }
    } finally {
      client.release(!healthy);
    }
  }

  #sessionOf(client: pg.PoolClient): { readonly session: Session; readonly tx: Tx } {
    let known = this.#sessions.get(client);
    if (!known) {
      const session = new Session(client, this.#traffic);
      known = { session, tx: transactionVerbs(session, this.#schema) };
      this.#sessions.set(client, known);
    }
    return known;
  }

  async #read(config: pg.QueryConfig): Promise<pg.QueryResult> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#readers.query(config);
      } catch (error) {
        const failure = failureOf(error);
        if (failure === 'defect') throw error;
        // pool.query gives up the connection of a failed statement, so the next try has another one.
        if (failure === 'unavailable' || tries === MOST_TRIES) throw unavailable(error);
      }
    }
  }

  watch(onChange: () => void): () => void {
    return this.#listener.watch(onChange);
  }

  migrate(): Promise<{ from: number; to: number }> {
    return this.#alone((client) => migrateSchema(client, this.#schema));
  }

  version(): Promise<{ current: number; wanted: number }> {
    return this.#alone(async (client) => ({
      current: await currentVersion(client, this.#schema),
      wanted: MIGRATIONS.length,
    }));
  }

  async close(): Promise<void> {
    await this.#announcer.close();
    await Promise.all([this.#listener.close(), this.#writers.end(), this.#readers.end()]);
  }

  #client(): pg.Client {
    return new this.#driver.Client(clientConfig(this.#driver, this.#uri));
  }

  /** A connection outside of the pools, without their settings. */
  async #alone<T>(body: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = this.#client();
    client.on('error', () => {});
    try {
      await client.connect().catch((error) => Promise.reject(unavailable(error)));
      return await body(client);
    } catch (error) {
      throw failureOf(error) === 'unavailable' && !MillraceError.is(error) ? unavailable(error) : error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function transactionVerbs(session: Session, schema: string): Tx {
  return {
    workflows: workflowsIn(session),
    runs: runsIn(session),
    backfills: backfillsIn(session),
    instances: instancesIn(session),
    outputs: outputsIn(session),
    steps: stepsIn(session),
    cache: cacheIn(session),
    timers: timersIn(session),
    limits: limitsIn(session, schema),
    pools: poolsIn(session),
    servers: serversIn(session),
    connections: sealedIn(session, 'connection'),
    variables: sealedIn(session, 'variable'),
    secrets: sealedIn(session, 'secret'),
    importErrors: importErrorsIn(session),
    access: accessIn(session),
    notes: notesIn(session),
    instanceNames: instanceNamesIn(session),
    ...journalIn(session, schema),
  };
}
