import type { StoredValue } from '../model/expression.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import type { AttemptReason, RunState } from '../model/states.ts';
import type { Access, AccessQueries } from './access.ts';
import type { InstanceNames } from './instance-names.ts';
import type { Notes } from './notes.ts';
import type { Readings } from './readings.ts';
import type {
  AttemptRow,
  BackfillRow,
  CacheRow,
  ClaimCandidate,
  ClaimMove,
  CountDelta,
  CountedInstance,
  DecideMove,
  EventRow,
  FinishMove,
  ImportErrorRow,
  InstanceKey,
  InstanceRow,
  JournalRow,
  LimitDelta,
  LimitRow,
  ListedWorkflow,
  LogChunk,
  NewBackfill,
  NewEvent,
  NewInstance,
  NewRun,
  NewSlot,
  NewTimer,
  NextRun,
  OutputRow,
  PoolRow,
  ResetMove,
  RunCounters,
  RunOfBackfill,
  RunRow,
  ServerRow,
  SlotOutcome,
  SlotRow,
  StepRow,
  StoredLogChunk,
  TimerRow,
  VersionRow,
  WorkflowRow,
} from './rows.ts';
import type { Sealed } from './sealed.ts';

/**
 * Where the truth is. An internal seam with two implementations (sqlite/, postgres/) held together by conformance/;
 * it is not meant to be implemented outside of this repository.
 *
 * Every change happens in a transaction. Lock order inside one, everywhere: first the rows of the runs that it touches,
 * in id order (runs.lock), then the limits (limits.lock), then nothing. So one run is one serial stream, and two servers
 * neither deadlock nor lose a count.
 *
 * Verbs take many rows at once, because a batch of the engine is one transaction. Guarded verbs return the rows that
 * they moved: a row that is missing from the answer was moved by somebody else before.
 */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * Runs `body` in one durable transaction: everything or nothing.
   *
   * `body` may be run several times, each time from the start and after everything before was undone, when the database
   * lets another transaction go first. So it changes nothing but through `tx`, or only what it sets anew each time. An
   * error of a verb is the transaction's end, also when `body` catches it; verbs that return nothing may report theirs
   * when the transaction ends.
   *
   * Throws `store_unavailable` when the database is away. If that is because the connection ended during the commit, the
   * transaction was done or not, and nobody can tell: callers read again, or repeat what is guarded.
   */
  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads that belong to no transaction. May lag behind one that is being committed, never behind one that was. */
  readonly queries: Queries;
  readonly readings: Readings;
  /** Calls back, soon, after another process has changed something. The returned function stops it. */
  watch(onChange: () => void): () => void;
  /** Brings the schema up to date. Throws `store_newer` for a database of a newer version. */
  migrate(): Promise<{ readonly from: number; readonly to: number }>;
  /** Versions of the schema: the database's and this program's. */
  version(): Promise<{ readonly current: number; readonly wanted: number }>;
  close(): Promise<void>;
}

/**
 * One transaction's verbs, by aggregate. They are done in the order in which they are called, whether anybody waits for
 * the answer of the one before or not: what is asked together costs one wait.
 */
export interface Tx {
  readonly workflows: Workflows;
  readonly runs: Runs;
  readonly backfills: Backfills;
  readonly instances: Instances;
  readonly attempts: {
    insert(rows: readonly AttemptRow[]): Promise<void>;
    /** Those that are not there yet: for what may come again, because nobody knew whether it was written. */
    note(rows: readonly AttemptRow[]): Promise<void>;
    /** By map index: the number of the last attempt of a task in a run; of those from an index to before another. */
    last(
      run: number,
      task: number,
      indexes?: { readonly from: number; readonly to: number },
    ): Promise<ReadonlyMap<number, number>>;
  };
  readonly outputs: Outputs;
  readonly steps: Steps;
  readonly cache: Cache;
  readonly timers: Timers;
  readonly limits: Limits;
  readonly pools: Pools;
  readonly events: { append(rows: readonly NewEvent[]): Promise<void> };
  readonly logs: { append(rows: readonly LogChunk[]): Promise<void> };
  readonly servers: Servers;
  readonly connections: Sealed;
  readonly variables: Sealed;
  readonly secrets: Sealed;
  readonly importErrors: ImportErrors;
  readonly access: Access;
  readonly notes: Notes;
  readonly instanceNames: InstanceNames;
}

