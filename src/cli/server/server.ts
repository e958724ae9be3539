import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Engine } from '../../engine/engine.ts';
import { type Publication, publish } from '../../engine/operations.ts';
import { ProcessExecutor } from '../../executor/process/process-executor.ts';
import { EventFeed } from '../../insight/event-feed.ts';
import { ProgressBoard } from '../../insight/progress-board.ts';
import { systemClock as clock } from '../../model/clock.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { canonicalSpec } from '../../sdk/drawn.ts';
import type { Store } from '../../store/store.ts';
import { registerOf } from '../../vault/entry.ts';
import { keySource } from '../../vault/key-file.ts';
import { configuredBackends, Finder } from '../../vault/lookup.ts';
import { type Owner, Vault } from '../../vault/vault.ts';
import { makeHome } from '../home.ts';
import { openStore, type StoreLocation, storeLocation } from '../store-location.ts';
import { Closing } from './closing.ts';
import { FencedExecutor } from './fenced-executor.ts';
import type { HttpOptions, HttpServer } from './http.ts';
import { randomIds } from './ids.ts';
import { errorEntry, type Log, type LogEntry } from './log.ts';
import { smtpMailer } from './mailer.ts';
import { knownFiles, PipelineLoading } from './pipeline-loading.ts';

export interface ServerOptions {
  /** Database, keys, objects and bundles. */
  readonly home: string;
  /** Relative pipeline paths are looked up from here. Default: the folder that holds `home`. */
  readonly project?: string | undefined;
  /** Files, folders and globs. Default: `pipelines/`, else `dags/`, in the project. */
  readonly pipelines?: readonly string[] | undefined;
  /** Whether changed files are read again. */
  readonly watch: boolean;
  /** `postgres://…` or a SQLite file. Default: `millrace.db` in the home folder. */
  readonly store?: string | undefined;
  /** A folder or `s3://bucket/prefix`. Default: `objects` in the home folder. */
  readonly objects?: string | undefined;
  /** Worker processes. Default: the number of cores. */
  readonly workers?: number | undefined;
  /** Attempts at once in each worker. Default 64. */
  readonly concurrency?: number | undefined;
  /** Who mails about failures come from. Default: what the connection `smtp_default` says. */
  readonly mailFrom?: string | undefined;
  /** Where connections, variables and secrets are looked for first, and the encryption keys. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Whether runs are made that schedules say are due; default `kept`. */
  readonly schedules?: 'kept' | 'ignored';
  /** What is published in place of a spec that was read: a flow that is served gets its schedule. */
  readonly amend?: (spec: WorkflowSpec) => WorkflowSpec;
  /** Listens with API and page. Default: it does not. */
  readonly http?: HttpOptions | undefined;
  /** Gets the feed before anything happens on it; `done` is when it has told everything, after the feed has ended. */
  readonly follow?: (feed: EventFeed) => Promise<{ readonly done: Promise<void> }>;
}

export interface Server {
  readonly engine: Engine;
  readonly store: Store;
  readonly finder: Finder;
  /** What happens on the store, once it is durable. */
  readonly feed: EventFeed;
  /** Where it listens: `http://127.0.0.1:8080`; undefined where it does not. */
  readonly url: string | undefined;
  /** Stops claiming, gives running bodies `graceMs` to end (default 10,000), and lets go of everything. */
  stop(graceMs?: number): Promise<void>;
}

const GRACE_MS = 10_000;

