import type { Expression, Mapping } from '../../model/expression.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { isRunFinished, type RunState, TASK_STATES, type TaskState } from '../../model/states.ts';
import { isLegalTaskMove } from '../../model/transitions.ts';
import type { EventRow } from '../../store/rows.ts';
import { decisionsOnTheWay, emptyTally } from './rules.ts';
import { lengthSources, type Placed, Topology } from './topology.ts';
import { demand } from './violation.ts';

interface RunStory {
  readonly id: number;
  readonly workflow: number;
  readonly topology: Topology;
  state: RunState;
  /** Instances of it were cleared: mapped tasks may have been folded up again, which no event tells. */
  cleared: boolean;
  /** By task: its instances by map index, as far as events tell of them. */
  readonly tasks: Map<number, TaskState>[];
  /** By instance: the number of the latest attempt that ran. */
  readonly attempts: Map<string, number>;
}

const STATES: ReadonlySet<string> = new Set(TASK_STATES);
const RUNNING: ReadonlySet<TaskState> = new Set(['running', 'restarting']);

/**
 * Reads a whole history of events, and nothing else but the specs of the runs, and reaches a verdict of its own: moves
 * are legal, attempts count upwards, a run ends once, what is downstream begins when its rule lets it, and never more
 * runs at once than may.
 */
export class History {
  readonly #specOf: (run: number) => WorkflowSpec;
  /** Runs of backfills have a limit of their own. */
  readonly #isOfBackfill: (run: number) => boolean;
  readonly #runs = new Map<number, RunStory>();
  /** Instances that run, by what limits them. */
  readonly #running = new Map<string, number>();

  constructor(specOf: (run: number) => WorkflowSpec, isOfBackfill: (run: number) => boolean = () => false) {
    this.#specOf = specOf;
    this.#isOfBackfill = isOfBackfill;
  }

  read(event: EventRow): void {
    const [subject, what] = event.kind.split('.', 2) as [string, string];
    if (event.run === null) return;
    if (subject === 'run') this.#run(event, what);
    else if (event.kind === 'task.expanded') this.#expanded(event);
    else if (subject === 'instance' && STATES.has(what) && !this.#isStep(event))
      this.#instance(event, what as TaskState);
  }

  /** A call of a flow is in no spec. */
  #isStep({ run, task }: EventRow): boolean {
    return task !== null && task >= this.#specOf(run!).tasks.length;
  }

  #run({ run: id, workflowId, data }: EventRow, what: string): void {
    const run = this.#runs.get(id!);
    if (what === 'queued') {
      demand(!run || isRunFinished(run.state), 'history: runs', () => `run ${id} is queued and was ${run?.state}`);
      if (run) run.state = 'queued';
      else this.#runs.set(id!, this.#begin(id!, workflowId!));
      return;
    }
    if (what !== 'running' && what !== 'success' && what !== 'failed' && what !== 'cancelled') return;
    demand(run !== undefined, 'history: runs', () => `run ${id} is ${what} and was never queued`);
    const before = run!.state;
    // A person may set a finished run's state; that gives back nothing, for it held nothing.
    const legal =
      isMark(data) ||
      (what === 'running'
        ? before === 'queued'
        : before === 'running' || (before === 'queued' && what === 'cancelled'));
    demand(legal, 'history: runs', () => `run ${id} went from ${before} to ${what}`);
    run!.state = what;
    if (this.#isOfBackfill(id!)) return;
    const { maxActiveRuns } = run!.topology.spec;
    if (what === 'running') this.#count(`runs of ${run!.workflow}`, 1, maxActiveRuns);
    else if (before === 'running') this.#count(`runs of ${run!.workflow}`, -1, maxActiveRuns);
  }

  #begin(id: number, workflow: number): RunStory {
    const topology = Topology.of(this.#specOf(id));
    const tasks = topology.spec.tasks.map((_, task) => instancesFromBirth(topology.mapping(task)));
    return { id, workflow, topology, state: 'queued', cleared: false, tasks, attempts: new Map() };
  }

