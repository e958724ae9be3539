/** The form of the cases of Airflow's REST API: what a server must know first, and what is then asked of it. */

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `none`: no token; another text: that one. */
  readonly auth?: string;
}

export interface Expected {
  readonly status: number;
  readonly body?: unknown;
  readonly content_type?: string;
  readonly redirect?: unknown;
}

interface Sent {
  readonly request: RestRequest;
  /** Values of the answer that later steps use, by name. */
  readonly save?: Readonly<Record<string, string>>;
}

export type RestStep =
  | (Sent & { readonly do: 'request'; readonly status?: readonly number[] })
  | (Sent & { readonly do: 'wait'; readonly at: string; readonly in: readonly unknown[]; readonly seconds: number })
  | (Sent & { readonly do: 'probe'; readonly id: string; readonly resource: string; readonly expected: Expected });

export type Probe = Extract<RestStep, { do: 'probe' }>;

export interface Scenario {
  readonly id: string;
  readonly reads_only?: boolean;
  readonly steps: readonly RestStep[];
}

interface RestBehaviour {
  readonly does: 'nothing' | 'print' | 'return' | 'branch' | 'sleep';
  readonly lines?: readonly string[];
  readonly returns?: unknown;
  readonly chooses?: readonly string[];
  readonly seconds?: number;
  readonly fails?: boolean;
  readonly fails_below_try?: number;
  readonly fails_when?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

export interface RestTask {
  readonly task_id: string;
  readonly group?: string;
  readonly behaviour: RestBehaviour;
  readonly args?: Readonly<Record<string, { readonly output_of: string }>>;
  readonly expand?: Readonly<Record<string, { readonly output_of: string }>>;
  readonly map_index_template?: string;
  readonly retries?: number;
  readonly retry_delay_seconds?: number;
  readonly trigger_rule?: string;
  readonly pool?: string;
  readonly pool_slots?: number;
  readonly priority_weight?: number;
  readonly weight_rule?: string;
  readonly queue?: string;
  readonly depends_on_past?: boolean;
  readonly wait_for_downstream?: boolean;
  readonly execution_timeout_seconds?: number;
  readonly doc_md?: string;
  readonly owner?: string;
}

type RestSchedule =
  | { readonly kind: 'cron-data-interval'; readonly cron: string; readonly timezone: string }
  | { readonly kind: 'assets' };

interface RestParam {
  readonly value?: unknown;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly description?: string;
  readonly required_at_trigger?: boolean;
}

export interface RestDag {
  readonly dag_id: string;
  readonly file: string;
  readonly start_date?: string;
  readonly end_date?: string;
  readonly schedule: RestSchedule | null;
  readonly catchup?: boolean;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly owner?: string;
  readonly doc_md?: string;
  readonly params?: Readonly<Record<string, RestParam>>;
  readonly max_active_runs?: number;
  readonly max_active_tasks?: number;
  readonly dagrun_timeout_seconds?: number;
  readonly groups?: readonly { readonly group_id: string; readonly parent: string | null }[];
  readonly tasks: readonly RestTask[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

export interface RestWorld {
  readonly dags: readonly RestDag[];
  readonly broken_files: readonly { readonly file: string }[];
}
