import type { ResolvedExpression, StoredValue } from '../model/expression.ts';
import type { AttemptReason, TaskState } from '../model/states.ts';

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
  /** For a flow's body: the number of calls that the run has met before, to be fetched before it starts. */
  readonly flow: { readonly recorded: number } | null;
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
  /** What to do about it, where a MillraceError says so. */
  readonly fix?: string;
  /** The connection or variable that nobody has made. */
  readonly lacks?: { readonly kind: 'connection' | 'variable'; readonly name: string };
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
      /** Under which key the output may answer later calls. */
      readonly cache?: CacheEntry | null;
      /** The output was the answer of an earlier call; the body did not run. */
      readonly cached?: boolean;
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

export interface CacheEntry {
  readonly key: string;
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/**
 * News of one task call in a flow. The body sees the call's answer only after the report that ends it was acknowledged,
 * so what it has seen is in the store.
 */
export interface StepReport {
  /** Counts the reports of one attempt, for the acknowledgement. */
  readonly number: number;
  /** Task numbers are given by the attempt, from 1, in the order in which the run first meets the names. */
  readonly task: number;
  /** The occurrence, from 0. */
  readonly index: number;
  readonly name: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly state: 'running' | 'up_for_retry' | 'success' | 'failed' | 'skipped' | 'upstream_failed';
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly reason: AttemptReason | null;
  readonly output: StoredValue | null;
  readonly length: number | null;
  readonly error: ErrorReport | null;
  readonly cache: CacheEntry | null;
  readonly cached: boolean;
  /** Hash of what the call was given; null: nothing, or something without a hash. Tells calls of one name apart. */
  readonly inputHash: string | null;
}

/** A call that the run has met before. `none` and `running`: it is to run again, after so many attempts. */
export interface JournalEntry {
  readonly task: number;
  readonly index: number;
  readonly name: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly inputHash: string | null;
  readonly output: StoredValue | null;
  readonly error: ErrorReport | null;
}

/** The call of a flow that something is about, where it is not about the attempt of the flow's body itself. */
export interface StepRef {
  readonly task: number;
  readonly index: number;
  readonly attempt: number;
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

/** What the runner asks for itself. */
export type RunnerQuestion =
  /** A page of what a flow's run has met before. */
  | { readonly kind: 'journal'; readonly offset: number; readonly limit: number }
  /** The answer that a cache key stands for. */
  | { readonly kind: 'cached'; readonly key: string };

/** Text for connection (its URI), variable and secret; values for collected; null: there is no such thing. */
export type Answer =
  | { readonly text: string | null }
  | { readonly values: readonly StoredValue[] }
  | { readonly journal: readonly JournalEntry[] }
  | { readonly hit: { readonly output: StoredValue; readonly length: number | null } | null }
  | { readonly error: string };

/** What an executor tells the engine. Calls return at once; the engine never throws at an executor. */
export interface ExecutorEvents {
  /** May come twice or late: the token makes that harmless. */
  report(reports: readonly Report[]): void;
  log(token: string, lines: readonly LogLine[], step?: StepRef): void;
  /** What a mapped instance is called, by its input. */
  named(token: string, name: string): void;
  /** News of a flow's calls, in order. Each is acknowledged once it is durable. */
  steps(token: string, steps: readonly StepReport[]): void;
  /** Fraction done, 0 to 1, or a count where the length is unknown. */
  progress(token: string, progress: { readonly done: number; readonly total: number | null }, step?: StepRef): void;
  ask(token: string, question: Question | RunnerQuestion): Promise<Answer>;
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
  /** These steps of a flow's attempt are durable. */
  acknowledgeSteps(token: string, numbers: readonly number[]): void;
  /** Stops taking orders, gives bodies `graceMs` to end, then kills them; everything left is reported as lost. */
  stop(graceMs: number): Promise<void>;
}
