import type { StoredValue } from '../model/expression.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import type {
  AttemptOutcome,
  AttemptReason,
  FinishedTaskState,
  RunState,
  RunType,
  TaskState,
} from '../model/states.ts';
import type { ScopeCounts, UpstreamCounts } from '../model/trigger-rule.ts';

/** What the store holds, parsed. All times are milliseconds since the epoch. */

export interface WorkflowRow {
  readonly id: number;
  readonly name: string;
  readonly kind: 'dag' | 'flow';
  readonly paused: boolean;
  /** False once its file no longer defines it. */
  readonly present: boolean;
  readonly file: string;
  readonly versionId: number;
  readonly versionNumber: number;
  /** The next scheduled run, or null where there is none. */
  readonly next: NextRun | null;
  /** Interval of the latest scheduled or backfill run: what the timetable continues from. */
  readonly lastAutomated: { readonly start: number; readonly end: number } | null;
  /** How often finished runs were begun anew: what is remembered of a run holds while this stays the same. */
  readonly reruns: number;
  readonly createdAt: number;
}

/** As lists have it: what its current version says is read of those that are shown. */
export interface ListedWorkflow extends WorkflowRow {
  readonly bundleHash: string;
}

export interface NextRun {
  readonly logicalDate: number;
  readonly intervalStart: number;
  readonly intervalEnd: number;
  readonly runAfter: number;
}

export interface VersionRow {
  readonly id: number;
  readonly workflowId: number;
  readonly number: number;
  readonly bundleHash: string;
  readonly bundlePath: string;
  readonly spec: WorkflowSpec;
  readonly createdAt: number;
}

export interface NewRun {
  readonly workflowId: number;
  readonly versionId: number;
  readonly runId: string;
  readonly type: RunType;
  readonly logicalDate: number | null;
  readonly intervalStart: number | null;
  readonly intervalEnd: number | null;
  readonly runAfter: number;
  /** Conf as JSON text. */
  readonly conf: string;
  /** Encoded params by name, as JSON text. */
  readonly params: string;
  readonly queuedAt: number;
  readonly triggeredBy: string;
  readonly note: string | null;
  /** Where the run is one of a backfill. */
  readonly backfill?: RunOfBackfill;
}

export interface RunOfBackfill {
  readonly id: number;
  /** The place of its slot among those of the backfill. */
  readonly ordinal: number;
}

export interface RunRow extends Omit<NewRun, 'backfill'> {
  readonly id: number;
  /** The backfill that it belongs to: it is started by that, and counts against its limit instead of the workflow's. */
  readonly backfillId: number | null;
  readonly state: RunState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Why it ended as it did, where its instances do not say it. */
  readonly reason: string | null;
  readonly counters: RunCounters;
}

/** What the end of a run is decided by, kept in its row so that instances need not be counted. */
export interface RunCounters {
  /** Instances that have not finished. */
  readonly unfinished: number;
  /** Unfinished instances that will move by themselves: queued, running, waiting for a time or an event. */
  readonly active: number;
  /** Decisive instances (leaves and their like) that failed or are upstream_failed. */
  readonly bad: number;
}

export interface InstanceKey {
  readonly run: number;
  /** Index of the task in the version's spec. */
  readonly task: number;
  /** Map index: -1 where not mapped, or not expanded yet. For a flow: the occurrence. */
  readonly index: number;
}

/** What an instance's trigger rule is decided by: counters of its relevant upstream, and of what lies in its scope. */
export interface UpstreamCounters extends UpstreamCounts {
  readonly scope: ScopeCounts;
}

export interface NewInstance extends InstanceKey {
  readonly state: TaskState;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly priority: number;
  /** Second place of the claim order: the run's logical date, or the time it was queued. */
  readonly orderAt: number;
  readonly pool: string;
  readonly slots: number;
  readonly counters: UpstreamCounters;
  readonly queuedAt: number | null;
  readonly endedAt: number | null;
}

export interface InstanceRow extends NewInstance {
  readonly token: string | null;
  readonly server: number | null;
  readonly worker: string | null;
  /** The limit that holds it back while it is queued. */
  readonly parked: string | null;
  /** Attempts that ended because their worker died. */
  readonly lost: number;
  readonly startedAt: number | null;
  readonly reason: AttemptReason | null;
}

/** An instance whose upstream counters have just changed, with what its decision needs. */
export interface CountedInstance extends InstanceKey {
  readonly state: TaskState;
  readonly counters: UpstreamCounters;
}

export interface CountDelta {
  readonly run: number;
  readonly task: number;
  /** One map index, or every instance of the task. */
  readonly index: number | 'all';
  readonly counters: UpstreamCounters;
}

/** The end of an attempt: the instance leaves `running` (or `restarting`) if the token is still its own. */
export interface FinishMove extends InstanceKey {
  readonly token: string;
  readonly to: FinishedTaskState | 'up_for_retry' | 'up_for_reschedule' | 'queued';
  readonly at: number;
  readonly reason: AttemptReason | null;
  /**
   * Set for `queued` after a loss: the attempt number and the allowance both go up, so that no retry is used. `counted`
   * also goes against the number of times that an instance may lose its worker; the loss of a server does not.
   */
  readonly lost: 'counted' | 'uncounted' | null;
}

export interface DecideMove extends InstanceKey {
  readonly from: TaskState;
  /** `success`: somebody said so. */
  readonly to: 'queued' | 'success' | 'skipped' | 'upstream_failed' | 'removed' | 'failed';
  readonly at: number;
  readonly reason: AttemptReason | null;
}

