import { type LogEntry, startMillrace as startServer } from 'millrace/server';

export interface MillraceOptions {
  /** MILLRACE_HOME: database, keys and logs. */
  readonly home: string;
  /** Pipeline files. */
  readonly files: readonly string[];
  /** Connections and variables, as MILLRACE_CONN_… and MILLRACE_VAR_…, beside this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunRequest {
  readonly workflow: string;
  readonly logicalDate: Date;
  readonly runId: string;
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

export interface Millrace {
  /**
   * Makes the run happen: `started` when there was none of that logical date, `continued` when it has not ended yet,
   * `rerun` when it had ended and was cleared.
   */
  trigger(request: RunRequest): Promise<'started' | 'continued' | 'rerun'>;
  /** What happens in the run from now on, until it ends (its last event is that of the run) or the signal aborts. */
  events(request: RunRequest, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** Drains and ends the server and its workers. */
  stop(): Promise<void>;
}

/** Starts a Millrace server with these pipelines and waits until it is ready. */
export async function startMillrace({ home, files, env }: MillraceOptions): Promise<Millrace> {
  const server = await startServer({ home, files, env, log: sayWhatIsWrong });
  return {
    trigger: async (request) => (await server.ensureRun(request)).how,
    async *events(request, signal) {
      const run = await server.findRun(request);
      if (run) yield* server.watchRun(run, signal);
    },
    stop: () => server.stop(),
  };
}

function sayWhatIsWrong({ level, message, fields }: LogEntry): void {
  if (level === 'info') return;
  const { file, line, fix } = fields;
  const place = file === undefined ? '' : `${file}${line ? `:${line}` : ''}: `;
  console.error(`${place}${message}${fix ? `\nFix: ${fix}` : ''}`);
}