export interface Workflows {
  /**
   * Records what a file defines. A new version is made when the bundle or the canonical spec differs from the latest
   * one; it takes the number of the latest one, and an id of its own, when no run has used that yet.
   */
  publish(workflow: {
    readonly name: string;
    readonly file: string;
    readonly spec: WorkflowSpec;
    readonly canonical: string;
    readonly bundleHash: string;
    readonly bundlePath: string;
    readonly at: number;
  }): Promise<{
    readonly workflow: WorkflowRow;
    readonly version: VersionRow;
    readonly changed: boolean;
    readonly created: boolean;
  }>;
  /** The workflows of this file that are not among `names` are no longer there. */
  retire(file: string, names: readonly string[]): Promise<readonly string[]>;
  byName(name: string): Promise<WorkflowRow | null>;
  byId(id: number): Promise<WorkflowRow | null>;
  version(id: number): Promise<VersionRow | null>;
  setPaused(id: number, paused: boolean): Promise<boolean>;
  /** A finished run of it begins anew: what is remembered of its runs is read again. */
  countRerun(id: number): Promise<void>;
  setNext(id: number, next: NextRun | null): Promise<void>;
  setLastAutomated(id: number, interval: { readonly start: number; readonly end: number }): Promise<void>;
  /** Present, unpaused workflows whose next run is due, soonest first. */
  due(now: number, limit: number): Promise<readonly WorkflowRow[]>;
  /** When the soonest next run is due, or null. */
  nextDue(): Promise<number | null>;
  /** Every present workflow with a schedule, for the planner to look at after a start. */
  scheduled(): Promise<readonly WorkflowRow[]>;
}

export interface Runs {
  /** Locks the rows until the transaction ends, in id order, and returns those that exist. */
  lock(ids: readonly number[]): Promise<readonly RunRow[]>;
  /** Null when the workflow already has a run of this run id or, where it has one, of this logical date. */
  insert(run: NewRun): Promise<RunRow | null>;
  /** Without locking it. */
  byId(id: number): Promise<RunRow | null>;
  byRunId(workflowId: number, runId: string): Promise<RunRow | null>;
  byLogicalDate(workflowId: number, logicalDate: number): Promise<RunRow | null>;
  /** Moves a run if it is in one of the `from` states; says whether it did. */
  move(move: {
    readonly id: number;
    readonly from: readonly RunState[];
    readonly to: RunState;
    readonly at: number;
    readonly reason: string | null;
  }): Promise<boolean>;
  /** Adds to the counters and returns the new ones with the state. */
  count(
    deltas: readonly ({ readonly id: number } & RunCounters)[],
  ): Promise<readonly ({ readonly id: number; readonly state: RunState } & RunCounters)[]>;
  /** Runs whose logical dates lie between two instants, both inclusive. */
  between(workflowId: number, from: number, to: number): Promise<readonly RunRow[]>;
  /** Queued runs of a workflow that may start now, oldest run_after first; those of a backfill are not among them. */
  startable(workflowId: number, now: number, limit: number): Promise<readonly number[]>;
  /** Workflows that have queued runs which may start by their date, others than those of a backfill. */
  waiting(now: number): Promise<readonly number[]>;
  /** Number of runs that are queued or running, without those of a backfill. */
  unfinished(workflowId: number): Promise<number>;
  /** The latest successful run before this one, by logical date. */
  previousSuccess(workflowId: number, logicalDate: number): Promise<RunRow | null>;
  /** Runs in state running: what a restarted server goes through. */
  running(after: number, limit: number): Promise<readonly number[]>;
  setVersion(id: number, versionId: number): Promise<void>;
  /** A finished run becomes one of a backfill: of type backfill, with this conf and these params. */
  adopt(
    id: number,
    as: { readonly backfill: RunOfBackfill; readonly conf: string; readonly params: string },
  ): Promise<void>;
  /** The run is no longer its backfill's: it is the workflow's own. */
  release(id: number): Promise<void>;
  /** Tasks have other numbers in the run's new version; what is kept of those that have none any more is given up. */
  renumberTasks(id: number, moves: readonly { readonly from: number; readonly to: number | null }[]): Promise<void>;
  setNote(id: number, note: string | null): Promise<void>;
}

