import type { Expression, Mapping } from '../../model/expression.ts';
import type { GroupSpec, TaskSpec, WorkflowSpec } from '../../model/spec.ts';
import { encodeValue } from '../../model/value.ts';

/** How a task's expressions name other tasks and groups. */
export interface Names {
  output(task: string): Expression;
  element(group: string): Expression;
}

export interface TaskSketch
  extends Partial<Omit<TaskSpec, 'id' | 'group' | 'upstream' | 'downstream' | 'input' | 'mapping'>> {
  readonly after?: readonly string[];
  readonly group?: string;
  readonly input?: (names: Names) => Expression;
  readonly mapping?: (names: Names) => Mapping;
}

export interface DagSketch extends Partial<Omit<WorkflowSpec, 'id' | 'tasks' | 'groups' | 'params'>> {
  readonly groups?: Readonly<Record<string, (names: Names) => Mapping | null>>;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A DAG in few words: its tasks by id, in the order of the spec, each with what differs from the defaults. */
export function dagSpec(
  id: string,
  tasks: Readonly<Record<string, TaskSketch>>,
  { groups = {}, params = {}, ...options }: DagSketch = {},
): WorkflowSpec {
  const ids = Object.keys(tasks);
  const groupIds = Object.keys(groups);
  const index = (list: readonly string[], name: string) => {
    const found = list.indexOf(name);
    if (found < 0) throw new Error(`the sketch has no '${name}'`);
    return found;
  };
  const names: Names = {
    output: (task) => ({ kind: 'output', task: index(ids, task) }),
    element: (group) => ({ kind: 'element', group: index(groupIds, group) }),
  };
  const upstream = ids.map((task) =>
    (tasks[task]!.after ?? []).map((other) => index(ids, other)).sort((a, b) => a - b),
  );
  const specs = ids.map((task, at): TaskSpec => {
    const { after: _, group, input, mapping, ...own } = tasks[task]!;
    return {
      ...DEFAULTS,
      id: task,
      group: group === undefined ? null : index(groupIds, group),
      upstream: upstream[at]!,
      downstream: upstream.flatMap((list, other) => (list.includes(at) ? [other] : [])),
      input: input?.(names) ?? null,
      mapping: mapping?.(names) ?? null,
      ...(own.teardown ? { triggerRule: 'all_done_setup_success' as const } : {}),
      ...own,
    };
  });
  return {
    format: 1,
    kind: 'dag',
    id,
    description: null,
    docs: null,
    tags: [],
    owner: 'test',
    schedule: { kind: 'none' },
    timezone: 'UTC',
    startDate: null,
    endDate: null,
    catchup: false,
    maxActiveRuns: 16,
    maxActiveTasks: null,
    runTimeout: null,
    deadline: null,
    failFast: false,
    pausedUponCreation: false,
    params: {
      defaults: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, encodeValue(value)])),
      schema: null,
    },
    ...options,
    tasks: specs,
    groups: groupIds.map(
      (group): GroupSpec => ({ id: group, parent: null, tooltip: null, mapping: groups[group]!(names) }),
    ),
  };
}

/** A literal that is mapped over. */
export function listOf(...elements: readonly unknown[]): Expression {
  return {
    kind: 'literal',
    value: encodeValue(elements),
    elements: elements.map((element) => encodeValue(element)),
  };
}

const DEFAULTS: Omit<TaskSpec, 'id'> = {
  group: null,
  kind: 'task',
  setup: false,
  teardown: false,
  onFailureFailRun: false,
  upstream: [],
  downstream: [],
  triggerRule: 'all_success',
  input: null,
  mapping: null,
  retries: 0,
  retryDelay: 0,
  retryBackoff: 0,
  maxRetryDelay: null,
  timeout: null,
  pool: 'default_pool',
  poolSlots: 1,
  priorityWeight: 1,
  weightRule: 'downstream',
  priority: 1,
  queue: 'default',
  maxActivePerDag: null,
  maxActivePerRun: null,
  isolation: 'shared',
  memory: null,
  dependsOnPast: false,
  waitForDownstream: false,
  ignoreFirstDependsOnPast: true,
  email: [],
  emailOnFailure: false,
  emailOnRetry: false,
  docs: null,
};
