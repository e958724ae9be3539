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
  /** Address of the web page and the API. */
  readonly url: string;
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
export async function startMillrace(_options: MillraceOptions): Promise<Millrace> {
  throw new Error('startMillrace is not connected to the server yet');
}