/** Lock order: a backfill's row comes before those of its runs. */
export interface Backfills {
  /** With its slots, all pending. Null when the workflow has an uncompleted one. */
  insert(backfill: NewBackfill, slots: readonly NewSlot[]): Promise<BackfillRow | null>;
  /** Locks the row until the transaction ends. */
  lock(id: number): Promise<BackfillRow | null>;
  /** Those that are not completed, oldest first; of all workflows, or of one. */
  open(workflowId?: number): Promise<readonly BackfillRow[]>;
  setPaused(id: number, paused: boolean): Promise<boolean>;
  /** Its pending slots are cancelled with it. */
  cancel(id: number, at: number): Promise<void>;
  complete(id: number, at: number): Promise<void>;
  /** In order. */
  pending(id: number, limit: number): Promise<readonly SlotRow[]>;
  settle(
    id: number,
    rows: readonly { readonly ordinal: number; readonly outcome: SlotOutcome; readonly run: number | null }[],
  ): Promise<void>;
  /** Its queued runs, in the order of their slots. */
  startable(id: number, limit: number): Promise<readonly number[]>;
  /** Whether any of its runs is queued or running. */
  isRunning(backfill: Pick<BackfillRow, 'id' | 'workflowId'>): Promise<boolean>;
}

export interface Instances {
  insert(rows: readonly NewInstance[]): Promise<void>;
  /** Guarded by state and token. Returns the winners, with the attempt that ended and the state that it ended from. */
  finish(moves: readonly FinishMove[]): Promise<
    readonly (InstanceKey & {
      readonly from: 'running' | 'restarting';
      readonly attempt: number;
      readonly maxAttempts: number;
      readonly lost: number;
      readonly pool: string;
      readonly slots: number;
    })[]
  >;
  /** Adds to upstream counters; returns every touched instance that is still in state `none`. */
  count(deltas: readonly CountDelta[]): Promise<readonly CountedInstance[]>;
  /** Guarded by `from`. To `queued` the attempt number goes up by one. Returns the winners. */
  decide(moves: readonly DecideMove[]): Promise<readonly InstanceKey[]>;
  /** Writes rows as clearing leaves them. The run is locked. */
  reset(moves: readonly ResetMove[]): Promise<void>;
  /** Queued and not parked, best first, skipping rows that another server is claiming. */
  claimable(limit: number): Promise<readonly ClaimCandidate[]>;
  /** Guarded by `queued`. Returns the winners. */
  claim(moves: readonly ClaimMove[]): Promise<readonly InstanceKey[]>;
  /** Queued instances leave the claim index until the limit lets them go. */
  park(rows: readonly InstanceKey[], limit: string): Promise<void>;
  /**
   * Lets the best parked ones go, in claim order, while they fit; returns how many. Slots are a pool's (the default):
   * of any other limit an instance takes one, however wide it is.
   */
  unpark(limit: string, room: number, counting?: 'slots' | 'instances'): Promise<number>;
  /** The best one that waits for this limit. */
  parkedHead(limit: string): Promise<ClaimCandidate | null>;
  get(keys: readonly InstanceKey[]): Promise<readonly InstanceRow[]>;
  /** Instances of one task in one run, in map index order. */
  ofTask(run: number, task: number): Promise<readonly InstanceRow[]>;
  ofRun(run: number): Promise<readonly InstanceRow[]>;
  /** Takes away the placeholder of a mapped task that has been expanded. */
  remove(rows: readonly InstanceKey[]): Promise<void>;
  /** Running or restarting instances whose server is this one, of one run. */
  runningOn(run: number, server: number): Promise<readonly InstanceRow[]>;
}

