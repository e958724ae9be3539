import type { Literal, Mapping } from '../../model/expression.ts';
import type { GroupSpec, TaskSpec, WorkflowSpec } from '../../model/spec.ts';
import type { TriggerRule } from '../../model/trigger-rule.ts';
import { encodeValue } from '../../model/value.ts';
import type { ScheduleSpec } from '../../timetable/schedule.ts';
import type { Profile } from './profile.ts';
import type { Random } from './random.ts';
import type { Script } from './script.ts';

/** A workflow and what its tasks' bodies do. */
export interface Pipeline {
  readonly spec: WorkflowSpec;
  readonly scripts: readonly Script[];
}

/** Pools beside the default one; people change their sizes. */
export const POOLS = ['small', 'wide'] as const;

const RULES: readonly TriggerRule[] = [
  'all_success',
  'all_failed',
  'all_done',
  'all_done_min_one_success',
  'all_skipped',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
];

type Draft = { -readonly [K in keyof TaskSpec]: TaskSpec[K] };

/** Draws a workflow: any graph, any rules, limits, mappings, setups, branches and bodies that may go together. */
export function drawPipeline(
  random: Random,
  profile: Profile,
  name: string,
  window: { from: number; to: number },
): Pipeline {
  const count = random.int(1, profile.mostTasks);
  const failFast = random.chance(0.1);
  const rules = failFast || random.chance(0.4) ? (['all_success'] as const) : RULES;
  const tasks = Array.from({ length: count }, (_, index) => drawTask(random, index, random.pick(rules)));
  const density = random.pick([0.15, 0.3, 0.6]);
  for (const [index, task] of tasks.entries()) {
    task.upstream = random.some([...tasks.keys()].slice(0, index), density);
  }
  if (!failFast && count >= 3 && random.chance(0.25)) addSetup(random, tasks);
  const groups = random.chance(0.25) ? drawGroup(random, tasks) : [];
  for (const [index, task] of tasks.entries()) {
    if (task.group === null && !task.setup && !task.teardown && random.chance(0.2)) mapTask(random, tasks, index);
  }
  connect(tasks);
  const runTimeout = random.chance(0.15) ? random.int(5, 60) * 1000 : null;
  const scripts = tasks.map((task, index) => drawScript(random, tasks, index, { task, runTimeout }));
  const scheduled = random.chance(0.6);
  const spec: WorkflowSpec = {
    format: 1,
    kind: 'dag',
    id: name,
    description: null,
    docs: null,
    tags: [],
    owner: 'simulation',
    schedule: scheduled ? drawSchedule(random) : { kind: 'none' },
    timezone: 'UTC',
    startDate: window.from,
    endDate: window.to,
    catchup: random.chance(0.5),
    maxActiveRuns: random.pick([1, 2, 16]),
    maxActiveTasks: random.chance(0.3) ? random.int(1, 3) : null,
    runTimeout,
    deadline: random.chance(0.1) ? random.int(1, 30) * 1000 : null,
    failFast,
    pausedUponCreation: random.chance(0.1),
    params: { defaults: {}, schema: null },
    tasks,
    groups,
  };
  return { spec, scripts };
}

function drawTask(random: Random, index: number, triggerRule: TriggerRule): Draft {
  const limited = (most: number) => (random.chance(0.1) ? random.int(1, most) : null);
  return {
    id: `t${index}`,
    group: null,
    kind: 'task',
    setup: false,
    teardown: false,
    onFailureFailRun: false,
    upstream: [],
    downstream: [],
    triggerRule,
    input: null,
    mapping: null,
    retries: random.pick([0, 0, 1, 3]),
    retryDelay: random.chance(0.2) ? [500, 2000] : random.pick([0, 1000, 5000]),
    retryBackoff: random.chance(0.2) ? 2 : 0,
    maxRetryDelay: random.chance(0.2) ? 8000 : null,
    timeout: random.chance(0.2) ? random.int(1, 15) * 1000 : null,
    pool: random.chance(0.3) ? random.pick(POOLS) : 'default_pool',
    poolSlots: random.chance(0.2) ? 2 : 1,
    priorityWeight: 1,
    weightRule: 'absolute',
    priority: random.int(1, 4),
    queue: 'default',
    maxActivePerDag: limited(2),
    maxActivePerRun: limited(2),
    isolation: 'shared',
    memory: null,
    dependsOnPast: false,
    waitForDownstream: false,
    ignoreFirstDependsOnPast: false,
    email: random.chance(0.1) ? ['on-call@example.org'] : [],
    emailOnFailure: random.chance(0.8),
    emailOnRetry: random.chance(0.3),
    docs: null,
  };
}

