import type { TaskState } from '../model/states.ts';
import type { TriggerRule } from '../model/trigger-rule.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { InstanceRow } from '../store/rows.ts';
import { many } from './many.ts';
import { because, type Reason, remedyOf } from './why-reason.ts';
import { nameOf, placeOf, type RunScope, runCommand } from './why-scope.ts';

const NAMED = 3;

const OVER: ReadonlySet<TaskState> = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'removed']);

/** The upstream tasks that have not ended, each by name; then what the rule needs. Never empty. */
export function upstreamReasons(scope: RunScope, row: InstanceRow): Reason[] {
  const task = scope.found.version.spec.tasks[row.task]!;
  const { expected, success, failed, skipped, upstreamFailed, removed } = row.counters;
  const done = success + failed + skipped + upstreamFailed + removed;
  const open = task.upstream.filter((from) => !isDone(scope.states.get(from) ?? []));
  const needs = ruleNeeds(task.triggerRule, { done, success, expected: Math.max(expected, task.upstream.length) });
  const reasons = open.slice(0, NAMED).map((from) => {
    const id = nameOf(scope, from)!;
    const place = placeOf(scope, { task: from, index: -1 });
    return because('upstream', `Upstream ${id} ${stateWords(scope.states.get(from) ?? [])}.`, {
      needs,
      remedies: [
        remedyOf('show_instance', `Show ${id}`, place),
        remedyOf('mark_success', 'Mark it success', {
          ...place,
          command: runCommand(scope, 'mark', ` success --task ${id}`),
        }),
      ],
    });
  });
  if (open.length > NAMED)
    reasons.push(because('upstream', `${open.length - NAMED} more of its upstream tasks have not ended.`, { needs }));
  if (reasons.length > 0) return reasons;
  const within = row.counters.scope;
  const inScope = within.success + within.failed + within.skipped + within.removed;
  if (within.expected > inScope) {
    const fact = task.teardown ? 'What it cleans up after has not ended.' : 'The setup of its scope has not ended.';
    const have = `${inScope} of ${within.expected} have.`;
    return [because('trigger_rule', fact, { needs: have, used: inScope, limit: within.expected })];
  }
  return [
    because('trigger_rule', `Its rule ${task.triggerRule} does not hold yet.`, { needs, used: done, limit: expected }),
  ];
}

/** What is upstream keeps nothing. */
export function upstreamPasses({ found }: RunScope, { task }: Pick<InstanceRow, 'task'>): string[] {
  const spec = found.version.spec.tasks[task];
  if (!spec) return [];
  return spec.upstream.length === 0
    ? ['nothing is upstream']
    : [`${spec.triggerRule} holds, ${many(spec.upstream.length, 'upstream task')} done`];
}

/** Why what is upstream ended an instance that never ran: `all_success cannot hold after extract failed`. */
export function upstreamCause(scope: RunScope, row: InstanceRow): string | null {
  const task = scope.found.version.spec.tasks[row.task];
  if (!task || (row.state !== 'upstream_failed' && row.state !== 'skipped') || row.startedAt !== null) return null;
  const looked: readonly TaskState[] =
    row.state === 'skipped' ? ['skipped', 'success', 'failed'] : ['failed', 'upstream_failed', 'skipped'];
  for (const state of looked) {
    const from = task.upstream.find((each) => scope.states.get(each)?.some((of) => of.state === state));
    if (from === undefined) continue;
    const verb = state === 'failed' || state === 'skipped' ? state : `ended as ${state}`;
    const ended = state === 'skipped' ? 'was skipped' : verb;
    return `${task.triggerRule} cannot hold after ${nameOf(scope, from)} ${ended}`;
  }
  return null;
}

const isDone = (states: readonly TaskStateRow[]) => states.length > 0 && states.every(({ state }) => OVER.has(state));

/** `is running, attempt 2`, `has no state yet`, `has 3 of 50 instances done`. */
function stateWords(states: readonly TaskStateRow[]): string {
  const all = states.reduce((sum, { instances }) => sum + instances, 0);
  if (all > 1) {
    const done = states.filter(({ state }) => OVER.has(state)).reduce((sum, { instances }) => sum + instances, 0);
    return `has ${done} of ${all} instances done`;
  }
  const [only] = states;
  if (!only || only.state === 'none') return 'has no state yet';
  const number = only.attempt > 1 ? `, attempt ${only.attempt}` : '';
  return `is ${only.parked > 0 ? 'scheduled' : only.state.replaceAll('_', ' ')}${number}`;
}

function ruleNeeds(
  rule: TriggerRule,
  { done, success, expected }: { readonly done: number; readonly success: number; readonly expected: number },
): string {
  if (rule === 'one_success') return `one_success needs 1 of ${expected}, has ${success}.`;
  if (rule === 'one_done') return `one_done needs 1 of ${expected} done, has ${done}.`;
  if (rule === 'one_failed') return `one_failed needs 1 of ${expected} failed.`;
  if (rule === 'all_success') return `all_success needs ${expected} of ${expected} done, has ${success}.`;
  return `${rule} needs ${expected} of ${expected} ended, has ${done}.`;
}
