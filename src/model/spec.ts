import type { ScheduleSpec } from '../timetable/schedule.ts';
import type { Expression, Mapping } from './expression.ts';
import type { TriggerRule } from './trigger-rule.ts';

/**
 * A workflow as the server knows it: everything that can be known without the user's code, as plain JSON. Two reads of
 * the same file give the same spec to the letter; its canonical text is what versions are compared by. Durations are
 * milliseconds, dates are milliseconds since the epoch.
 */
export interface WorkflowSpec {
  readonly format: 1;
  readonly kind: 'dag' | 'flow';
  readonly id: string;
  readonly description: string | null;
  /** Markdown. */
  readonly docs: string | null;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly schedule: ScheduleSpec;
  readonly timezone: string;
  readonly startDate: number | null;
  readonly endDate: number | null;
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  /** Running instances in one run; null: no limit of its own. */
  readonly maxActiveTasks: number | null;
  readonly runTimeout: number | null;
  /** A run that is not done this long after it was queued is reported. */
  readonly deadline: number | null;
  readonly failFast: boolean;
  readonly pausedUponCreation: boolean;
  readonly params: ParamsSpec;
  readonly tasks: readonly TaskSpec[];
  readonly groups: readonly GroupSpec[];
}

/** What lists of workflows show of one: all but its tasks and what belongs to them. */
export type SpecHead = Omit<WorkflowSpec, 'docs' | 'params' | 'tasks' | 'groups'>;

export interface ParamsSpec {
  /** Encoded defaults by name (model/value.ts). */
  readonly defaults: Readonly<Record<string, string>>;
  /** JSON Schema (draft 2020-12) of the params object, or null where only the bundle's own schema can check it. */
  readonly schema: Readonly<Record<string, unknown>> | null;
}

export interface GroupSpec {
  /** Full id, with the parents in front: `a.b`. */
  readonly id: string;
  readonly parent: number | null;
  readonly tooltip: string | null;
  readonly mapping: Mapping | null;
}

export interface TaskSpec {
  /** Full id, with the groups in front: `group.task`. */
  readonly id: string;
  readonly group: number | null;
  readonly kind: 'task' | 'branch' | 'short_circuit' | 'sensor' | 'approval';
  readonly setup: boolean;
  readonly teardown: boolean;
  /** Teardowns only: whether its failure fails the run. */
  readonly onFailureFailRun: boolean;
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  readonly triggerRule: TriggerRule;
  /** Null for a task without an input. */
  readonly input: Expression | null;
  readonly mapping: Mapping | null;
  /** Attempts after the first one. */
  readonly retries: number;
  /** A list gives the nth wait, its last one repeating. */
  readonly retryDelay: number | readonly number[];
  /** 0 or 1: constant delay. */
  readonly retryBackoff: number;
  readonly maxRetryDelay: number | null;
  /** Per attempt. */
  readonly timeout: number | null;
  readonly pool: string;
  readonly poolSlots: number;
  /** The task's own weight and rule; `priority` is what comes of them in this graph. */
  readonly priorityWeight: number;
  readonly weightRule: 'downstream' | 'upstream' | 'absolute';
  readonly priority: number;
  readonly queue: string;
  readonly maxActivePerDag: number | null;
  readonly maxActivePerRun: number | null;
  readonly isolation: 'shared' | 'process';
  /** MiB; only with isolation 'process'. */
  readonly memory: number | null;
  readonly dependsOnPast: boolean;
  readonly waitForDownstream: boolean;
  readonly ignoreFirstDependsOnPast: boolean;
  readonly email: readonly string[];
  readonly emailOnFailure: boolean;
  readonly emailOnRetry: boolean;
  /** Markdown. */
  readonly docs: string | null;
}
