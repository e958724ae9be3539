import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Server, ServerOptions } from '../src/cli/server/server.ts';
import type { EventFeed } from '../src/insight/event-feed.ts';
import type { EventStream } from '../src/insight/event-stream.ts';
import type { EventRow } from '../src/store/rows.ts';
import { productModule } from './build.ts';
import { scratchFolder } from './scratch.ts';

type Operations = Pick<typeof import('../src/engine/operations.ts'), 'trigger' | 'putPool'>;

const { startServer } = (await import(productModule('cli/server/server'))) as {
  startServer(options: ServerOptions): Promise<Server>;
};
const { trigger, putPool } = (await import(productModule('engine/operations'))) as Operations;
const { randomIds } = (await import(productModule('cli/server/ids'))) as typeof import('../src/cli/server/ids.ts');

/** Ways in which a server differs from the defaults of `millrace start`. */
export interface Settings
  extends Partial<Pick<ServerOptions, 'home' | 'store' | 'workers' | 'concurrency' | 'schedules' | 'http'>> {
  readonly follows?: boolean;
  /**
   * Tasks that may run at once: slots of the default pool, and places of the two workers together. Default: those of
   * `millrace start`, 128. Where it differs, the floor of the row has as much.
   */
  readonly capacity?: number;
}

const WORKERS = 2;

const END = /^run\.(success|failed|cancelled)$/;

/**
 * The real server, in this process, with its workers in others: composed as `millrace start` composes it, on a new home
 * (or one that it is given, which stays), with one pipeline file of pipelines/. Who waits for a run hears of its end from
 * the feed of durable events.
 */
export class Product {
  readonly server: Server;
  readonly #remove: () => Promise<void>;
  readonly #ends = new Map<number, (state: string) => void>();
  #number = 0;

  private constructor(server: Server, remove: () => Promise<void>) {
    this.server = server;
    this.#remove = remove;
  }

  /** @param follows whether run() and end() hear of ends; without it the feed reads nothing, see ended(). */
  static async start(pipeline: string, { follows = true, capacity, ...settings }: Settings = {}): Promise<Product> {
    const folder = await scratchFolder();
    let stream: EventStream<EventRow> | undefined;
    const server = await startServer({
      home: join(folder.path, '.millrace'),
      pipelines: [fileURLToPath(new URL(`./pipelines/${pipeline}.ts`, import.meta.url))],
      watch: false,
      env: process.env,
      log: ({ level, message, fields }) => {
        if (level !== 'info') console.error(message, fields);
      },
      follow: async (feed: EventFeed) => {
        if (follows) stream = await feed.open();
        return { done: Promise.resolve() };
      },
      ...(capacity === undefined ? {} : { workers: WORKERS, concurrency: capacity / WORKERS }),
      ...settings,
    });
    if (capacity !== undefined) {
      const pool = { name: 'default_pool', slots: capacity, description: '', includeDeferred: false };
      await server.engine.command((e) => putPool(e, pool));
    }
    const product = new Product(server, folder.remove);
    if (stream) void product.#follow(stream);
    return product;
  }

  /** Starts a run; its key. */
  async trigger(workflow: string, conf: Readonly<Record<string, unknown>> = {}): Promise<number> {
    const runId = `bench_${this.#number++}`;
    const { engine } = this.server;
    const { id } = await engine.command((e) =>
      trigger(e, randomIds, { workflow, runId, conf, logicalDate: null, triggeredBy: 'bench' }),
    );
    engine.wake();
    return id;
  }

  /** Starts a run and waits until its end is durable. */
  async run(workflow: string, conf?: Readonly<Record<string, unknown>>): Promise<number> {
    const id = await this.trigger(workflow, conf);
    const state = await this.end(id);
    if (state !== 'run.success') throw new Error(`a run of ${workflow} ended as ${state}`);
    return id;
  }

  end(run: number): Promise<string> {
    return new Promise((resolve) => this.#ends.set(run, resolve));
  }

  /** Resolves when the run has ended: looks every few milliseconds, as who does not follow it. */
  async ended(run: number): Promise<void> {
    for (;;) {
      const row = await this.server.store.queries.run(run);
      if (row?.endedAt) return;
      await sleep(2);
    }
  }

  async stop(): Promise<void> {
    await this.server.stop(0);
    await this.#remove();
  }

  async #follow(stream: EventStream<EventRow>): Promise<void> {
    for await (const { kind, run } of stream.read(new AbortController().signal)) {
      if (run === null || !END.test(kind)) continue;
      // The end may be told before whoever started the run asks for it.
      setImmediate(() => this.#ends.get(run)?.(kind));
    }
  }
}
