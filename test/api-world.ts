import type { InjectOptions } from 'fastify';
import { createApi } from '../src/api/api.ts';
import { hashOf, newToken } from '../src/api/auth-secret.ts';
import { describeApi } from '../src/api/openapi.ts';
import type { Api } from '../src/api/route.ts';
import { createBackfill } from '../src/engine/backfills.ts';
import { EngineWorld } from '../src/engine/testing/engine-world.ts';
import { FaultyStore } from '../src/engine/testing/faulty-store.ts';
import { fails } from '../src/engine/testing/scripted-executor.ts';
import { dagSpec } from '../src/engine/testing/spec-builder.ts';
import { EventFeed } from '../src/insight/event-feed.ts';
import type { Role } from '../src/model/role.ts';
import type { Readings } from '../src/store/readings.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import type { KeySource } from '../src/vault/key-file.ts';
import { keyText, newKey, parseKeys } from '../src/vault/keyring.ts';
import { Vault } from '../src/vault/vault.ts';

export interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
}

/** What the parts of a path are, so that there is something. */
export const PARTS: Readonly<Record<string, string>> = {
  dag_id: 'd',
  dag_run_id: 'r',
  task_id: 'a',
  map_index: '-1',
  try_number: '1',
  backfill_id: '1',
};

export const filled = (path: string, parts: Readonly<Record<string, string>> = PARTS): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? 'none'));

const KEYS = parseKeys([keyText(newKey())], 'test');

/** The API on a real engine whose bodies are held. Answers that do not fit their contract are errors here. */
export class ApiWorld {
  readonly store: FaultyStore;
  readonly engine: EngineWorld;
  readonly api: Api;
  readonly feed: EventFeed;
  /** Instead of the store's own. */
  readings: Partial<Readings> = {};
  readonly #ending = new AbortController();

  private constructor(store: FaultyStore, engine: EngineWorld) {
    this.store = store;
    this.engine = engine;
    this.feed = new EventFeed(store, (error) => {
      throw error;
    });
    const parts = {
      store: this.#seen(),
      engine: engine.engine,
      clock: engine.clock,
      vault: new Vault({ load: async () => KEYS } as unknown as KeySource),
      feed: this.feed,
      ids: { random: () => 'x' },
      ending: this.#ending.signal,
      version: '1',
    };
    this.api = createApi(parts, { describe: (it) => describeApi(it, '1') });
  }

  /** Makes a token, and gives it. */
  async token(name: string, role: Role): Promise<string> {
    const token = newToken();
    const row = { name, role, hash: hashOf(token), createdAt: this.engine.clock.now() };
    await this.store.transaction(({ access }) => access.addToken(row));
    return token;
  }

  static async start(): Promise<ApiWorld> {
    const store = SqliteStore.open(':memory:');
    await store.migrate();
    const faulty = new FaultyStore(store);
    const engine = await EngineWorld.start(faulty);
    engine.executor.answerOthers('hold');
    const world = new ApiWorld(faulty, engine);
    await world.api.ready();
    return world;
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.api.close();
    this.store.fault = 'none';
    await this.engine.engine.stop(0);
    await this.store.close();
  }

  async ask(method: InjectOptions['method'], url: string, rest: Partial<InjectOptions> = {}) {
    const headers = { host: 'localhost', ...rest.headers };
    const answer = await this.api.inject({ method, url, ...rest, headers } as InjectOptions);
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, body: isJson ? answer.json() : answer.body, headers: answer.headers };
  }

  get(path: string) {
    return this.ask('GET', `/api/v2${path}`);
  }

  /** What can be read, by path; a stream does not end, and a wait only with its run. */
  readable(): [string, Operation][] {
    const paths = Object.entries(this.api.swagger().paths ?? {}) as [string, { readonly get?: Operation }][];
    return paths.flatMap(([path, { get: operation }]) =>
      operation && !/\/(stream|wait)$/.test(path) ? [[path, operation]] : [],
    );
  }

  /** Everything that changes something. */
  actions(): { readonly method: InjectOptions['method']; readonly path: string }[] {
    return Object.entries((this.api.swagger().paths ?? {}) as Record<string, object>).flatMap(([path, operations]) =>
      (['post', 'patch', 'put', 'delete'] as const).flatMap((method) =>
        method in operations ? [{ method: method.toUpperCase() as InjectOptions['method'], path }] : [],
      ),
    );
  }

  /** Runs that succeeded, failed, go on and wait, of a DAG with groups and of a flow, and a backfill. */
  async history(): Promise<void> {
    const { engine } = this;
    const spec = dagSpec(
      'd',
      { a: { retries: 1, retryDelay: 60_000 }, b: { after: ['a'], group: 'g' } },
      {
        groups: { g: () => null },
        params: { n: 1 },
        maxActiveRuns: 2,
        schedule: { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' },
        startDate: Date.UTC(2027, 0, 1),
      },
    );
    await engine.publish(spec, dagSpec('f', { f: {} }, { kind: 'flow' }));
    await engine.trigger('d', { runId: 'done' });
    for (const task of ['a', 'b']) {
      engine.executor.log(task, { at: 5, level: 'info', source: 'task', message: 'hello' });
      engine.executor.finish(task);
      await engine.settle();
    }
    await engine.trigger('d', { runId: 'failing' });
    engine.executor.finish('a', fails());
    await engine.settle();
    await engine.trigger('d', { runId: 'r' });
    await engine.trigger('d', { runId: 'waiting' });
    await engine.trigger('f', { runId: 'r' });
    const window = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2025, 0, 3), reverse: false, reprocess: 'none' } as const;
    await engine.do((e) => createBackfill(e, { workflow: 'd', ...window, triggeredBy: 'test', maxActiveRuns: 1 }));
  }

  #seen(): FaultyStore {
    return new Proxy(this.store, {
      get: (target, name) => {
        if (name === 'readings') return { ...target.readings, ...this.readings };
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}
