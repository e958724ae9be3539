import type { Context } from '../../sdk/context.ts';
import type { TaskDefinition } from '../../sdk/definition.ts';
import { bodyOf, type TaskCache, taskCacheOf } from '../../sdk/drawn.ts';
import { flowRetry, runFlow } from '../../sdk/flow.ts';
import type { FlowDefinition } from '../../sdk/flow-definition.ts';
import { type RetryDecision, retryDecision } from '../../sdk/retry-decision.ts';
import { endOf } from '../../sdk/settled.ts';

/** What a call runs: a task, or a child flow. Durations are milliseconds. */
export interface StepWork {
  readonly kind: 'task' | 'flow';
  /** Its own name; the step's has the child flows that it is in before it, and its key behind it. */
  readonly name: string;
  /** Tells the call from others of its name, in place of its occurrence. */
  readonly key: string | ((input: unknown) => string) | null;
  /** Arguments that lie under the input's. */
  readonly fixed: Readonly<Record<string, unknown>> | null;
  readonly retries: number;
  readonly retryDelay: number | readonly number[];
  readonly retryBackoff: number;
  readonly maxRetryDelay: number | null;
  readonly timeout: number | null;
  readonly cache: TaskCache | null;
  /** Null: as the flow that calls. */
  readonly logPrints: boolean | null;
  retry(error: unknown): RetryDecision;
  run(input: unknown, context: Context): unknown;
}

/** A task as a flow runs it: without a retryDelay of its own it is tried again at once (Prefect's default). */
export function taskWork(definition: TaskDefinition): StepWork {
  const { name, fixed, options } = definition;
  const body = bodyOf(definition);
  return {
    kind: 'task',
    name,
    key: options.key ?? null,
    fixed,
    retries: options.retries ?? 0,
    retryDelay: options.retryDelay ?? 0,
    retryBackoff: options.retryBackoff ?? 0,
    maxRetryDelay: options.maxRetryDelay ?? null,
    timeout: options.timeout ?? null,
    cache: taskCacheOf(definition, options),
    logPrints: null,
    retry: (error) => retryDecision(error, options.retry),
    run: async (input, context) => endOf(await body(input, context)),
  };
}

export function childFlowWork(definition: FlowDefinition): StepWork {
  const { name, options } = definition;
  return {
    kind: 'flow',
    name,
    key: null,
    fixed: null,
    retries: options.retries ?? 0,
    retryDelay: options.retryDelay ?? 0,
    retryBackoff: 0,
    maxRetryDelay: null,
    timeout: options.timeout ?? null,
    cache: null,
    logPrints: options.logPrints ?? null,
    retry: (error) => flowRetry(definition, error),
    run: (input, context) => runFlow(definition, input ?? {}, context),
  };
}
