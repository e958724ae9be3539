import type { TriggerRule } from '../../model/trigger-rule.ts';

/** A case of Airflow's behaviour: what was put in, and what came out. */
export interface Case<Input = unknown, Expected = unknown> {
  readonly id: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** What is to be run: an instance's attempt. */
export type Step = readonly [taskId: string, mapIndex: number, attempt: number];

export interface ExpectedInstance {
  readonly task_id: string;
  readonly map_index: number;
  readonly state: string;
  readonly try_number: number;
  /** Of mapping cases, where the instance ran. */
  readonly received?: Readonly<Record<string, unknown>>;
  readonly returned?: unknown;
  readonly label?: string;
}

export type RunCase = Case<
  { readonly dag: DagCase; readonly order: readonly Step[]; readonly config?: { readonly max_map_length?: number } },
  {
    readonly upstream?: Readonly<Record<string, readonly string[]>>;
    readonly run_state: string;
    readonly instances: readonly ExpectedInstance[];
  }
>;

/** What a clear request asks for; without `task_ids` it asks for all. */
export interface ClearRequest {
  readonly task_ids?: readonly (string | readonly [taskId: string, mapIndex: number])[];
  readonly only_failed?: boolean;
  readonly include_upstream?: boolean;
  readonly include_downstream?: boolean;
}

interface RunOutcome {
  readonly run_state: string;
  readonly instances: readonly ExpectedInstance[];
}

export type RerunCase = Case<
  {
    readonly dag: DagCase;
    readonly order: readonly Step[];
    readonly clear: ClearRequest;
    readonly order_after: readonly Step[];
  },
  { readonly before: RunOutcome; readonly cleared: number; readonly after: RunOutcome }
>;

/** A DAG as the cases describe it; a field that is absent has Airflow's default. */
export interface DagCase {
  readonly dag_id?: string;
  readonly fail_fast?: boolean;
  readonly groups?: readonly GroupCase[];
  readonly tasks: readonly TaskCase[];
  readonly edges?: readonly (readonly [from: string, to: string])[];
}

export interface GroupCase {
  readonly group_id: string;
  readonly parent: string | null;
  readonly expand?: ExpandCase | null;
}

export interface TaskCase {
  readonly task_id: string;
  readonly group?: string | null;
  readonly trigger_rule?: TriggerRule | null;
  readonly retries?: number;
  readonly setup?: boolean;
  readonly teardown?: boolean;
  readonly on_failure_fail_dagrun?: boolean;
  readonly behaviour?: Behaviour | null;
  readonly args?: Readonly<Record<string, ExpressionCase>> | null;
  readonly partial?: Readonly<Record<string, ExpressionCase>> | null;
  readonly expand?: ExpandCase | null;
  /** Jinja; `{{ task.op_kwargs['x'] }}` is an argument's value. */
  readonly map_index_template?: string | null;
}

export type ExpandCase =
  | { readonly kind: 'expand'; readonly args: Readonly<Record<string, ExpressionCase>> }
  | { readonly kind: 'expand_kwargs'; readonly names: readonly string[]; readonly value: ExpressionCase };

export type ExpressionCase =
  | { readonly literal: unknown }
  | { readonly output: string }
  | { readonly group_arg: string }
  | { readonly map: { readonly of: ExpressionCase; readonly fn: string } }
  | { readonly zip: readonly ExpressionCase[]; readonly fillvalue?: unknown }
  | { readonly concat: readonly ExpressionCase[] };

export type Behaviour =
  | { readonly kind: 'success' | 'fail' | 'skip' | 'fail_no_retry' | 'all_args' }
  | { readonly kind: 'fail_first' | 'skip_after_fail'; readonly attempts: number }
  | { readonly kind: 'branch'; readonly follow: string | readonly string[] | null }
  | { readonly kind: 'short_circuit'; readonly value: boolean; readonly ignore_downstream_trigger_rules: boolean }
  | { readonly kind: 'by_attempt'; readonly values: readonly unknown[] }
  | { readonly kind: 'return'; readonly value: unknown }
  | { readonly kind: 'range'; readonly count: number }
  | {
      readonly kind: 'arg';
      readonly arg: string;
      readonly fail?: readonly unknown[];
      readonly skip?: readonly unknown[];
      readonly none?: readonly unknown[];
      readonly repeat?: number;
    };
