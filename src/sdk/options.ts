import type { Duration } from '../model/duration.ts';
import type { CacheKeyFunction, CachePolicy } from './cache-policy.ts';
import type { TaskTriggerRule } from './output.ts';

/** How the tasks of a DAG or a group behave unless they say otherwise (Airflow's default_args). */
export interface DefaultArgs {
  /** Attempts after the first one. Default 0. */
  readonly retries?: number;
  /** The wait before the next attempt; a list gives the nth wait, its last one repeating. Default 5 minutes. */
  readonly retryDelay?: Duration | readonly Duration[];
  /** Factor by which each wait is longer than the one before; true is 2. Default 0: all waits are equal. */
  readonly retryExponentialBackoff?: number | boolean;
  /** The longest wait under exponential back-off. Default: none but the general one, 24 hours. */
  readonly maxRetryDelay?: Duration;
  /**
   * Looks at the error of a failed attempt: false gives up at once, true goes on as `retries` says, `{ after }` does
   * so after another wait. Runs on the worker.
   */
  readonly retry?: (error: unknown) => boolean | { readonly after: Duration };
  /** How long one attempt may take. Default: for ever. */
  readonly timeout?: Duration;
  /** When the task may run, from the states of what is directly upstream. Default 'all_success'. */
  readonly triggerRule?: TaskTriggerRule;
  /** The pool whose slots each instance takes, and how many. Default 'default_pool', 1 slot. */
  readonly pool?: string | { readonly name: string; readonly slots?: number };
  /** The higher, the sooner a ready instance is taken. A whole number; default 1. */
  readonly priority?: number;
  /** Whether the priorities of all that is downstream, all that is upstream, or nothing are added. Default 'downstream'. */
  readonly weightRule?: 'downstream' | 'upstream' | 'absolute';
  /** The most instances of the task that run at once, over all runs of the DAG or in one run. Default: no limit. */
  readonly limits?: { readonly perDag?: number; readonly perRun?: number };
  /** Which workers may take it. Default 'default'. No effect yet: every worker takes work of every queue. */
  readonly queue?: string;
  /** Whether each attempt has a process of its own. Default 'shared'. */
  readonly isolation?: 'shared' | 'process';
  /** The most memory of an attempt with isolation 'process': '2GB', '512MB', or MiB as a number. 1GB is 1024 MiB. */
  readonly memory?: string | number;
  /** Who gets mail about failures and retries. */
  readonly email?: string | readonly string[];
  /** Default true where there is an email address. */
  readonly emailOnFailure?: boolean;
  /** Default true where there is an email address. */
  readonly emailOnRetry?: boolean;
  /** Runs only when the same task succeeded or was skipped in the run before. Default false. No effect yet. */
  readonly dependsOnPast?: boolean;
  /** Also waits for what is directly downstream in the run before; turns dependsOnPast on. Default false. No effect yet. */
  readonly waitForDownstream?: boolean;
  /** With dependsOnPast: the first run has nothing to wait for. Default true. */
  readonly ignoreFirstDependsOnPast?: boolean;
}

/** The options of a task. What is not given comes from the group's, then from the DAG's `defaultArgs`. */
export interface TaskOptions<I = never, R extends TaskTriggerRule = TaskTriggerRule> extends DefaultArgs {
  /** Another name: a task that is called twice in one DAG needs one for the second call. */
  readonly name?: string;
  readonly triggerRule?: R;
  /**
   * In a flow: what tells one call from another, in place of how many calls there were before; the call is recorded as
   * `name[key]`. For calls whose order is not always the same.
   */
  readonly key?: string | ((input: I) => string);
  /**
   * What answers are cached by: inputHash, cacheBy, or a function that gives the key or null. A call whose key has an
   * answer is not run. When making a key throws, the call is run and not cached. Default: nothing is cached.
   */
  readonly cacheKey?: CachePolicy | CacheKeyFunction<I>;
  /** How long an answer is good. Default: for ever. */
  readonly cacheExpiration?: Duration;
  /** Runs the call although there is an answer, and puts its own in place. Default false. */
  readonly refreshCache?: boolean;
  /** Names an instance of a mapped task for people, from its input. Runs on the worker. */
  readonly instanceName?: (input: I) => string;
  /** Markdown, shown in the web page. */
  readonly docs?: string;
}
