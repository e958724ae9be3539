import { Worker } from 'node:worker_threads';
import { type Compilable, type SqlRunner, sqliteBuilder } from '../sql/builder.ts';
import { asStoreError } from './database.ts';

export interface Question {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly rows: readonly unknown[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | undefined } };

interface Waiting {
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const entry = new URL(`./reader-main.${ending}`, import.meta.url);

/**
 * Reads on a thread of its own, which begins with the first question: a question that takes a second takes it from nobody.
 * The thread has its own connection in WAL mode, so it neither waits for transactions nor holds them up.
 */
export class Reader implements SqlRunner {
  readonly dialect = 'sqlite' as const;
  readonly builder = sqliteBuilder();
  readonly #path: string;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #next = 0;

  constructor(path: string) {
    this.#path = path;
  }

  all<R>(query: Compilable<R>): Promise<R[]> {
    const { sql, parameters } = query.compile();
    const thread = this.#begin();
    this.#next += 1;
    const id = this.#next;
    const { promise, resolve, reject } = Promise.withResolvers<R[]>();
    this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
    thread.ref();
    thread.postMessage({ id, sql, parameters } satisfies Question);
    return promise;
  }

  run(): Promise<number> {
    throw new Error('readings change nothing');
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
    this.#failAll(new Error('the store is closed'));
  }

  #begin(): Worker {
    if (this.#thread) return this.#thread;
    const thread = new Worker(entry, { workerData: { path: this.#path }, name: 'millrace-reader' });
    thread.on('message', (reply: Reply) => this.#answer(reply));
    thread.on('error', (error) => {
      if (this.#thread === thread) this.#thread = undefined;
      this.#failAll(asStoreError(this.#path, error));
    });
    this.#thread = thread;
    return thread;
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    // A program that waits for an answer goes on until it has it, and one that has its answers can end.
    if (this.#waiting.size === 0) this.#thread?.unref();
    if ('rows' in reply) waiting?.resolve(reply.rows as unknown[]);
    else {
      const { message, code } = reply.error;
      waiting?.reject(asStoreError(this.#path, Object.assign(new Error(message), { code })));
    }
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