  #expanded({ run: id, task, data }: EventRow): void {
    const { instances } = JSON.parse(data ?? '{}') as { instances: number };
    const run = this.#runs.get(id!)!;
    run.tasks[task!] = new Map(Array.from({ length: instances }, (_, index) => [index, 'none']));
  }

  #instance({ run: id, task, index, attempt, data }: EventRow, to: TaskState): void {
    const run = this.#runs.get(id!);
    if (!run || task === null || index === null) return;
    const name = `instance ${id}.${task}.${index}`;
    const from = run.tasks[task]!.get(index) ?? 'none';
    const isMarked = isMark(data);
    const active = isMarked || run.state === 'running' || to === 'none' || to === 'failed' || to === 'skipped';
    demand(active, 'history: runs', () => `${name} is ${to} in a run that is ${run.state}`);
    // Instances that an expansion makes ready are queued from birth, without an event of their own.
    const born = from === 'none' && to !== 'none' && run.topology.mapping(task) !== null && index >= 0;
    demand(
      born || isMarked || isLegalTaskMove(from, to),
      'history: transitions',
      () => `${name} went from ${from} to ${to}`,
    );
    if (to === 'none' || isMarked) run.cleared = true;
    if (!run.cleared && from === 'none' && (to === 'queued' || to === 'running')) this.#checkReady(run, task, index);
    run.tasks[task]!.set(index, to);
    if (to === 'running') this.#checkAttempt(run, name, attempt ?? 0);
    this.#limits(run, task, from, to);
  }

  #checkAttempt(run: RunStory, name: string, attempt: number): void {
    const last = run.attempts.get(name) ?? 0;
    demand(attempt > last, 'history: attempts', () => `${name} runs attempt ${attempt} after attempt ${last}`);
    run.attempts.set(name, attempt);
  }

  #checkReady({ id, topology, tasks }: RunStory, task: number, index: number): void {
    const placed = new Map<number, Placed[]>();
    for (const [of, states] of tasks.entries()) {
      placed.set(
        of,
        [...states].map(([at, state]) => ({ task: of, index: at, state })),
      );
    }
    const rule = topology.task(task).triggerRule;
    const tally = topology.tally(placed, task, index);
    const decisions = decisionsOnTheWay(rule, { ...tally, ...endsOf(emptyTally()) }, tally);
    demand(
      decisions === null || decisions.has('run'),
      'history: order',
      () => `instance ${id}.${task}.${index} is ready by ${rule}, although ${JSON.stringify(tally)}`,
    );
  }

  #limits({ id, workflow, topology }: RunStory, task: number, from: TaskState, to: TaskState): void {
    const by = Number(RUNNING.has(to)) - Number(RUNNING.has(from));
    if (by === 0) return;
    const { maxActivePerDag, maxActivePerRun } = topology.task(task);
    this.#count(`tasks of run ${id}`, by, topology.spec.maxActiveTasks);
    this.#count(`instances of task ${workflow}.${task}`, by, maxActivePerDag);
    this.#count(`instances of task ${task} in run ${id}`, by, maxActivePerRun);
  }

  #count(name: string, by: number, most: number | null): void {
    const count = (this.#running.get(name) ?? 0) + by;
    this.#running.set(name, count);
    demand(by < 0 || most === null || count <= most, 'history: limits', () => `${count} ${name} at once, of ${most}`);
  }
}

function endsOf({
  success,
  failed,
  skipped,
  upstreamFailed,
  scopeSuccess,
  scopeFailed,
  scopeSkipped,
}: ReturnType<typeof emptyTally>) {
  return {
    success,
    failed,
    skipped,
    upstreamFailed,
    scopeSuccess,
    scopeFailed,
    scopeSkipped,
    setupSuccess: 0,
    setupSkipped: 0,
  };
}

function isMark(data: string | null): boolean {
  return data?.includes('"marked"') ?? false;
}

/** One instance of a task; as many as its literals have elements; or a placeholder. */
function instancesFromBirth(mapping: Mapping | null): Map<number, TaskState> {
  const size = mapping === null || lengthSources(mapping).size > 0 ? 0 : literalLength(mapping);
  if (size === 0) return new Map([[-1, 'none']]);
  return new Map(Array.from({ length: size }, (_, index) => [index, 'none']));
}

function literalLength(mapping: Mapping): number {
  const length = (expression: Expression): number =>
    expression.kind === 'literal'
      ? (expression.elements?.length ?? 0)
      : expression.kind === 'concat'
        ? expression.of.reduce((sum, part) => sum + length(part), 0)
        : 0;
  if (mapping.kind !== 'expand') return length(mapping.over);
  return mapping.over.reduce((product, [, part]) => product * length(part), 1);
}
