import { clear } from '../../engine/clearing.ts';
import { trigger } from '../../engine/operations.ts';
import type { EventFeed } from '../../insight/event-feed.ts';
import { MillraceError } from '../../model/errors.ts';
import { isRunFinished } from '../../model/states.ts';
import type { NewEvent, RunRow } from '../../store/rows.ts';
import type { HttpOptions } from './http.ts';
import { randomIds } from './ids.ts';
import { errorEntry, type Log } from './log.ts';
import { Narrator, type RunEvent } from './run-event.ts';
import { type Server, startServer } from './server.ts';

export interface MillraceOptions {
  /** Database, keys, objects and bundles. */
  readonly home: string;
  /** Pipeline files, folders and globs. Default: `pipelines/`, else `dags/`, beside the home folder. */
  readonly files?: readonly string[];
  /** Beside this process's own environment: connections, variables and secrets as MILLRACE_CONN_NAME and the like. */
  readonly env?: Readonly<Record<string, string>>;
  /** `postgres://…` or a SQLite file. Default: `millrace.db` in the home folder. */
  readonly store?: string;
  /** Whether changed files are read again. Default: no. */
  readonly watch?: boolean;
  /** Worker processes. Default: the number of cores. */
  readonly workers?: number;
  /** Listens with API and page. Default: it does not. */
  readonly http?: HttpOptions;
  /** Hears what the server says about itself. Default: nobody. */
  readonly log?: Log;
  /** Hears of everything that happens in runs, once it is durable. */
  readonly onEvents?: (events: readonly RunEvent[]) => void;
}

export interface RunRequest {
  readonly workflow: string;
  readonly logicalDate?: Date;
  readonly runId?: string;
  readonly conf?: Readonly<Record<string, unknown>>;
}

/** A Millrace that runs in this process, with workers in others. */
export interface Millrace extends Pick<Server, 'engine' | 'store' | 'url'> {
  /** A new manual run. Throws `not_found`, `invalid_params`, and `conflict` when there is one of this id or date. */
  trigger(request: RunRequest): Promise<RunRow>;
  /**
   * Makes the run of this id or logical date happen: a new one where there is none, the one that has not ended yet, or
   * the one that has, cleared so that it runs again.
   */
  ensureRun(request: RunRequest): Promise<{ readonly run: RunRow; readonly how: 'started' | 'continued' | 'rerun' }>;
  /** The run of this id or, when no id is given or it has none, of this logical date; null when there is none. */
  findRun(request: RunRequest): Promise<RunRow | null>;
  /** What happens in a run from now on, until it ends (the last event is that of the run) or the signal aborts. */
  watchRun(run: Pick<RunRow, 'id'>, signal?: AbortSignal): AsyncGenerator<RunEvent>;
  /** Resolves with the run when it has ended. */
  waitForRun(run: Pick<RunRow, 'id'>): Promise<RunRow>;
  /** Gives running bodies `graceMs` to end (default 10,000) and ends server and workers. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts a Millrace with these pipelines in this process, and resolves when they are loaded and work is taken. */
export async function startMillrace(options: MillraceOptions): Promise<Millrace> {
  const { files, env, log = () => {}, watch = false, onEvents, ...rest } = options;
  const server = await startServer({
    ...rest,
    pipelines: files,
    watch,
    env: { ...process.env, ...env },
    log,
    ...(onEvents ? { follow: (feed) => tellAll(feed, onEvents, log) } : {}),
  });
  return new RunningMillrace(server);
}

async function tellAll(feed: EventFeed, tell: NonNullable<MillraceOptions['onEvents']>, log: Log) {
  const stream = await feed.open();
  const narrator = new Narrator(feed.queries);
  const all = async () => {
    for await (const event of stream.read(NEVER)) tell(await narrator.tell([event]));
  };
  return { done: all().catch((error) => log(errorEntry('events could not be told', error))) };
}

const NEVER = new AbortController().signal;

class RunningMillrace implements Millrace {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  get engine() {
    return this.#server.engine;
  }

  get store() {
    return this.#server.store;
  }

  get url() {
    return this.#server.url;
  }

  trigger({ workflow, logicalDate, runId, conf = {} }: RunRequest): Promise<RunRow> {
    const request = { workflow, conf, runId, logicalDate: logicalDate?.getTime(), triggeredBy: 'program' };
    return this.engine.command((e) => trigger(e, randomIds, request));
  }

  async ensureRun(request: RunRequest) {
    const found = await this.findRun(request);
    if (!found) return { run: await this.trigger(request), how: 'started' as const };
    if (!isRunFinished(found.state)) return { run: found, how: 'continued' as const };
    await this.engine.command((e) => clear(e, found, { scope: 'only these' }));
    return { run: (await this.store.queries.run(found.id)) ?? found, how: 'rerun' as const };
  }

  async *watchRun({ id }: Pick<RunRow, 'id'>, signal: AbortSignal = NEVER): AsyncGenerator<RunEvent> {
    const { feed } = this.#server;
    const stream = await feed.open();
    const narrator = new Narrator(this.store.queries);
    try {
      const run = await this.store.queries.run(id);
      if (!run) throw new MillraceError('not_found', `there is no run with key ${id}`);
      if (isRunFinished(run.state)) {
        yield* await narrator.tell([endOf(run)]);
        return;
      }
      for await (const event of stream.read(signal)) {
        if (event.run !== id) continue;
        const told = await narrator.tell([event]);
        yield* told;
        // An end that is old news, from before the run was cleared, is not the end.
        if (told.some(isEnd) && isRunFinished((await this.store.queries.run(id))?.state ?? 'failed')) return;
      }
    } finally {
      feed.close(stream);
    }
  }

  async waitForRun({ id }: Pick<RunRow, 'id'>): Promise<RunRow> {
    for await (const _ of this.watchRun({ id })) {
      // Only its end is waited for.
    }
    return (await this.store.queries.run(id))!;
  }

  stop(graceMs?: number): Promise<void> {
    return this.#server.stop(graceMs);
  }

  findRun({ workflow: name, runId, logicalDate }: RunRequest): Promise<RunRow | null> {
    return this.store.transaction(async (tx) => {
      const workflow = await tx.workflows.byName(name);
      if (!workflow) return null;
      const byId = runId === undefined ? null : await tx.runs.byRunId(workflow.id, runId);
      return byId ?? (logicalDate ? tx.runs.byLogicalDate(workflow.id, logicalDate.getTime()) : null);
    });
  }
}

const RUN_ENDS = new Set(['success', 'failed', 'cancelled']);

const isEnd = (event: RunEvent) => event.kind === 'run' && RUN_ENDS.has(event.state);

function endOf(run: RunRow): NewEvent {
  const data = run.reason === null ? null : JSON.stringify({ reason: run.reason });
  const about = { workflowId: run.workflowId, run: run.id, task: null, index: null, attempt: null };
  return { at: run.endedAt ?? run.queuedAt, kind: `run.${run.state}`, ...about, data };
}
