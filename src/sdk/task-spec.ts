import { MillraceError } from '../model/errors.ts';
import { effectiveWeights } from '../model/priority.ts';
import type { GroupSpec, TaskSpec } from '../model/spec.ts';
import type { Drawing, DrawnTask } from './drawing.ts';
import { expressionsOf } from './drawing.ts';
import { placed } from './id.ts';
import { invalidOption } from './option-reader.ts';
import type { ParsedDefaults, ParsedOptions } from './parsed-options.ts';
import { invalidWiring } from './wiring.ts';

const RETRY_DELAY = 300_000;

/** The tasks of a finished drawing, with the DAG's and the groups' default arguments under their own options. */
export function taskSpecs(drawing: Drawing, dagDefaults: Partial<ParsedDefaults>): TaskSpec[] {
  checkCycles(drawing);
  const downstream = drawing.tasks.map((): number[] => []);
  drawing.tasks.forEach((task, index) => {
    for (const from of task.upstream) downstream[from]?.push(index);
  });
  const specs = drawing.tasks.map((task, index) => {
    const options = mergedOptions(drawing, task, dagDefaults);
    return taskSpec(task, options, downstream[index]!);
  });
  for (const [index, task] of drawing.tasks.entries()) checkTask(drawing, task, specs[index]!);
  const weights = effectiveWeights({ tasks: specs });
  return specs.map((spec, index) => ({ ...spec, priority: weights[index] ?? 0 }));
}

export function groupSpecs(drawing: Drawing): GroupSpec[] {
  return drawing.groups.map(({ id, parent, tooltip, mapping }) => ({ id, parent, tooltip, mapping }));
}

/** A task's options: its own over its groups', from the innermost to the outermost, over the DAG's. */
export function mergedOptions(
  drawing: Drawing,
  task: DrawnTask,
  dagDefaults: Partial<ParsedDefaults>,
): Partial<ParsedOptions> {
  const layers: Partial<ParsedOptions>[] = [task.definition.options];
  for (let at = task.group; at !== null; at = drawing.groups[at]?.parent ?? null)
    layers.unshift(drawing.groups[at]?.defaults ?? {});
  return Object.assign({}, dagDefaults, ...layers);
}

function taskSpec(task: DrawnTask, options: Partial<ParsedOptions>, downstream: readonly number[]): TaskSpec {
  const email = options.email ?? [];
  const waitForDownstream = options.waitForDownstream ?? false;
  return {
    id: task.id,
    group: task.group,
    kind: task.definition.kind,
    setup: task.setup,
    teardown: task.teardown,
    onFailureFailRun: task.onFailureFailRun,
    upstream: [...task.upstream].sort((a, b) => a - b),
    downstream,
    triggerRule: task.teardown ? 'all_done_setup_success' : (options.triggerRule ?? 'all_success'),
    input: task.input,
    mapping: task.mapping,
    retries: options.retries ?? 0,
    retryDelay: options.retryDelay ?? RETRY_DELAY,
    retryBackoff: options.retryBackoff ?? 0,
    maxRetryDelay: options.maxRetryDelay ?? null,
    timeout: options.timeout ?? null,
    pool: options.pool?.name ?? 'default_pool',
    poolSlots: options.pool?.slots ?? 1,
    priorityWeight: options.priority ?? 1,
    weightRule: options.weightRule ?? 'downstream',
    priority: 0,
    queue: options.queue ?? 'default',
    maxActivePerDag: options.limits?.perDag ?? null,
    maxActivePerRun: options.limits?.perRun ?? null,
    isolation: options.isolation ?? 'shared',
    memory: options.isolation === 'process' ? (options.memory ?? null) : null,
    dependsOnPast: (options.dependsOnPast ?? false) || waitForDownstream,
    waitForDownstream,
    ignoreFirstDependsOnPast: options.ignoreFirstDependsOnPast ?? true,
    email,
    emailOnFailure: email.length > 0 && (options.emailOnFailure ?? true),
    emailOnRetry: email.length > 0 && (options.emailOnRetry ?? true),
    docs: options.docs ?? null,
  };
}

function checkTask(drawing: Drawing, task: DrawnTask, spec: TaskSpec): void {
  const own = task.definition.options;
  if (own.memory !== undefined && spec.isolation !== 'process') {
    throw invalidOption(
      `task '${spec.id}': option 'memory' is given, but it shares its process with others`,
      "Add isolation: 'process', or leave memory out.",
      task.place,
    );
  }
  if (task.teardown && own.triggerRule !== undefined) {
    throw invalidOption(
      `teardown '${spec.id}' has a trigger rule`,
      'Leave triggerRule out: teardowns have a rule of their own.',
      task.place,
    );
  }
  const mapping = task.mapping;
  if (
    mapping &&
    spec.triggerRule === 'always' &&
    expressionsOf({ input: null, mapping }).some((over) => drawing.sources(over).size > 0)
  ) {
    throw invalidWiring(
      `task '${spec.id}' is mapped over an output, but its trigger rule 'always' does not wait for it`,
      'Use another trigger rule, or map over a list that is known.',
      task.place,
    );
  }
  const behindSetup = spec.upstream.some((index) => drawing.tasks[index]?.setup);
  if (behindSetup && !task.teardown && !task.setup && spec.triggerRule !== 'all_success') {
    throw invalidWiring(
      `task '${spec.id}' is directly behind a setup and has trigger rule '${spec.triggerRule}'`,
      "Leave it 'all_success': what needs a resource cannot run without it.",
      task.place,
    );
  }
}

function checkCycles(drawing: Drawing): void {
  const cycle = findCycle(drawing);
  if (!cycle) return;
  const edges = cycle.slice(1).map((to, i) => drawing.edgePlaces.get(`${cycle[i]}>${to}`));
  const place = edges.find((found) => found !== undefined) ?? drawing.tasks[cycle[0]!]!.place;
  const path = cycle.map((index) => drawing.tasks[index]!.id).join(' -> ');
  throw new MillraceError('dag_cycle', `DAG '${drawing.dagId}' has a cycle: ${path}`, {
    fix: 'Take out one of these dependencies: a chain() or an .after() goes against the flow of the data.',
    ...placed(place),
  });
}

/** The tasks of a cycle in the order of their edges, the first one again at the end, or null. */
function findCycle(drawing: Drawing): number[] | null {
  const finished = new Set<number>();
  for (const start of drawing.tasks.keys()) {
    // The walk goes upstream; `path` holds the tasks that it is in, each with what is left to look at.
    const path: { readonly task: number; readonly left: number[] }[] = [];
    const enter = (task: number) => path.push({ task, left: [...drawing.upstreamOf(task)] });
    if (!finished.has(start)) enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        finished.add(top.task);
        path.pop();
      } else if (!finished.has(next)) {
        const at = path.findIndex(({ task }) => task === next);
        if (at >= 0) return [...path.slice(at).map(({ task }) => task), next].reverse();
        enter(next);
      }
    }
  }
  return null;
}
