import { EventEmitter, on } from 'node:events';
import { type LogEntry, startMillrace as startServer, type RunEvent as ToldEvent } from 'millrace/server';

export interface MillraceOptions {
  /** MILLRACE_HOME: database, keys and logs. */
  readonly home: string;
  /** Pipeline files. */
  readonly files: readonly string[];
  /** Connections and variables, as MILLRACE_CONN_… and MILLRACE_VAR_…, beside this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The port on which the page is shown; the next one when it is taken. Default: no page. */
  readonly port?: number;
}

export interface RunRequest {
  readonly workflow: string;
  readonly runId: string;
  /** A run of a flow may have none. */
  readonly logicalDate?: Date;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What happened, in order. `at` is in milliseconds since 1970. */
export type RunEvent =
  | {
      readonly kind: 'task';
      readonly at: number;
      readonly task: string;
      /** −1 where the task is not mapped. */
      readonly mapIndex: number;
      readonly state: string;
      /** From 1; 0 before the first. */
      readonly attempt: number;
      readonly maxAttempts: number;
      /** How long the attempt took, in milliseconds, once it has ended. */
      readonly duration?: number;
      /** Why the attempt failed. */
      readonly reason?: string;
    }
  | { readonly kind: 'run'; readonly at: number; readonly state: string };

export interface EndedRun {
  readonly runId: string;
  readonly state: string;
  /** Whether it had ended before this server started. */
  readonly when: 'before' | 'now';
}

export interface Millrace {
  /** Where its page is shown. */
  readonly url: string | undefined;
  /**
   * Makes the run happen: `started` when there was none of that id or logical date, `continued` when it had not ended
   * when this server started (which may have ended it since), `rerun` when it had and was cleared.
   */
  trigger(request: RunRequest): Promise<'started' | 'continued' | 'rerun'>;
  /** What happens in the run from now on, until it ends (its last event is that of the run) or the signal aborts. */
  events(request: RunRequest, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** The latest run that had not ended when this server started; undefined when there is none. */
  unfinishedRun(workflow: string): Promise<RunRequest | undefined>;
  hasRun(request: RunRequest): Promise<boolean>;
  /** Runs that have ended, and those that end from now on, until the signal aborts: each once, with its last state. */
  endedRuns(workflow: string, signal: AbortSignal): AsyncIterable<EndedRun>;
  /** Drains and ends the server and its workers. */
  stop(): Promise<void>;
}

/** Starts a Millrace server with these pipelines and waits until it is ready. */
export async function startMillrace({ home, files, env, port }: MillraceOptions): Promise<Millrace> {
  const startedAt = Date.now();
  const news = new EventEmitter();
  const onEvents = (events: readonly ToldEvent[]) => {
    for (const event of events)
      if (event.kind === 'run' && ENDS.has(event.state as RunState)) news.emit('ended', event);
  };
  const http = port === undefined ? {} : { http: { port, whenTaken: 'next' } as const };
  const server = await startServer({ home, files, env, log: sayWhatIsWrong, onEvents, ...http });
  const runs = async (workflow: string, states: readonly RunState[]) => {
    const found = await server.store.queries.workflow(workflow);
    return found ? await server.store.queries.runs({ workflowId: found.id, states, limit: 10_000 }) : [];
  };
  // A short run that was left behind may end before anybody has asked for it.
  const wasUnfinished = ({ endedAt }: Pick<RunRow, 'endedAt'>) => endedAt === null || endedAt >= startedAt;
  return {
    url: server.url,
    trigger: async (request) => {
      const run = await server.findRun(request);
      return run && wasUnfinished(run) ? 'continued' : (await makeSure(server, request)).how;
    },
    async *events(request, signal) {
      const run = await server.findRun(request);
      if (run) yield* server.watchRun(run, signal);
    },
    async unfinishedRun(workflow) {
      const run = (await runs(workflow, ['queued', 'running', ...ENDS])).find(wasUnfinished);
      if (!run) return undefined;
      const { runId, logicalDate, conf } = run;
      const dated = logicalDate === null ? {} : { logicalDate: new Date(logicalDate) };
      return { workflow, runId, ...dated, params: JSON.parse(conf) as Record<string, unknown> };
    },
    hasRun: async (request) => (await server.findRun(request)) !== null,
    async *endedRuns(workflow, signal) {
      // Listening begins before looking, so that no end is missed in between.
      const heard = on(news, 'ended', { signal });
      const seen = new Set<string>();
      for (const run of await runs(workflow, [...ENDS])) {
        const { runId, state } = run;
        seen.add(runId);
        yield { runId, state, when: wasUnfinished(run) ? 'now' : 'before' };
      }
      try {
        for await (const [event] of heard as AsyncIterable<[ToldEvent]>) {
          if (event.workflow !== workflow || seen.has(event.runId)) continue;
          seen.add(event.runId);
          yield { runId: event.runId, state: event.state, when: 'now' };
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    stop: () => server.stop(),
  };
}

type Server = Awaited<ReturnType<typeof startServer>>;
type RunRow = NonNullable<Awaited<ReturnType<Server['findRun']>>>;
type RunState = RunRow['state'];

const ENDS: ReadonlySet<RunState> = new Set<RunState>(['success', 'failed', 'cancelled']);

/** The schedule may make the run of this date at the same time. */
function makeSure(server: Server, { params = {}, ...rest }: RunRequest) {
  const request = { ...rest, conf: params };
  return server.ensureRun(request).catch((error: { readonly code?: unknown }) => {
    if (error.code === 'conflict') return server.ensureRun(request);
    throw error;
  });
}

function sayWhatIsWrong({ level, message, fields }: LogEntry): void {
  if (level === 'info') return;
  const { file, line, fix } = fields;
  const place = file === undefined ? '' : `${file}${line ? `:${line}` : ''}: `;
  console.error(`${place}${message}${fix ? `\nFix: ${fix}` : ''}`);
}