/**
 * The composition root: opens the store and puts loader, engine and workers on it. Resolves when the pipelines are
 * loaded and work is taken. Throws `store_newer`, `store_locked`, `store_unavailable` and what a wrong option brings.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const closing = new Closing();
  try {
    return await assemble(options, closing);
  } catch (error) {
    await closing
      .close()
      .catch((second) => options.log(errorEntry('what had been started could not be stopped', second)));
    throw error;
  }
}

async function assemble(options: ServerOptions, closing: Closing): Promise<Server> {
  const { log } = options;
  const home = resolve(options.home);
  const self = { pid: process.pid, name: `${hostname()}-${process.pid}`, startedAt: clock.now() };
  await makeHome({ folder: home });
  const location = storeLocation(options.store, { cwd: process.cwd(), home });
  // A worker and what reads pipelines start while all the rest is read and opened.
  const workers = executorFor(options, home);
  closing.add(() => workers.stop(0));
  workers.warm();
  const pipelines = new PipelineLoading({
    home,
    project: options.project ?? dirname(home),
    paths: options.pipelines ?? [],
    clock,
    log,
    publish: (publication) =>
      engine.command((e) => publish(e, amended(publication, options.amend))).finally(() => engine.wake()),
    known: () => knownFiles(store),
    others: location.kind === 'sqlite' ? 'retired' : 'kept',
  });
  closing.add(() => pipelines.stop());
  pipelines.warm();
  const store = await openOwnStore(location, { self, log, closing });
  const finder = finderOver(store, { home, env: options.env });
  const executor = new FencedExecutor(workers);
  const feed = new EventFeed(store, meet('events could not be read', log));
  const progress = new ProgressBoard();
  const follower = await options.follow?.(feed);
  const engine = new Engine({
    store,
    executor,
    clock,
    ids: randomIds,
    lookup: finder,
    mailer: smtpMailer(finder, { from: options.mailFrom }),
    name: self.name,
    peers: location.kind === 'sqlite' ? 'none' : 'leases',
    onError: meet('the engine met an error', log),
    onHealth: (problem) => log(problem ? errorEntry('work is paused', problem) : BACK),
    onEvents: (events) => {
      progress.note(events);
      feed.wake();
    },
    ...(options.schedules ? { schedules: options.schedules } : {}),
  });
  let graceMs = 0;
  closing.add(() => follower?.done);
  closing.add(() => feed.end());
  closing.add(() => engine.stop(graceMs));
  closing.add(
    store.watch(() => {
      executor.stopUnwanted(store).catch(meet('attempts that others have ended could not be stopped', log));
      feed.wake();
    }),
  );
  // Once more, before the engine: nothing is to be published after that.
  closing.add(() => pipelines.stop());
  const [http] = await Promise.all([
    options.http &&
      startHttp(options.http, { store, engine, feed, progress, closing, vault: vaultOf(options.env, home) }),
    pipelines.read(),
    engine.start(),
  ]);
  await pipelines.publishAll();
  if (options.watch) await pipelines.watch();
  const { url } = http ?? {};
  await writeServerFile(home, { ...self, ...(url === undefined ? {} : { url }) }, closing);
  const ms = Math.round(clock.now() - self.startedAt);
  log({ level: 'info', message: 'ready', fields: { pid: self.pid, ms, ...(url === undefined ? {} : { url }) } });
  return {
    engine,
    store,
    finder,
    feed,
    url,
    stop(grace = GRACE_MS) {
      graceMs = grace;
      return closing.close();
    },
  };
}

interface HttpParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly feed: EventFeed;
  readonly progress: ProgressBoard;
  readonly vault: Vault;
  readonly closing: Closing;
}

/** Requests end before what answers them does. */
async function startHttp(options: HttpOptions, { closing, ...parts }: HttpParts): Promise<HttpServer> {
  const { listen } = await import('./http.ts');
  const http = await listen(options, { ...parts, clock, ids: randomIds });
  closing.add(() => http.close());
  return http;
}

function amended(publication: Publication, amend: ServerOptions['amend']): Publication {
  if (!amend) return publication;
  const workflows = publication.workflows.map(({ spec }) => amend(spec));
  return { ...publication, workflows: workflows.map((spec) => ({ spec, canonical: canonicalSpec(spec) })) };
}

const meet = (what: string, log: Log) => (error: unknown) => log(errorEntry(what, error));

const BACK: LogEntry = { level: 'info', message: 'the database is back, work goes on', fields: {} };

interface Opening {
  readonly self: ServerFile;
  readonly log: Log;
  readonly closing: Closing;
}

/** The lock comes first: not even the schema is touched under another server. */
async function openOwnStore(location: StoreLocation, { self, log, closing }: Opening): Promise<Store> {
  if (location.kind === 'sqlite') {
    const { lockDatabase } = await import('../../store/sqlite/lock.ts');
    const lock = lockDatabase(location.path, self);
    closing.add(() => lock.release());
  }
  const store = await openStore(location);
  closing.add(() => store.close());
  const { from, to } = await store.migrate();
  if (from !== to) log({ level: 'info', message: 'the database schema is up to date now', fields: { from, to } });
  return store;
}

const vaultOf = (env: ServerOptions['env'], home: string) => new Vault(keySource(join(home, 'keys'), env));

export function finderOver(store: Store, { home, env }: Pick<ServerOptions, 'home' | 'env'>): Finder {
  const vault = vaultOf(env, home);
  const row = (owner: Owner) => store.transaction((tx) => registerOf(tx, owner.kind).get(owner.name));
  return new Finder({ env, backends: configuredBackends(env), vault, row });
}

function executorFor({ objects, workers, concurrency, log }: ServerOptions, home: string): ProcessExecutor {
  return new ProcessExecutor({
    objects: objects ?? join(home, 'objects'),
    clock,
    ...(workers === undefined ? {} : { size: workers }),
    ...(concurrency === undefined ? {} : { concurrency }),
    output: (worker, stream, message) =>
      log({ level: stream === 'stderr' ? 'warn' : 'info', message, fields: { worker } }),
  });
}

/** `server.json` of the home folder, for people and `millrace doctor`: nothing depends on it. */
export interface ServerFile {
  readonly pid: number;
  readonly name: string;
  readonly startedAt: number;
  readonly url?: string;
}

async function writeServerFile(home: string, self: ServerFile, closing: Closing): Promise<void> {
  const path = join(home, 'server.json');
  await writeFile(path, `${JSON.stringify(self)}\n`);
  closing.add(() => rm(path, { force: true }));
}
