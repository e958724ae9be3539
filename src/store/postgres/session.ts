import type pg from 'pg';
import { MillraceError } from '../../model/errors.ts';
import { type Builder, type Compilable, postgresBuilder, type SqlRunner } from '../sql/builder.ts';
import { commitUnknown, failureOf } from './failure.ts';

/** How much was sent, and how often an answer was waited for. */
export interface Traffic {
  statements: number;
  roundTrips: number;
}

export const builder: Builder = postgresBuilder();

/** Prepared statements have a name per text; beyond this many texts (lists of varying length) they have none. */
const MOST_NAMES = 500;
const names = new Map<string, string>();

export function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined && names.size < MOST_NAMES) {
    name = `millrace_${names.size}`;
    names.set(text, name);
  }
  return name === undefined ? { text, values: values as unknown[] } : { name, text, values: values as unknown[] };
}

const WRITING = /^(INSERT|UPDATE|DELETE)$/;

/**
 * One connection, for one transaction after the other. Statements whose answer matters to nobody are sent without
 * waiting for it: the server does them in order, and what fails there makes the next answer, at the latest that of
 * COMMIT, an error. So a batch costs as many round trips as it has questions, and questions that are asked together
 * (Promise.all) are one.
 */
export class Session implements SqlRunner {
  readonly dialect = 'postgres' as const;
  readonly builder = builder;
  readonly #client: pg.ClientBase;
  readonly #traffic: Traffic;
  #open = false;
  #awaited = 0;
  #changed = false;
  #failure: { readonly error: unknown } | null = null;
  readonly #last = new Set<() => void>();

  constructor(client: pg.ClientBase, traffic: Traffic) {
    this.#client = client;
    this.#traffic = traffic;
  }

  begin(): void {
    this.#open = true;
    this.#changed = false;
    this.#failure = null;
    this.#last.clear();
    this.send('BEGIN ISOLATION LEVEL READ COMMITTED', []);
  }

  /** Whether the transaction has changed a row. */
  async commit(): Promise<{ readonly changed: boolean }> {
    for (const send of this.#last) send();
    this.#traffic.roundTrips += 1;
    let command: string;
    try {
      command = (await this.#query('COMMIT', [])).command;
    } catch (error) {
      if (this.#failure) throw this.#failure.error;
      // An answer that says no is a no; no answer is neither.
      throw failureOf(error) === 'unavailable' ? commitUnknown(error) : error;
    } finally {
      this.#open = false;
    }
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which something has failed.
    if (this.#failure) throw this.#failure.error;
    if (command !== 'COMMIT') throw new MillraceError('internal', `COMMIT was answered with ${command}`);
    return { changed: this.#changed };
  }

  /** Rejects when the connection is gone, with it the transaction. */
  async rollback(): Promise<void> {
    this.#open = true;
    this.#traffic.roundTrips += 1;
    try {
      await this.#query('ROLLBACK', []);
    } finally {
      this.#open = false;
    }
  }

  async rows<R>(text: string, values: readonly unknown[]): Promise<R[]> {
    return (await this.#answer(text, values)).rows as R[];
  }

  /** Number of rows changed. */
  async affected(text: string, values: readonly unknown[]): Promise<number> {
    return (await this.#answer(text, values)).rowCount ?? 0;
  }

  /** Two or more statements for one wait. */
  async rowsOfEach<R>(statements: readonly (readonly [text: string, values: readonly unknown[]])[]): Promise<R[][]> {
    return Promise.all(statements.map(([text, values]) => this.rows<R>(text, values)));
  }

  send(text: string, values: readonly unknown[]): void {
    this.#query(text, values).catch((error) => this.#fail(error));
  }

  /** Kept until right before COMMIT, then done in the order in which they were first given, each once. */
  sendLast(...sends: (() => void)[]): void {
    for (const send of sends) this.#last.add(send);
  }

  async all<R>(query: Compilable<R>): Promise<R[]> {
    const { sql, parameters } = query.compile();
    return this.rows<R>(sql, parameters);
  }

  async run(query: Compilable<unknown>): Promise<number> {
    const { sql, parameters } = query.compile();
    return this.affected(sql, parameters);
  }

  async #answer(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    // Those that are asked for while another answer is awaited travel with it.
    if (this.#awaited === 0) this.#traffic.roundTrips += 1;
    this.#awaited += 1;
    try {
      return await this.#query(text, values);
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#awaited -= 1;
    }
  }

  /** The first failure is the cause of those after it, which only say that the transaction is over. */
  #fail(error: unknown): unknown {
    this.#failure ??= { error };
    return this.#failure.error;
  }

  async #query(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    if (!this.#open) throw new MillraceError('internal', 'a transaction was used after its end');
    this.#traffic.statements += 1;
    const result = await this.#client.query(prepared(text, values));
    if ((result.rowCount ?? 0) > 0 && WRITING.test(result.command)) this.#changed = true;
    return result;
  }
}

/** Reads outside of any transaction, each on a connection of the pool. */
export class Reader implements SqlRunner {
  readonly dialect = 'postgres' as const;
  readonly builder = builder;
  readonly #query: (config: pg.QueryConfig) => Promise<pg.QueryResult>;

  constructor(query: (config: pg.QueryConfig) => Promise<pg.QueryResult>) {
    this.#query = query;
  }

  async all<R>(query: Compilable<R>): Promise<R[]> {
    const { sql, parameters } = query.compile();
    return (await this.#query(prepared(sql, parameters))).rows as R[];
  }

  async run(query: Compilable<unknown>): Promise<number> {
    const { sql, parameters } = query.compile();
    return (await this.#query(prepared(sql, parameters))).rowCount ?? 0;
  }
}
