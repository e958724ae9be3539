import type { ResolvedExpression, StoredValue } from '../model/expression.ts';
import type { AttemptReason } from '../model/states.ts';

/** The built code that an attempt runs: a file named by its content hash. */
export interface BundleRef {
  readonly hash: string;
  /** Where workers of this machine find it; remote ones fetch it by hash. */
  readonly path: string;
}

/** What every attempt of a run is told about the run; sent once per message, not once per attempt. */
export interface RunFacts {
  /** The store's key of the run: names the facts inside one message. */
  readonly key: number;
  readonly runId: string;
  readonly workflow: string;
  readonly kind: 'dag' | 'flow';
  readonly type: string;
  readonly logicalDate: number | null;
  readonly intervalStart: number | null;
  readonly intervalEnd: number | null;
  readonly runAfter: number;
  readonly startedAt: number | null;
  /** Encoded params by name: defaults, with the run's conf laid over them. */
  readonly params: Readonly<Record<string, string>>;
  readonly conf: string;
  readonly bundle: BundleRef;
  readonly previousSuccess: {
    readonly intervalStart: number | null;
    readonly intervalEnd: number | null;
    readonly startedAt: number;
    readonly endedAt: number;
  } | null;
}

/** One attempt to run. Its token is its fence: whatever is reported under another token is ignored. */
export interface AttemptOrder {
  readonly token: string;
  readonly run: number;
  readonly task: number;
  readonly taskId: string;
  readonly mapIndex: number;
  /** Number of instances of the mapped task, or null where it is not mapped. */
  readonly mapLength: number | null;
  /** From 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly input: ResolvedExpression | null;
  /** True where a mapped task reads the output: it is then stored element by element. */
  readonly mappable: boolean;
  /** Milliseconds, or null. */
  readonly timeout: number | null;
  readonly isolation: 'shared' | 'process';
  /** MiB, with isolation 'process'. */
  readonly memory: number | null;
}

export interface Submission {
  readonly runs: readonly RunFacts[];
  readonly orders: readonly AttemptOrder[];
}

export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  /** A MillraceError's code, or null. */
  readonly code: string | null;
}

/** How an attempt went. */
export type Outcome =
  | {
      readonly kind: 'success';
      readonly output: StoredValue | null;
      /** Elements of the output, where it is mappable. */
      readonly length: number | null;
      /** Direct downstream tasks that a branch or short circuit does not follow; `all` skips everything downstream. */
      readonly skip: { readonly scope: 'direct' | 'all'; readonly tasks: readonly number[] } | null;
    }
  | {
      readonly kind: 'failed';
      readonly reason: AttemptReason;
      readonly error: ErrorReport;
      readonly retry: 'normal' | 'never' | { readonly afterMs: number };
    }
  | { readonly kind: 'skipped'; readonly message: string | null }
  | { readonly kind: 'rescheduled'; readonly at: number }
  | { readonly kind: 'cancelled'; readonly reason: AttemptReason }
  /** The worker is gone, or never was: says nothing about the body. */
  | { readonly kind: 'lost'; readonly reason: AttemptReason; readonly detail: string };

export interface Report {
  readonly token: string;
  readonly outcome: Outcome;
  /** Wall clock of the worker's machine, milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The process that ran it, for people: `worker-2 (pid 4711)`. */
  readonly worker: string;
}

export interface LogLine {
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `task`: the body; `stdout`, `stderr`: console output; `millrace`: the system speaking about the attempt. */
  readonly source: 'task' | 'stdout' | 'stderr' | 'millrace';
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a body may ask of the server while it runs. */
export type Question =
  | { readonly kind: 'connection'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'secret'; readonly name: string }
  /** A page of a mapped task's outputs. */
  | { readonly kind: 'collected'; readonly task: number; readonly offset: number; readonly limit: number };

/** Text for connection (its URI), variable and secret; values for collected; null: there is no such thing. */
export type Answer =
  | { readonly text: string | null }
  | { readonly values: readonly StoredValue[] }
  | { readonly error: string };

/** What an executor tells the engine. Calls return at once; the engine never throws at an executor. */
export interface ExecutorEvents {
  /** May come twice or late: the token makes that harmless. */
  report(reports: readonly Report[]): void;
  log(token: string, lines: readonly LogLine[]): void;
  /** Fraction done, 0 to 1, or a count where the length is unknown. */
  progress(token: string, progress: { readonly done: number; readonly total: number | null }): void;
  ask(token: string, question: Question): Promise<Answer>;
  /** There is room again. */
  capacity(): void;
}

/**
 * Where attempts run. An executor holds no truth: everything it knows can be rebuilt from the store, and an attempt
 * that it forgets is found by its lease.
 */
export interface Executor {
  readonly name: string;
  start(events: ExecutorEvents): Promise<void>;
  /** How many attempts it takes right now. */
  free(): number;
  /** Takes ownership at once; every order ends in exactly one report, `lost` when nothing else can be said. */
  submit(submission: Submission): void;
  /** Asks the body to stop: abort signal, then SIGTERM, then SIGKILL. Unknown tokens are ignored. */
  cancel(token: string, reason: AttemptReason): void;
  /** The reports of these tokens are durable; the executor may forget them. */
  acknowledge(tokens: readonly string[]): void;
  /** Stops taking orders, gives bodies `graceMs` to end, then kills them; everything left is reported as lost. */
  stop(graceMs: number): Promise<void>;
}
