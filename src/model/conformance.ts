import { type ConformanceGraph, type DagCase, graphOf, type StateMap } from './conformance-graph.ts';
import { effectiveWeights } from './priority.ts';
import { retryDelay } from './retry-delay.ts';
import { consideredTasks, finalRunState } from './run-state.ts';
import { countsOwnIndexOnly } from './scope.ts';
import { decide, decideExpansion, type ScopeCounts, type TriggerDecision } from './trigger-rule.ts';

/** Whether the model comes to what a case expects; if not, what it comes to instead. */
export type Verdict = { readonly agree: true } | { readonly agree: false; readonly got: unknown };

export interface Case<Input, Expected> {
  readonly id: string;
  readonly input: Input;
  readonly expected: Expected;
}

type Decisions = Record<string, Record<string, string>>;

export type TriggerRuleCase = Case<
  { readonly dag: DagCase; readonly states: StateMap; readonly ask: readonly string[] },
  { readonly decisions: Decisions }
>;

export type RetryCase = Case<
  {
    readonly dag_id: string;
    readonly task_id: string;
    readonly logical_date_text: string;
    readonly attempt: number;
    readonly retry_delay_us: number;
    readonly retry_exponential_backoff: number | boolean;
    readonly max_retry_delay_us: number | null;
  },
  { readonly delay_us: number }
>;

export type PriorityCase = Case<{ readonly dag: DagCase }, { readonly priority_weight: Record<string, number> }>;

export type RunStateCase = Case<
  { readonly dag: DagCase; readonly states: StateMap; readonly tags: readonly string[] },
  { readonly run_state: string; readonly ready: readonly (readonly [string, number])[]; readonly changed: Decisions }
>;

/** What one scheduling pass decides for the asked tasks. */
export function checkTriggerRules({ input, expected }: TriggerRuleCase): Verdict {
  const graph = graphOf(input.dag, input.states);
  const decisions: Decisions = {};
  for (const id of input.ask) {
    const task = graph.index(id);
    decisions[id] = Object.fromEntries(
      graph.instances(task).map(([mapIndex, state]) => [String(mapIndex), state ?? decideOne(graph, task, mapIndex)]),
    );
  }
  return verdict({ decisions }, expected);
}

/** The wait before the next attempt. */
export function checkRetries({ input, expected }: RetryCase): Verdict {
  const backoff = input.retry_exponential_backoff;
  const delayMs = retryDelay({
    dagId: input.dag_id,
    taskId: input.task_id,
    logicalDateText: input.logical_date_text,
    attempt: input.attempt,
    retryDelayMs: input.retry_delay_us / 1000,
    backoff: backoff === true ? 2 : Number(backoff),
    maxRetryDelayMs: input.max_retry_delay_us === null ? undefined : input.max_retry_delay_us / 1000,
  });
  return verdict({ delay_us: Math.round(delayMs * 1000) }, expected);
}

/** The effective weight of each task. */
export function checkPriority({ input, expected }: PriorityCase): Verdict {
  const graph = graphOf(input.dag, {});
  const weights = effectiveWeights(graph);
  const got = Object.fromEntries(graph.tasks.map((task, index) => [task.id, weights[index]]));
  return verdict({ priority_weight: got }, expected);
}

/** One scheduling pass over all instances, and the run's state after it. */
export function checkRunState({ input, expected }: RunStateCase): Verdict {
  const graph = graphOf(input.dag, input.states);
  const ready: [string, number][] = [];
  const changed: Decisions = {};
  let unfinished = false;
  let stuck = true;
  graph.tasks.forEach((task, index) => {
    for (const [mapIndex, state] of graph.instances(index)) {
      if (FINISHED.has(state ?? '')) continue;
      unfinished = true;
      const decision = decideOne(graph, index, mapIndex);
      if (task.dependsOnPast || state === 'deferred' || decision !== 'wait') stuck = false;
      if (state !== null || decision === 'wait') continue;
      if (decision === 'run') ready.push([task.id, mapIndex]);
      else changed[task.id] = { ...changed[task.id], [mapIndex]: decision };
    }
  });
  const considered = consideredTasks(graph);
  const anyFailed = [...considered].some((task) =>
    graph.instances(task).some(([, state]) => state === 'failed' || state === 'upstream_failed'),
  );
  const runState = !unfinished ? finalRunState({ anyFailed }) : stuck ? 'failed' : 'running';
  const ids = (instances: RunStateCase['expected']['ready']) => instances.map(([id, at]) => `${id}[${at}]`).sort();
  return verdict(
    { run_state: runState, ready: ids(ready), changed },
    { run_state: expected.run_state, ready: ids(expected.ready), changed: expected.changed },
  );
}

const FINISHED: ReadonlySet<string> = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'removed']);

/** Counts what an instance looks at, as the engine keeps it in counters, and asks the model. */
function decideOne(graph: ConformanceGraph, index: number, mapIndex: number): TriggerDecision {
  const task = graph.tasks[index]!;
  const states = (others: readonly number[]) => others.flatMap((other) => relevant(graph, index, mapIndex, other));
  const upstream = states(task.upstream);
  const setups = states(task.upstream.filter((other) => graph.tasks[other]?.setup));
  const direct = decide({
    rule: task.triggerRule,
    mapIndex,
    counts: {
      expected: upstream.length,
      success: count(upstream, 'success'),
      failed: count(upstream, 'failed'),
      skipped: count(upstream, 'skipped'),
      upstreamFailed: count(upstream, 'upstream_failed'),
      removed: count(upstream, 'removed'),
      successSetup: count(setups, 'success'),
      skippedSetup: count(setups, 'skipped'),
    },
    upstreamSetups: setups.length,
    scope: scopeCounts(states(task.scope)),
  });
  const sources = mapIndex >= 0 ? [] : task.sources;
  return decideExpansion(
    direct,
    scopeCounts(sources.flatMap((source) => graph.instances(source).map(([, state]) => state))),
  );
}

function relevant(graph: ConformanceGraph, index: number, mapIndex: number, other: number): (string | null)[] {
  const own = mapIndex >= 0 && countsOwnIndexOnly(graph.tasks[index]!.mappedGroup, graph.tasks[other]!.mappedGroup);
  return graph
    .instances(other)
    .filter(([at]) => !own || at === mapIndex || at === -1)
    .map(([, state]) => state);
}

type State = string | null;

function count(states: readonly State[], ...wanted: string[]): number {
  return states.filter((state) => state !== null && wanted.includes(state)).length;
}

function scopeCounts(states: readonly State[]): ScopeCounts {
  return {
    expected: states.length,
    success: count(states, 'success'),
    failed: count(states, 'failed', 'upstream_failed'),
    skipped: count(states, 'skipped'),
    removed: count(states, 'removed'),
  };
}

function verdict(got: unknown, expected: unknown): Verdict {
  return canonical(got) === canonical(expected) ? { agree: true } : { agree: false, got };
}

/** JSON with the keys of objects in order; the order of a list counts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