/** A setup before and a teardown behind some of the tasks between them. */
function addSetup(random: Random, tasks: Draft[]): void {
  const setup = random.int(0, tasks.length - 2);
  const teardown = random.int(setup + 1, tasks.length - 1);
  const last = tasks[teardown]!;
  tasks[setup]!.setup = true;
  last.teardown = true;
  last.triggerRule = 'all_done_setup_success';
  last.onFailureFailRun = random.chance(0.3);
  last.upstream = [...new Set([...last.upstream, setup])].sort((a, b) => a - b);
  for (const task of tasks) if (!task.teardown && task.upstream.includes(setup)) task.triggerRule = 'all_success';
}

/** Some neighbouring tasks become a group that is mapped as a whole. */
function drawGroup(random: Random, tasks: Draft[]): GroupSpec[] {
  const first = random.int(0, tasks.length - 1);
  const members = tasks.slice(first, first + random.int(1, 3)).filter(({ setup, teardown }) => !setup && !teardown);
  if (members.length === 0) return [];
  const source = first > 0 && random.chance(0.6) ? random.int(0, first - 1) : null;
  for (const member of members) {
    member.group = 0;
    member.id = `g.${member.id}`;
    // Behind another member, the source may be upstream only through that one.
    const isBehind = member.upstream.some((from) => tasks[from]!.group === 0);
    if (source !== null && (!isBehind || random.chance(0.5))) feed(tasks, member, source);
  }
  if (source !== null)
    for (const member of members) if (member.triggerRule === 'always') member.triggerRule = 'all_done';
  const mapping: Mapping = { kind: 'over', over: source === null ? literal(random) : { kind: 'output', task: source } };
  return [{ id: 'g', parent: null, tooltip: null, mapping }];
}

function mapTask(random: Random, tasks: Draft[], index: number): void {
  const task = tasks[index]!;
  const over = () => {
    if (index === 0 || random.chance(0.4)) return literal(random);
    const source = random.int(0, index - 1);
    feed(tasks, task, source);
    return { kind: 'output' as const, task: source };
  };
  const kind = random.int(0, 3);
  task.mapping =
    kind === 0
      ? {
          kind: 'expand',
          over: [
            ['a', over()],
            ['b', over()],
          ],
        }
      : kind === 1
        ? { kind: 'over', over: { kind: 'concat', of: [over(), over()] } }
        : { kind: 'over', over: over() };
}

/** A mapping's source is directly upstream; a rule that does not wait for it cannot be had (the SDK refuses it). */
function feed(tasks: readonly Draft[], task: Draft, source: number): void {
  task.upstream = [...new Set([...task.upstream, source])].sort((a, b) => a - b);
  if (task.triggerRule === 'always' || tasks[source]!.setup) task.triggerRule = 'all_success';
}

function literal(random: Random): Literal {
  const elements = Array.from({ length: random.pick([0, 1, 2, 4]) }, (_, index) => encodeValue(index));
  return { kind: 'literal', value: encodeValue(elements.map((_, index) => index)), elements };
}

function connect(tasks: readonly Draft[]): void {
  for (const [index, task] of tasks.entries()) {
    task.downstream = tasks.flatMap(({ upstream }, other) => (upstream.includes(index) ? [other] : []));
  }
}

function drawScript(
  random: Random,
  tasks: readonly Draft[],
  index: number,
  { task, runTimeout }: { task: Draft; runTimeout: number | null },
): Script {
  const ends = task.timeout !== null || runTimeout !== null;
  const kinds: Script['kind'][] = [
    'success',
    'success',
    'success',
    'success',
    'flaky',
    'flaky',
    'fails',
    'skips',
    'sensor',
  ];
  if (ends) kinds.push('hangs');
  const choices = task.downstream.filter((next) => !tasks[next]!.teardown);
  if (choices.length > 0) kinds.push('branch', 'short_circuit');
  const kind = random.pick(kinds);
  if (kind === 'branch' || kind === 'short_circuit' || kind === 'sensor') tasks[index]!.kind = kind;
  const slow = random.chance(0.2);
  return {
    kind,
    least: slow ? 3000 : 5,
    most: slow ? 12_000 : random.pick([20, 400, 2000]),
    times: kind === 'hangs' ? random.pick([1, 99]) : random.int(1, 3),
    elements: random.pick([0, 1, 2, 3, 5]),
    choices,
  };
}

function drawSchedule(random: Random): ScheduleSpec {
  const minutes = random.pick([1, 1, 2]);
  switch (random.int(0, 3)) {
    case 0:
      return { kind: 'cron_interval', expression: `*/${minutes} * * * *`, timezone: 'UTC' };
    case 1:
      return { kind: 'delta', every: random.pick([20_000, 45_000]) };
    case 2:
      return { kind: 'once' };
    default:
      return { kind: 'cron', expressions: [`*/${minutes} * * * *`], timezone: 'UTC' };
  }
}
