import type { DagCase, RunCase, TaskCase } from './dag-case.ts';
import { drawnCase } from './drawn-case.ts';

/** Where Millrace comes to something else than Airflow on purpose: a rule on the input of a case, and why. */
export interface Difference {
  readonly kind: string;
  readonly reason: string;
  applies(input: never): boolean;
}

/** Longest list that Airflow maps over unless its configuration says otherwise (core.max_map_length). */
const MAX_MAP_LENGTH = 1024;

/** Of whole runs and their states. */
export const DIFFERENCES: readonly Difference[] = [
  {
    kind: 'runs',
    reason: 'A branch never skips a teardown: what a setup has opened is closed.',
    applies: ({ dag }: RunCase['input']) => branchPassesOverTeardown(dag),
  },
  {
    kind: 'mapping',
    reason:
      'What is collected from a mapped group is always a list. In Airflow one value comes bare, and none as null.',
    applies: ({ dag, order }: RunCase['input']) => collectsFewFromGroup(dag, order),
  },
  {
    kind: 'mapping',
    reason:
      'A task in a mapped group is decided for each element by what is before it there. Airflow decides for all at ' +
      'once where its rule asks for one upstream that has finished, and all of its upstream is in the group.',
    applies: ({ dag }: RunCase['input']) => dag.tasks.some((task) => asksForOneInGroup(dag, task)),
  },
  {
    kind: 'mapping',
    reason: 'An object is mapped over by its entries in a zip, too. In Airflow the instances fail.',
    applies: ({ dag }: RunCase['input']) => zipsAnObject(dag),
  },
  {
    kind: 'mapping',
    reason: 'There is no limit to the length of a list that is mapped over. In Airflow its producer fails.',
    applies: ({ dag, config }: RunCase['input']) => mapsOverMoreThan(config?.max_map_length ?? MAX_MAP_LENGTH, dag),
  },
  {
    kind: 'run-state',
    reason:
      'An instance that is queued or runs is left alone when its rule no longer holds. Airflow overwrites it, which ' +
      'only comes about when states are edited by hand.',
    applies: ({ tags }: { readonly tags: readonly string[] }) => tags.includes('active-instance-changed'),
  },
];

function branchPassesOverTeardown(dag: DagCase): boolean {
  const { spec } = drawnCase(dag, { received: new Map(), returned: new Map() });
  return dag.tasks.some(({ task_id, behaviour }) => {
    if (behaviour?.kind !== 'branch') return false;
    const followed = [behaviour.follow ?? []].flat();
    const branch = spec.tasks.find(({ id }) => id === task_id);
    return branch?.downstream.some((to) => spec.tasks[to]!.teardown && !followed.includes(spec.tasks[to]!.id));
  });
}

/** A task outside of a mapped group takes the output of a task inside, of which at most one instance gave a value. */
function collectsFewFromGroup(dag: DagCase, order: RunCase['input']['order']): boolean {
  return dag.tasks.some((reader) =>
    outputsIn(reader).some((id) => {
      const source = dag.tasks.find(({ task_id }) => task_id === id);
      const group = source && mappedGroupOf(dag, source);
      if (!source || !group || mappedGroupOf(dag, reader) === group) return false;
      const { fail = [], skip = [], none = [] } = source.behaviour?.kind === 'arg' ? source.behaviour : {};
      const ran = new Set(order.filter(([taskId]) => taskId === id).map(([, index]) => index));
      return ran.size <= 1 || fail.length + skip.length + none.length > 0;
    }),
  );
}

const ASKS_FOR_ONE: ReadonlySet<string | null | undefined> = new Set([
  ...['one_success', 'one_failed', 'one_done'],
  ...['none_failed_min_one_success', 'all_done_min_one_success'],
]);

/** All that the task is behind lies in its own mapped group: the group's element would make the source upstream, too. */
function asksForOneInGroup(dag: DagCase, task: TaskCase): boolean {
  const group = mappedGroupOf(dag, task);
  if (!ASKS_FOR_ONE.has(task.trigger_rule) || group === null) return false;
  const edges = (dag.edges ?? []).filter(([, to]) => to === task.task_id).map(([from]) => from);
  const upstream = [...outputsIn(task), ...edges];
  const takesElement = JSON.stringify(task.args ?? {}).includes('"group_arg"');
  return upstream.length > 0 && !takesElement && upstream.every((id) => id.startsWith(`${group}.`));
}

function zipsAnObject(dag: DagCase): boolean {
  const zipped = new Set<string>();
  JSON.stringify([dag.tasks, dag.groups], (key, value: unknown) => {
    if (key !== 'zip' || !Array.isArray(value)) return value;
    for (const { output } of value as readonly { readonly output?: string }[]) if (output) zipped.add(output);
    return value;
  });
  return dag.tasks.some(
    ({ task_id, behaviour }) =>
      zipped.has(task_id) &&
      behaviour?.kind === 'return' &&
      typeof behaviour.value === 'object' &&
      behaviour.value !== null &&
      !Array.isArray(behaviour.value),
  );
}

function mapsOverMoreThan(longest: number, dag: DagCase): boolean {
  const mappedOver = new Set(
    [...dag.tasks, ...(dag.groups ?? [])].flatMap(({ expand }) => (expand ? outputsIn({ expand }) : [])),
  );
  return dag.tasks.some(({ task_id, behaviour }) => mappedOver.has(task_id) && lengthOf(behaviour) > longest);
}

function lengthOf(behaviour: TaskCase['behaviour']): number {
  if (behaviour?.kind === 'range') return behaviour.count;
  if (behaviour?.kind !== 'return' || typeof behaviour.value !== 'object' || behaviour.value === null) return 0;
  return Object.keys(behaviour.value).length;
}

function mappedGroupOf(dag: DagCase, task: TaskCase): string | null {
  let group = dag.groups?.find(({ group_id }) => group_id === task.group);
  while (group && !group.expand) group = dag.groups?.find(({ group_id }) => group_id === group?.parent);
  return group?.group_id ?? null;
}

/** The tasks whose outputs are named anywhere in a task's arguments. */
function outputsIn({ args, partial, expand }: Pick<TaskCase, 'args' | 'partial' | 'expand'>): string[] {
  const found: string[] = [];
  JSON.stringify({ args, partial, expand }, (key, value: unknown) => {
    if (key === 'literal') return undefined;
    if (key === 'output' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}
