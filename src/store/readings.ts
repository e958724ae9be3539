import type { SpecHead } from '../model/spec.ts';
import type { RunState, RunType, TaskState } from '../model/states.ts';
import type {
  AttemptRow,
  ImportErrorRow,
  InstanceKey,
  InstanceRow,
  LimitRow,
  ListedWorkflow,
  PoolRow,
  RunRow,
  ServerRow,
  StoredLogChunk,
  VersionRow,
} from './rows.ts';

/**
 * Set-based answers for people, as pages and lists need them: each is a bounded number of statements, whatever the history.
 * On SQLite they run beside the engine, on a thread of their own, so that a large answer holds up no transaction. Each sees
 * what was committed before it was asked.
 */
export interface Readings {
  /** Workflows by name, without what their versions say: that may be a graph of thousands of tasks. */
  workflows(filter: { readonly present?: boolean; readonly name?: string }): Promise<readonly ListedWorkflow[]>;
  /** What these versions say of their workflow as a whole. */
  specHeads(versions: readonly number[]): Promise<ReadonlyMap<number, SpecHead>>;
  /** Those of these workflows, or of all, of which the latest run that ended, by when it was due, has failed: what failed last comes first. */
  failingWorkflows(workflowIds?: readonly number[]): Promise<ReadonlySet<number>>;
  /** The workflows of the runs that have run for longest, of so many runs. */
  runningWorkflows(runs: number): Promise<readonly number[]>;
  /** Runs in the order asked for; `total` counts those that match, without limit and offset. */
  runs(filter: RunsFilter): Promise<{ readonly runs: readonly RunRow[]; readonly total: number }>;
  /** The latest runs of each of these workflows by when they were due, newest first. */
  recentRuns(filter: {
    readonly workflowIds: readonly number[];
    /** Of each workflow. */
    readonly limit: number;
    readonly types?: readonly RunType[];
    readonly dueUntil?: number;
  }): Promise<readonly RunRow[]>;
  /** The workflows that have such runs. */
  workflowsWithRuns(filter: Omit<RunsFilter, 'order' | 'limit' | 'offset'>): Promise<ReadonlySet<number>>;
  /** How many runs these workflows have, by state. */
  runsByState(
    workflowIds: readonly number[],
  ): Promise<readonly { readonly workflowId: number; readonly state: RunState; readonly runs: number }[]>;
  /** Versions of these workflows, the oldest first. */
  versionsOf(workflowIds: readonly number[]): Promise<readonly VersionRow[]>;
  runCounts(filter: { readonly endedSince: number }): Promise<RunCounts>;
  /** Unfinished runs by workflow and state. */
  unfinishedRuns(): Promise<
    readonly { readonly workflowId: number; readonly state: RunState; readonly runs: number }[]
  >;
  /** Runs that ended in a span of time, by slices of it and state: `slice` counts from 0. */
  endedBySlice(span: {
    readonly from: number;
    readonly to: number;
    readonly sliceMs: number;
  }): Promise<readonly { readonly slice: number; readonly state: RunState; readonly runs: number }[]>;
  /** Running runs by the slice in which they began. */
  runningBySlice(span: {
    readonly from: number;
    readonly sliceMs: number;
  }): Promise<readonly { readonly slice: number; readonly runs: number }[]>;
  /** The number of the last event of each of these runs: as long as it stays, so does everything that is known of the run. */
  lastEvents(runs: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Instances of runs by task and state. */
  taskStates(runs: readonly number[]): Promise<readonly TaskStateRow[]>;
  /** How long the instances of tasks ran that succeeded in these runs, in milliseconds: the mean of a mapped task's. */
  taskDurations(
    runs: readonly number[],
  ): Promise<readonly { readonly run: number; readonly task: number; readonly ms: number }[]>;
  /** Instances of a run, of these tasks or of all, that are not mapped, and the placeholders of tasks not expanded yet. */
  plainInstances(run: number, tasks?: readonly number[]): Promise<readonly InstanceRow[]>;
  /** Instances of one task: those that failed, those that are not done, the others, each by map index. */
  instancesOf(filter: {
    readonly run: number;
    readonly task: number;
    readonly limit: number;
    readonly offset: number;
  }): Promise<{ readonly instances: readonly InstanceRow[]; readonly total: number }>;
  /** Attempts of these instances. Without indexes: of instances that are not mapped. */
  attemptsOf(filter: {
    readonly run: number;
    readonly task?: number;
    readonly indexes?: readonly number[];
    /** Those of all indexes, newest first, at most so many. */
    readonly mapped?: number;
  }): Promise<readonly AttemptRow[]>;
  /** The last attempt that failed of instances that failed, of each of these runs, a few of each task. */
  failures(runs: readonly number[]): Promise<readonly AttemptRow[]>;
  /**
   * Instances of a run that have not finished and do not run: those of one task in one state, parked under one limit, by
   * the first of them. Those that a limit or time holds back come before those that wait for what is upstream.
   */
  waiting(run: number, limit: number): Promise<readonly { readonly first: InstanceRow; readonly instances: number }[]>;
  instance(key: InstanceKey): Promise<InstanceRow | null>;
  /** When the retries and the like of a run are due, by `task.index`. */
  timersOf(run: number): Promise<ReadonlyMap<string, number>>;
  /** Queued instances that are claimed before this one; counted up to `most`. */
  queuedBefore(instance: InstanceRow, most: number): Promise<number>;
  /** Those that wait for the same limit and are let go before this one; counted up to `most`. */
  parkedBefore(instance: InstanceRow, most: number): Promise<number>;
  /** Who waits for this limit longest, and since when; null: nobody does. */
  parkedLongest(limit: string): Promise<{ readonly run: number; readonly since: number } | null>;
  /** What takes slots of a pool now, by run and task, the widest first. */
  poolHolders(
    pool: string,
    limit: number,
  ): Promise<readonly { readonly run: number; readonly task: number; readonly slots: number }[]>;
  /** Instances of a run that run now, by task. */
  runningTasks(run: number): Promise<readonly { readonly task: number; readonly instances: number }[]>;
  runsOf(ids: readonly number[]): Promise<readonly RunRow[]>;
  /** Names of the calls of a flow's run, by task number. */
  stepNames(run: number): Promise<ReadonlyMap<number, string>>;
  /** Calls of a flow's run that were answered from the cache, as `task.index`. */
  cachedSteps(run: number): Promise<ReadonlySet<string>>;
  /** How many lines of each level the chunks of a log have, in order. */
  logChunks(filter: LogFilter): Promise<readonly LogChunkSize[]>;
  logChunk(ids: readonly number[]): Promise<readonly StoredLogChunk[]>;
  pools(): Promise<readonly PoolRow[]>;
  limits(): Promise<readonly LimitRow[]>;
  importErrors(): Promise<readonly ImportErrorRow[]>;
  /** Notes on instances of these runs, by `run.task.index`. */
  notes(runs: readonly number[]): Promise<ReadonlyMap<string, string>>;
  /** Names of mapped instances of these runs, by `run.task.index`. */
  instanceNames(runs: readonly number[]): Promise<ReadonlyMap<string, string>>;
  /** Those that are alive have a lease that has not ended. */
  servers(): Promise<readonly ServerRow[]>;
  /** Workflows and tasks are found in memory; runs by a part of their id, the newest first. */
  runsNamed(text: string, limit: number): Promise<readonly RunRow[]>;
}

export const RUN_ORDERS = [
  'id',
  'run_id',
  'run_after',
  'logical_date',
  'queued_at',
  'started_at',
  'ended_at',
  'state',
  'duration',
  'dag_id',
] as const;
export type RunOrder = (typeof RUN_ORDERS)[number];

interface Span {
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
}

export interface RunsFilter {
  readonly workflowIds?: readonly number[] | undefined;
  readonly states?: readonly RunState[] | undefined;
  readonly types?: readonly RunType[] | undefined;
  readonly due?: Span | undefined;
  readonly logicalDate?: Span | undefined;
  readonly started?: Span | undefined;
  readonly ended?: Span | undefined;
  /** A part of the run's id. */
  readonly named?: string | undefined;
  /** What the run's id begins with. */
  readonly begins?: string | undefined;
  /** A part of the text of its conf. */
  readonly confHas?: string | undefined;
  readonly versionNumbers?: readonly number[] | undefined;
  /** Of runs that have ended. */
  readonly ranAtLeastMs?: number | undefined;
  readonly ranAtMostMs?: number | undefined;
  readonly order: readonly { readonly by: RunOrder; readonly descending: boolean }[];
  readonly limit: number;
  readonly offset: number;
}

export interface RunCounts {
  readonly failed: number;
  readonly success: number;
  readonly running: number;
  readonly queued: number;
}

export interface TaskStateRow {
  readonly run: number;
  readonly task: number;
  readonly state: TaskState;
  readonly instances: number;
  /** True where one of them is mapped. */
  readonly mapped: boolean;
  /** Queued instances that a limit holds back. */
  readonly parked: number;
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface LogFilter {
  readonly run: number;
  readonly task?: number | undefined;
  readonly index?: number | undefined;
  readonly attempt?: number | undefined;
}

export interface LogChunkSize extends InstanceKey {
  readonly id: number;
  readonly attempt: number;
  readonly at: number;
  readonly lines: number;
  readonly debug: number;
  readonly warn: number;
  readonly error: number;
}