/** A row as clearing leaves it: new counters, and where `to` is given a new state with a new allowance of attempts. */
export interface ResetMove extends InstanceKey {
  readonly to: 'none' | 'restarting' | null;
  readonly maxAttempts: number;
  readonly counters: UpstreamCounters;
}

export interface ClaimCandidate extends InstanceKey {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly priority: number;
  readonly orderAt: number;
  readonly pool: string;
  readonly slots: number;
}

export interface ClaimMove extends InstanceKey {
  readonly token: string;
  readonly server: number;
  readonly at: number;
}

export interface AttemptRow extends InstanceKey {
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly reason: AttemptReason | null;
  readonly worker: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** ErrorReport as JSON text. */
  readonly error: string | null;
}

export interface OutputRow extends InstanceKey {
  readonly key: string;
  readonly value: StoredValue;
  /** Elements, where it can be mapped over. */
  readonly length: number | null;
}

/** A task call in a flow, as it is recorded: first seen running, or already ended. */
export interface StepRow extends InstanceKey {
  readonly name: string;
  readonly state: 'running' | 'up_for_retry' | 'success' | 'failed' | 'skipped' | 'upstream_failed';
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly reason: AttemptReason | null;
  readonly worker: string;
  /** Hash of what the call was given; null: nothing, or something without a hash. */
  readonly inputHash: string | null;
}

/** A call that a flow's run has met: what it gave, if it has ended, and how often it was tried. */
export interface JournalRow {
  readonly task: number;
  readonly index: number;
  readonly name: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly inputHash: string | null;
  readonly value: StoredValue | null;
  /** ErrorReport as JSON text. */
  readonly error: string | null;
}

/** Where the answer of a cached call is: the output of the instance that made it. */
export interface CacheRow extends InstanceKey {
  readonly key: string;
  readonly createdAt: number;
  /** Null: never. */
  readonly expiresAt: number | null;
}

export type TimerKind = 'retry' | 'reschedule' | 'run_timeout' | 'deadline' | 'mail_failure' | 'mail_retry' | 'expand';

export interface NewTimer {
  readonly due: number;
  readonly kind: TimerKind;
  readonly run: number;
  readonly task: number | null;
  readonly index: number | null;
  readonly attempt: number | null;
}

export interface TimerRow extends NewTimer {
  readonly id: number;
}

/** Which finished runs a backfill runs again, besides making those that are missing. */
export const REPROCESS_BEHAVIORS = ['none', 'failed', 'completed'] as const;
export type ReprocessBehavior = (typeof REPROCESS_BEHAVIORS)[number];

export interface NewBackfill {
  readonly workflowId: number;
  /** Both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly reverse: boolean;
  readonly reprocess: ReprocessBehavior;
  readonly maxActiveRuns: number;
  /** JSON text; null: runs that are there keep theirs. */
  readonly conf: string | null;
  readonly createdAt: number;
  readonly triggeredBy: string;
}

export interface BackfillRow extends NewBackfill {
  readonly id: number;
  readonly paused: boolean;
  readonly cancelledAt: number | null;
  /** Null while there is something left to do; a workflow has one such backfill at most. */
  readonly completedAt: number | null;
}

/** One date of a backfill, in the order in which it goes through them: from 1. */
export interface NewSlot {
  readonly ordinal: number;
  readonly logicalDate: number;
  readonly intervalStart: number;
  readonly intervalEnd: number;
  readonly runAfter: number;
}

/**
 * What the backfill did about a slot. `pending`: nothing yet. `exists`: there is a finished run that it leaves as it is.
 * `in_flight`: there is one that has not finished. `cancelled`: the backfill was cancelled first.
 */
export type SlotOutcome = 'pending' | 'created' | 'cleared' | 'exists' | 'in_flight' | 'cancelled';

export interface SlotRow extends NewSlot {
  readonly backfill: number;
  readonly outcome: SlotOutcome;
  /** The run that was made or cleared for it. */
  readonly run: number | null;
}

export interface LimitDelta {
  readonly key: string;
  readonly used: number;
  readonly parked: number;
}

export interface LimitRow {
  readonly key: string;
  readonly used: number;
  /** Queued instances, or runs, that wait for it. */
  readonly parked: number;
}

export interface PoolRow {
  readonly name: string;
  /** -1: no limit. */
  readonly slots: number;
  readonly description: string;
  readonly includeDeferred: boolean;
}

export interface NewEvent {
  readonly at: number;
  readonly kind: string;
  readonly workflowId: number | null;
  readonly run: number | null;
  readonly task: number | null;
  readonly index: number | null;
  readonly attempt: number | null;
  /** JSON text. */
  readonly data: string | null;
}

export interface EventRow extends NewEvent {
  readonly id: number;
}

/** Some log lines of one attempt, written together. */
export interface LogChunk extends InstanceKey {
  readonly attempt: number;
  readonly at: number;
  /** One JSON object a line (LogLine of executor.ts). */
  readonly lines: string;
}

export interface StoredLogChunk extends LogChunk {
  readonly id: number;
}

export interface ServerRow {
  readonly id: number;
  readonly name: string;
  readonly startedAt: number;
  /** After this, by the store's clock, its attempts are given up. */
  readonly leaseUntil: number;
}

/** A connection, variable or secret, encrypted at rest: the store never sees the plain text. */
export interface SealedRow {
  readonly name: string;
  readonly sealed: string;
  /** What may be shown without opening it: type and host of a connection, the description. */
  readonly summary: string;
  readonly updatedAt: number;
}

export interface ImportErrorRow {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
  readonly frame: string | null;
  readonly at: number;
}