export interface Outputs {
  put(rows: readonly OutputRow[]): Promise<void>;
  get(keys: readonly InstanceKey[]): Promise<readonly OutputRow[]>;
  /** Outputs of a mapped task in order of map index; instances without one are passed over. */
  collected(
    run: number,
    task: number,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<readonly StoredValue[]>;
  /** Number of outputs of a mapped task, and their size in bytes as far as they are inline. */
  measure(run: number, task: number): Promise<{ readonly count: number; readonly bytes: number }>;
  /** Before an instance runs anew. */
  clear(keys: readonly InstanceKey[]): Promise<void>;
}

export interface Steps {
  /** Inserts calls of a flow, or moves them on. One that has succeeded is left as it is. */
  record(rows: readonly StepRow[]): Promise<void>;
  /** Every call that the run has met, in order of task and index. */
  journal(run: number, page: { readonly offset: number; readonly limit: number }): Promise<readonly JournalRow[]>;
  /** How many calls the run has met. */
  count(run: number): Promise<number>;
  /** Ends the calls that are still running. Returns how many. */
  endRunning(run: number, at: number, reason: AttemptReason): Promise<number>;
  /** Calls that failed are to run again. */
  forgetFailed(run: number): Promise<void>;
  /** All calls are to run again; what they gave is forgotten. */
  forgetAll(run: number): Promise<void>;
}

export interface Cache {
  /** The output that the key stands for, if it has not expired and is still there. */
  get(key: string, now: number): Promise<OutputRow | null>;
  put(rows: readonly CacheRow[]): Promise<void>;
}

export interface Timers {
  add(rows: readonly NewTimer[]): Promise<void>;
  due(now: number, limit: number): Promise<readonly TimerRow[]>;
  remove(ids: readonly number[]): Promise<void>;
  postpone(ids: readonly number[], due: number): Promise<void>;
  next(): Promise<number | null>;
}

export interface Limits {
  /** Nobody else claims or changes limits until the transaction ends. */
  lock(): Promise<void>;
  read(keys: readonly string[]): Promise<readonly LimitRow[]>;
  /** Adds to the rows, making them where needed. */
  adjust(deltas: readonly LimitDelta[]): Promise<void>;
  /** Limits that exist no more, those of a run that has ended. */
  forget(keys: readonly string[]): Promise<void>;
}

export interface Pools {
  list(): Promise<readonly PoolRow[]>;
  get(name: string): Promise<PoolRow | null>;
  put(pool: PoolRow): Promise<void>;
  remove(name: string): Promise<boolean>;
}

export interface Servers {
  /** A new incarnation: ids are never used twice. */
  register(server: { readonly name: string; readonly at: number; readonly leaseUntil: number }): Promise<number>;
  /** False for one that was given up. */
  renew(id: number, leaseUntil: number): Promise<boolean>;
  /** Until the transaction ends the server cannot be given up; false: it was, and must claim nothing more. */
  hold(id: number): Promise<boolean>;
  /** From here on it claims and renews nothing; false where it has renewed its lease meanwhile. */
  giveUp(id: number, leaseBefore: number): Promise<boolean>;
  list(): Promise<readonly ServerRow[]>;
  remove(id: number): Promise<void>;
}

export interface ImportErrors {
  /** Replaces what is known of this file. */
  replace(file: string, errors: readonly ImportErrorRow[]): Promise<void>;
  list(): Promise<readonly ImportErrorRow[]>;
}

/** A workflow with what its current version says. */
export interface KnownWorkflow extends ListedWorkflow {
  readonly spec: WorkflowSpec;
}

/** Lists and look-ups for people: command line, API, page. */
export interface Queries extends AccessQueries {
  workflows(filter?: { readonly present?: boolean; readonly paused?: boolean }): Promise<readonly KnownWorkflow[]>;
  workflow(name: string): Promise<KnownWorkflow | null>;
  version(id: number): Promise<VersionRow | null>;
  runs(filter: {
    readonly workflowId?: number;
    readonly states?: readonly RunState[];
    readonly limit?: number;
    readonly offset?: number;
  }): Promise<readonly RunRow[]>;
  run(id: number): Promise<RunRow | null>;
  runByRunId(workflowId: number, runId: string): Promise<RunRow | null>;
  /** The latest first. */
  backfills(filter: { readonly workflowId?: number; readonly limit?: number }): Promise<readonly BackfillRow[]>;
  backfill(id: number): Promise<BackfillRow | null>;
  /** In order, each with the id and state of its run. */
  slots(
    backfill: number,
  ): Promise<readonly (SlotRow & { readonly runId: string | null; readonly state: RunState | null })[]>;
  instances(run: number): Promise<readonly InstanceRow[]>;
  attempts(run: number): Promise<readonly AttemptRow[]>;
  outputs(run: number): Promise<readonly OutputRow[]>;
  /** Chunks after the given one, oldest first. */
  logs(filter: {
    readonly run: number;
    readonly task?: number;
    readonly index?: number;
    readonly attempt?: number;
    readonly after?: number;
    readonly limit?: number;
  }): Promise<readonly StoredLogChunk[]>;
  /** Events after the given one, oldest first. */
  events(filter: {
    readonly after: number;
    readonly run?: number;
    readonly limit?: number;
  }): Promise<readonly EventRow[]>;
  lastEvent(): Promise<number>;
  limits(): Promise<readonly LimitRow[]>;
}
