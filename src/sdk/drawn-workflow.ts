import { MillraceError } from '../model/errors.ts';
import type { TaskSpec, WorkflowSpec } from '../model/spec.ts';
import type { CacheFacts } from './cache-policy.ts';
import type { Context } from './context.ts';
import type { TaskDefinition } from './definition.ts';
import type { DrawnTask } from './drawing.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { listed } from './option-reader.ts';
import type { ParsedOptions } from './parsed-options.ts';
import type { ParsedParams } from './parsed-params.ts';
import { bodyOf } from './replacement.ts';
import { type RetryDecision, retryDecision } from './retry-decision.ts';

/** A workflow as its code has it: the spec, and the functions that the spec names by index. */
export interface DrawnWorkflow {
  readonly spec: WorkflowSpec;
  /** The code of a task, by its index in the spec. Throws for an index that the spec does not have. */
  taskFunctions(index: number): TaskFunctions;
  /** What `.map()` was given, by the `fn` of the expressions. */
  readonly functions: readonly ((value: unknown) => unknown)[];
  /** Checks a run's conf and lays it over the defaults. */
  parseParams(conf: Readonly<Record<string, unknown>>): ParsedParams;
  /** Flows only: its body's calls are recorded while it runs. */
  readonly flow?: { readonly definition: FlowDefinition };
}

/** What runs for a task. */
export interface TaskFunctions {
  readonly kind: TaskSpec['kind'];
  /** The task's body. */
  readonly run: (input: unknown, context: Context) => unknown;
  /** What to do about an error that the body threw, by failNow() and the `retry` option. */
  readonly retry: (error: unknown) => RetryDecision;
  /** Names a mapped instance from its input, or null. */
  readonly instanceName: ((input: unknown) => string) | null;
  /** Where answers of earlier calls may do, what they are found by. */
  readonly cache: TaskCache | null;
  /**
   * What is not followed after the body gave `value`: for branches and short circuits, else null. Throws
   * `invalid_wiring` for what no branch may return. Has the form of an outcome's `skip`.
   */
  readonly skip: (value: unknown) => Skip | null;
}

/** How the calls of a task are cached. */
export interface TaskCache {
  /** Null: this call is not cached. Throws where no key can be made. */
  key(facts: Omit<CacheFacts, 'task' | 'fn'>): string | null;
  /** Milliseconds; null: for ever. */
  readonly expiration: number | null;
  /** Whether earlier answers are passed over. */
  readonly refresh: boolean;
}

/** How a task's calls are cached, by its options; null: they are not. */
export function taskCacheOf(
  { name, fn }: Pick<TaskDefinition, 'name' | 'fn'>,
  options: Partial<Pick<ParsedOptions, 'cacheKey' | 'cacheExpiration' | 'refreshCache'>>,
): TaskCache | null {
  const { cacheKey, cacheExpiration = null, refreshCache = false } = options;
  if (!cacheKey) return null;
  return {
    key: (facts) => cacheKey.keyOf({ ...facts, task: name, fn }),
    expiration: cacheExpiration,
    refresh: refreshCache,
  };
}

/** Tasks to skip: those directly downstream that a branch does not follow, or everything downstream. */
export interface Skip {
  readonly scope: 'direct' | 'all';
  readonly tasks: readonly number[];
}

/** The code of a drawn task. */
export function taskFunctionsOf(
  task: DrawnTask,
  graph: { readonly index: number; readonly tasks: readonly TaskSpec[] },
  options: Partial<ParsedOptions>,
): TaskFunctions {
  const { kind, skips } = task.definition;
  const { retry, instanceName } = options;
  return {
    kind,
    run: (input, context) => bodyOf(task.definition)(input, context),
    retry: (error) => retryDecision(error, retry),
    instanceName: instanceName ?? null,
    cache: taskCacheOf(task.definition, options),
    skip: (value) => {
      if (kind === 'branch') return skippedByBranch(task, graph, value);
      if (kind === 'short_circuit' && !value) return skippedByShortCircuit(graph, skips ?? 'all');
      return null;
    },
  };
}

interface Graph {
  readonly index: number;
  readonly tasks: readonly TaskSpec[];
}

function skippedByShortCircuit({ index, tasks }: Graph, scope: 'all' | 'direct'): Skip {
  const found =
    scope === 'all' ? [...reached(tasks, tasks[index]?.downstream ?? [])] : (tasks[index]?.downstream ?? []);
  return { scope, tasks: found.filter((at) => !tasks[at]?.teardown).sort((a, b) => a - b) };
}

function skippedByBranch({ id, arms, otherwise }: DrawnTask, { tasks }: Graph, value: unknown): Skip | null {
  const keys = value === null ? [] : Array.isArray(value) ? value : [value];
  const wrong = keys.filter((key) => typeof key !== 'string').map((key) => (key === null ? 'null' : typeof key));
  if (wrong.length > 0) {
    throw new MillraceError('invalid_wiring', `branch '${id}' returned ${wrong[0]} instead of a key`, {
      fix: `Return one of ${listed([...arms.keys()])}, a list of them, or null.`,
    });
  }
  const chosen = keys.flatMap((key) => arms.get(key) ?? []);
  const anyArm = keys.some((key) => arms.has(key));
  const followed = new Set([...chosen, ...(anyArm ? [] : (otherwise ?? []))]);
  // What a chosen task leads to stays in the run, although another body leads to it, too.
  for (const index of reached(
    tasks,
    [...followed].flatMap((at) => tasks[at]?.downstream ?? []),
  ))
    followed.add(index);
  const offered = new Set([...arms.values(), otherwise ?? []].flat());
  const skipped = [...offered].filter((at) => !followed.has(at) && !tasks[at]?.teardown).sort((a, b) => a - b);
  return { scope: 'direct', tasks: skipped };
}

function reached(tasks: readonly TaskSpec[], from: readonly number[]): Set<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    open.push(...(tasks[index]?.downstream ?? []));
  }
  return found;
}
