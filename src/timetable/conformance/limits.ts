import { type DateBounds, scheduleBounds, takesPart } from '../date-bounds.ts';
import { type ManualRunDates, manualRun } from '../manual-run.ts';
import { runIdOf } from '../run-id.ts';
import type { DataInterval, RunDates, Timetable } from '../timetable.ts';
import { timetableFor } from '../timetable-for.ts';
import {
  instantOf,
  optionalForm,
  optionalInstant,
  type RunForm,
  runForm,
  specOf,
  type TimetableForm,
} from './forms.ts';
import { type Case, type Verdict, verdict } from './verdict.ts';

interface DagForm {
  readonly timetable: TimetableForm;
  readonly start_date: string | null;
  readonly end_date: string | null;
  readonly catchup: boolean;
  readonly max_active_runs: number | null;
  readonly tasks: readonly { readonly start_date?: string | null; readonly end_date?: string | null }[];
  readonly paused_upon_creation: boolean;
}

type Action = { readonly now: string } & (
  | { readonly do: 'parse'; readonly dag: DagForm }
  | { readonly do: 'tick' | 'pause' | 'unpause' }
  | { readonly do: 'finish'; readonly run: number; readonly state: 'success' | 'failed' }
  | { readonly do: 'trigger'; readonly logical_date: string | null }
);

export type LimitsCase = Case<{ readonly actions: readonly Action[] }, { readonly after: readonly unknown[] }>;

interface Workflow {
  readonly timetable: Timetable;
  readonly bounds: DateBounds;
  readonly tasks: readonly DateBounds[];
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
}

interface Run {
  readonly type: 'scheduled' | 'manual';
  readonly logicalDate: number | null;
  readonly interval: DataInterval | null;
  readonly runAfter: number;
  state: 'queued' | 'running' | 'success' | 'failed';
  /** What its tasks came to, once all of them have ended. */
  outcome: 'success' | 'failed' | null;
}

/** The life of one workflow: parses, limits, pauses and manual runs. A small model of the planner around the timetable. */
export function checkLimits({ input, expected }: LimitsCase): Verdict {
  const life = new WorkflowLife();
  const after = input.actions.map((action) => {
    const before = life.runs.length;
    life.apply(action, instantOf(action.now));
    return life.report(before);
  });
  return verdict({ after }, expected);
}

class WorkflowLife {
  readonly runs: Run[] = [];
  #workflow: Workflow | null = null;
  #next: RunDates | null = null;
  #atLimit = false;
  #paused = false;

  apply(action: Action, now: number): void {
    switch (action.do) {
      case 'parse':
        if (!this.#workflow) this.#paused = action.dag.paused_upon_creation;
        this.#workflow = workflowOf(action.dag);
        this.#plan(now);
        return;
      case 'tick':
        while (this.#createDueRun(now) || this.#advanceRuns());
        return;
      case 'pause':
      case 'unpause':
        this.#paused = action.do === 'pause';
        return;
      case 'finish':
        setOutcome(this.runs[action.run - 1], action.state);
        return;
      case 'trigger': {
        const { timetable } = this.#workflow as Workflow;
        const dates = manualRun(timetable, { logicalDate: optionalInstant(action.logical_date) }, now);
        this.#create('manual', dates);
        return;
      }
    }
  }

  report(before: number): unknown {
    return {
      created: this.runs.slice(before).map((run, index) => ({ run: before + index + 1, ...reportRun(run) })),
      states: this.runs.map((run) => run.state),
      next: this.#next && runForm(this.#next),
      at_max_active_runs: this.#atLimit,
      paused: this.#paused,
    };
  }

  /** A run in which no task takes part has nothing to wait for. */
  #create(type: Run['type'], dates: ManualRunDates): void {
    const { bounds, tasks } = this.#workflow as Workflow;
    const takenUp = tasks.some((task) => takesPart(bounds, task, dates.logicalDate));
    this.runs.push({ type, ...dates, state: 'queued', outcome: takenUp ? null : 'success' });
  }

  #plan(now: number): void {
    const workflow = this.#workflow as Workflow;
    let last: Run | null = null;
    for (const run of this.runs) {
      if (run.type === 'scheduled' && (last === null || Number(run.logicalDate) > Number(last.logicalDate))) last = run;
    }
    const bounds = scheduleBounds(workflow.bounds, workflow.tasks);
    this.#next = workflow.timetable.nextRun(last?.interval ?? null, { ...bounds, catchup: workflow.catchup, now });
    // Where nothing is ever scheduled nobody asks whether there is room for it.
    if (workflow.timetable.canBeScheduled) this.#measure();
  }

  #measure(): void {
    const active = this.runs.filter((run) => run.state === 'queued' || run.state === 'running').length;
    this.#atLimit = active >= (this.#workflow as Workflow).maxActiveRuns;
  }

  #createDueRun(now: number): boolean {
    const next = this.#next;
    if (this.#paused || this.#atLimit || !next || next.runAfter > now) return false;
    if (this.runs.some((run) => run.logicalDate === next.logicalDate)) return false;
    this.#create('scheduled', next);
    this.#plan(now);
    return true;
  }

  #advanceRuns(): boolean {
    const { maxActiveRuns } = this.#workflow as Workflow;
    let changed = false;
    for (const run of this.runs) {
      if (run.state !== 'running' || !run.outcome) continue;
      run.state = run.outcome;
      this.#measure();
      changed = true;
    }
    const queued = this.runs.filter((run) => run.state === 'queued').sort((a, b) => a.runAfter - b.runAfter);
    for (const run of this.#paused ? [] : queued) {
      if (this.runs.filter((other) => other.state === 'running').length >= maxActiveRuns) break;
      run.state = 'running';
      changed = true;
    }
    return changed;
  }
}

function setOutcome(run: Run | undefined, outcome: 'success' | 'failed'): void {
  if (run) run.outcome = outcome;
}

function workflowOf(dag: DagForm): Workflow {
  return {
    timetable: timetableFor(specOf(dag.timetable) ?? { kind: 'none' }),
    bounds: { startDate: optionalInstant(dag.start_date), endDate: optionalInstant(dag.end_date) },
    tasks: dag.tasks.map((task) => ({
      startDate: optionalInstant(task.start_date),
      endDate: optionalInstant(task.end_date),
    })),
    catchup: dag.catchup,
    maxActiveRuns: dag.max_active_runs ?? 16,
  };
}

function reportRun(
  run: Run,
): Omit<RunForm, 'run_after'> & { run_type: string; run_after: string | null; run_id: string } {
  return {
    run_type: run.type,
    logical_date: optionalForm(run.logicalDate),
    data_interval_start: optionalForm(run.interval?.start ?? null),
    data_interval_end: optionalForm(run.interval?.end ?? null),
    run_after: optionalForm(run.runAfter),
    run_id: runIdOf({ type: run.type, runAfter: run.runAfter, random: '<random>' }),
  };
}
