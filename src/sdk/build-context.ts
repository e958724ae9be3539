import { dateForms } from '../model/date.ts';
import { MillraceError } from '../model/errors.ts';
import type { Context, DataInterval, Logger } from './context.ts';
import { type ReportProgress, withProgress } from './progress.ts';

/** What a context is made of: plain data about the run and the attempt, and the ways out of the attempt. */
export interface ContextFacts {
  /** Dates are milliseconds since the epoch. */
  readonly run: {
    readonly runId: string;
    readonly workflow: string;
    readonly type: string;
    readonly logicalDate: number | null;
    readonly intervalStart: number | null;
    readonly intervalEnd: number | null;
    readonly runAfter: number;
    readonly startedAt: number | null;
    readonly previousSuccess: {
      readonly intervalStart: number | null;
      readonly intervalEnd: number | null;
      readonly startedAt: number;
      readonly endedAt: number;
    } | null;
  };
  readonly attempt: {
    readonly taskId: string;
    /** From 1. */
    readonly attempt: number;
    readonly maxAttempts: number;
    /** -1: not mapped. */
    readonly mapIndex: number;
    readonly mapLength: number | null;
  };
  /** Decodes the run's params; asked once, when the body looks at them. */
  readonly params: () => Readonly<Record<string, unknown>>;
  /** Decodes what the run was started with; asked once. */
  readonly conf: () => Readonly<Record<string, unknown>>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly reportProgress: ReportProgress;
}

/**
 * The context of an attempt. Values are made when they are first looked at, because most bodies look at few. The forms
 * of the logical date are Airflow's; for a run without one they throw `invalid_argument`, as Airflow's are undefined.
 */
export function buildContext(facts: ContextFacts): Context {
  const { attempt, log, signal, reportProgress } = facts;
  const task = { id: attempt.taskId, retries: attempt.maxAttempts - 1 };
  const map = { index: attempt.mapIndex, length: attempt.mapLength };
  return lazily<Context>(
    {
      log,
      signal,
      task,
      map,
      attempt: attempt.attempt,
      maxAttempts: attempt.maxAttempts,
      progress: <T>(items: Iterable<T> | AsyncIterable<T>) => withProgress(items, reportProgress),
    },
    {
      logicalDate: () => new Date(logicalDate(facts, 'logicalDate')),
      dataInterval: () => dataInterval(facts),
      ds: () => dateForms(logicalDate(facts, 'ds')).ds,
      dsNodash: () => dateForms(logicalDate(facts, 'dsNodash')).dsNodash,
      ts: () => dateForms(logicalDate(facts, 'ts')).ts,
      tsNodash: () => dateForms(logicalDate(facts, 'tsNodash')).tsNodash,
      tsNodashWithTz: () => dateForms(logicalDate(facts, 'tsNodashWithTz')).tsNodashWithTz,
      params: () => facts.params(),
      run: () => runOf(facts),
      taskInstanceKey: () => taskInstanceKey(facts),
      previousSuccess: () => previousSuccess(facts),
    },
  );
}

/** An object of which some members are made when they are first read. */
function lazily<T extends object>(ready: Partial<T>, later: { readonly [K in keyof T]?: () => T[K] }): T {
  const object = { ...ready };
  for (const [name, make] of Object.entries(later) as [string, () => unknown][]) {
    Object.defineProperty(object, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        Object.defineProperty(object, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return object as T;
}

function logicalDate({ run }: ContextFacts, name: string): number {
  if (run.logicalDate !== null) return run.logicalDate;
  throw new MillraceError('invalid_argument', `run '${run.runId}' has no logical date, so there is no ${name}`, {
    fix: 'Start the run with a logical date, or look at run.logicalDate first, which is null here.',
  });
}

function dataInterval({ run }: ContextFacts): DataInterval {
  const interval = intervalOf(run);
  if (interval) return interval;
  throw new MillraceError('invalid_argument', `run '${run.runId}' has no data interval`, {
    fix: 'Start the run with a logical date, or look at run.logicalDate first, which is null here.',
  });
}

function intervalOf(of: {
  readonly intervalStart: number | null;
  readonly intervalEnd: number | null;
}): DataInterval | null {
  if (of.intervalStart === null || of.intervalEnd === null) return null;
  return { start: new Date(of.intervalStart), end: new Date(of.intervalEnd) };
}

function runOf({ run, conf }: ContextFacts): Context['run'] {
  return lazily<Context['run']>(
    {
      id: run.runId,
      workflow: run.workflow,
      type: run.type,
      logicalDate: run.logicalDate === null ? null : new Date(run.logicalDate),
      dataInterval: intervalOf(run),
      runAfter: new Date(run.runAfter),
      startedAt: run.startedAt === null ? null : new Date(run.startedAt),
    },
    { conf },
  );
}

/** Airflow's task_instance_key_str: the date's day, or the run's id where there is no date. */
function taskInstanceKey({ run, attempt }: ContextFacts): string {
  const last = run.logicalDate === null ? run.runId : dateForms(run.logicalDate).dsNodash;
  return `${run.workflow}__${attempt.taskId}__${last}`;
}

function previousSuccess({ run }: ContextFacts): Context['previousSuccess'] {
  const previous = run.previousSuccess;
  if (!previous) return null;
  return {
    dataInterval: intervalOf(previous),
    startedAt: new Date(previous.startedAt),
    endedAt: new Date(previous.endedAt),
  };
}
