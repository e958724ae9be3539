import type pg from 'pg';
import { unlessAborted } from '../abort.ts';
import { postgresError } from './error.ts';
import { loadPg } from './pool.ts';

const CANCEL_TIMEOUT_MS = 5_000;

/** One connection of a pool, held by one piece of work. */
export class HeldConnection {
  readonly client: pg.PoolClient;
  /** Name of the Millrace connection, for messages. */
  readonly name: string;
  readonly #pool: pg.Pool;
  readonly #signal: AbortSignal | undefined;
  #broken = false;
  readonly #onError = (): void => {
    this.#broken = true;
  };

  private constructor(pool: pg.Pool, client: pg.PoolClient, name: string, signal: AbortSignal | undefined) {
    this.#pool = pool;
    this.client = client;
    this.name = name;
    this.#signal = signal;
    // A connection that breaks between two statements emits an error, which would end the process if nobody listened.
    client.on('error', this.#onError);
  }

  /** True when the connection cannot be used again. */
  get broken(): boolean {
    return this.#broken;
  }

  static async take(pool: pg.Pool, name: string, signal: AbortSignal | undefined): Promise<HeldConnection> {
    signal?.throwIfAborted();
    const pending = pool.connect();
    try {
      return new HeldConnection(pool, await unlessAborted(pending, signal), name, signal);
    } catch (error) {
      if (!signal?.aborted) throw postgresError(error, name);
      pending.then(
        (client) => client.release(),
        () => {},
      );
      throw signal.reason;
    }
  }

  /** Does `work` on the connection. When the attempt is aborted, the server stops the statement that runs. */
  async run<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const signal = this.#signal;
    signal?.throwIfAborted();
    let cancelled: Promise<void> | undefined;
    const cancel = () => {
      cancelled = this.#cancel();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await work(this.client);
    } catch (error) {
      if (!isStatementError(error)) this.#broken = true;
      if (signal?.aborted) throw signal.reason;
      throw postgresError(error, this.name);
    } finally {
      signal?.removeEventListener('abort', cancel);
      // A cancel that is still on its way would hit whoever uses the connection next.
      await cancelled;
    }
  }

  /** A statement that must run although the attempt is aborted: rollback. A failure marks the connection as broken. */
  async runAnyway(sql: string): Promise<void> {
    if (this.#broken) return;
    try {
      await this.client.query(sql);
    } catch {
      this.#broken = true;
    }
  }

  /** Gives the connection back to the pool, or closes it when it is broken. */
  release(): void {
    this.client.removeListener('error', this.#onError);
    this.client.release(this.#broken);
  }

  async #cancel(): Promise<void> {
    const { processID } = this.client as unknown as { processID: number };
    const { Client } = await loadPg();
    const canceller = new Client({ ...this.#pool.options, connectionTimeoutMillis: CANCEL_TIMEOUT_MS });
    canceller.on('error', () => {});
    try {
      await canceller.connect();
      await canceller.query('SELECT pg_cancel_backend($1)', [processID]);
    } catch {
      // The server cannot be asked: closing the connection ends the wait, and the statement when the server notices.
      this.#broken = true;
      (this.client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    } finally {
      await canceller.end().catch(() => {});
    }
  }
}

/** True for an error that PostgreSQL reported and that leaves the connection usable. */
function isStatementError(error: unknown): boolean {
  return error instanceof Error && (error as { severity?: string }).severity === 'ERROR';
}
