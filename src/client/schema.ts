// Made by scripts/api-contract.ts from the API's routes; do not edit.
export interface paths {
  readonly '/api/v2/activity': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly bin_minutes?: number;
          readonly from?: string;
          readonly to?: string;
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'application/json': components['schemas']['Activity'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/v2/attention': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'application/json': components['schemas']['Attention'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/v2/events/stream': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly after?: number;
          readonly dag_id?: string;
          readonly dag_run_id?: string;
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'text/event-stream': components['schemas']['LiveEvents'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/v2/search': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query: {
          readonly limit?: number;
          readonly q: string;
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'application/json': components['schemas']['SearchResults'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/v2/version': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'application/json': components['schemas']['VersionInfo'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/v2/workflows': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly kind?: 'dag' | 'flow';
          readonly limit?: number;
          readonly offset?: number;
          readonly order_by?: string;
          readonly owners?: readonly string[];
          readonly q?: string;
          readonly state?: 'failed' | 'running' | 'late' | 'paused';
          readonly tags?: readonly string[];
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'application/json': components['schemas']['Workflows'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/v2/workflows/{dag_id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly dag_id: string;
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Default Response */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly 'application/json': components['schemas']['Workflow'];
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    readonly Activity: {
      readonly as_of: string;
      readonly bin_minutes: number;
      readonly bins: readonly {
        readonly due: number;
        readonly failed: number;
        readonly running: number;
        readonly start: string;
        readonly succeeded: number;
      }[];
      readonly from: string;
      readonly next: {
        readonly dag_id: string;
        readonly run_after: string;
      } | null;
      readonly to: string;
    };
    readonly ActivityInput: {
      readonly as_of: string;
      readonly bin_minutes: number;
      readonly bins: readonly {
        readonly due: number;
        readonly failed: number;
        readonly running: number;
        readonly start: string;
        readonly succeeded: number;
      }[];
      readonly from: string;
      readonly next: {
        readonly dag_id: string;
        readonly run_after: string;
      } | null;
      readonly to: string;
    };
    readonly Attention: {
      readonly as_of: string;
      readonly counts: {
        readonly failed: number;
        readonly queued: number;
        readonly running: number;
        readonly succeeded: number;
      };
      readonly items: readonly components['schemas']['AttentionItem'][];
      readonly since: string;
    };
    readonly AttentionInput: {
      readonly as_of: string;
      readonly counts: {
        readonly failed: number;
        readonly queued: number;
        readonly running: number;
        readonly succeeded: number;
      };
      readonly items: readonly components['schemas']['AttentionItemInput'][];
      readonly since: string;
    };
    readonly AttentionItem: {
      readonly dag_id: string | null;
      readonly dag_run_id: string | null;
      readonly detail: string;
      readonly fact: string;
      readonly instances: number;
      readonly instances_of: number;
      /** @enum {string} */
      readonly kind: 'failed' | 'late' | 'limit' | 'broken_file';
      readonly map_indexes: readonly number[];
      readonly remedies: readonly (
        | 'clear_failed'
        | 'resume'
        | 'open_log'
        | 'open_run'
        | 'why'
        | 'see_holders'
        | 'show_code'
      )[];
      readonly runs: number;
      readonly since: string;
      readonly subject: string | null;
      readonly task_id: string | null;
      readonly workflow_kind: ('dag' | 'flow') | null;
    };
    readonly AttentionItemInput: {
      readonly dag_id: string | null;
      readonly dag_run_id: string | null;
      readonly detail: string;
      readonly fact: string;
      readonly instances: number;
      readonly instances_of: number;
      /** @enum {string} */
      readonly kind: 'failed' | 'late' | 'limit' | 'broken_file';
      readonly map_indexes: readonly number[];
      readonly remedies: readonly (
        | 'clear_failed'
        | 'resume'
        | 'open_log'
        | 'open_run'
        | 'why'
        | 'see_holders'
        | 'show_code'
      )[];
      readonly runs: number;
      readonly since: string;
      readonly subject: string | null;
      readonly task_id: string | null;
      readonly workflow_kind: ('dag' | 'flow') | null;
    };
    readonly LiveEvent: {
      readonly at: string;
      readonly dag_id: string | null;
      readonly dag_run_id: string | null;
      readonly id: number;
      /** @enum {string} */
      readonly kind: 'task' | 'run' | 'backfill' | 'workflow' | 'file' | 'other' | 'reset';
      readonly map_index: number | null;
      readonly state: string | null;
      readonly task_id: string | null;
      readonly try_number: number | null;
    };
    readonly LiveEventInput: {
      readonly at: string;
      readonly dag_id: string | null;
      readonly dag_run_id: string | null;
      readonly id: number;
      /** @enum {string} */
      readonly kind: 'task' | 'run' | 'backfill' | 'workflow' | 'file' | 'other' | 'reset';
      readonly map_index: number | null;
      readonly state: string | null;
      readonly task_id: string | null;
      readonly try_number: number | null;
    };
    readonly LiveEvents: readonly components['schemas']['LiveEvent'][];
    readonly LiveEventsInput: readonly components['schemas']['LiveEventInput'][];
    readonly RunSummary: {
      readonly dag_run_id: string;
      readonly duration: number | null;
      readonly end_date: string | null;
      readonly logical_date: string | null;
      readonly run_after: string;
      /** @enum {string} */
      readonly run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      readonly start_date: string | null;
      /** @enum {string} */
      readonly state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
    };
    readonly RunSummaryInput: {
      readonly dag_run_id: string;
      readonly duration: number | null;
      readonly end_date: string | null;
      readonly logical_date: string | null;
      readonly run_after: string;
      /** @enum {string} */
      readonly run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      readonly start_date: string | null;
      /** @enum {string} */
      readonly state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
    };
    readonly Schedule: {
      readonly expression: string | null;
      readonly text: string | null;
      readonly timezone: string;
    };
    readonly ScheduleInput: {
      readonly expression: string | null;
      readonly text: string | null;
      readonly timezone: string;
    };
    readonly SearchResults: {
      readonly items: readonly {
        readonly dag_id: string;
        readonly dag_run_id: string | null;
        /** @enum {string} */
        readonly kind: 'workflow' | 'run' | 'task';
        readonly state:
          | (
              | 'scheduled'
              | 'queued'
              | 'running'
              | 'restarting'
              | 'up_for_retry'
              | 'up_for_reschedule'
              | 'deferred'
              | 'awaiting_input'
              | 'success'
              | 'failed'
              | 'skipped'
              | 'upstream_failed'
              | 'removed'
            )
          | null;
        readonly subtitle: string;
        readonly task_id: string | null;
        readonly title: string;
        /** @enum {string} */
        readonly workflow_kind: 'dag' | 'flow';
      }[];
    };
    readonly SearchResultsInput: {
      readonly items: readonly {
        readonly dag_id: string;
        readonly dag_run_id: string | null;
        /** @enum {string} */
        readonly kind: 'workflow' | 'run' | 'task';
        readonly state:
          | (
              | 'scheduled'
              | 'queued'
              | 'running'
              | 'restarting'
              | 'up_for_retry'
              | 'up_for_reschedule'
              | 'deferred'
              | 'awaiting_input'
              | 'success'
              | 'failed'
              | 'skipped'
              | 'upstream_failed'
              | 'removed'
            )
          | null;
        readonly subtitle: string;
        readonly task_id: string | null;
        readonly title: string;
        /** @enum {string} */
        readonly workflow_kind: 'dag' | 'flow';
      }[];
    };
    readonly StateCounts: {
      readonly [key: string]: number;
    };
    readonly StateCountsInput: {
      readonly [key: string]: number;
    };
    readonly Usual: {
      readonly count: number;
      readonly median: number;
      readonly p10: number;
      readonly p90: number;
    } | null;
    readonly UsualInput: {
      readonly count: number;
      readonly median: number;
      readonly p10: number;
      readonly p90: number;
    } | null;
    readonly VersionInfo: {
      readonly git_version: string | null;
      readonly version: string;
    };
    readonly VersionInfoInput: {
      readonly git_version: string | null;
      readonly version: string;
    };
    readonly Workflow: {
      readonly active_runs: number;
      readonly bundle: string;
      readonly condition: ('failed' | 'late' | 'broken_file') | null;
      readonly condition_text: string | null;
      readonly dag_id: string;
      readonly description: string | null;
      readonly file: string;
      readonly is_paused: boolean;
      /** @enum {string} */
      readonly kind: 'dag' | 'flow';
      readonly max_active_runs: number | null;
      readonly max_mapped: number | null;
      readonly next_run: {
        readonly logical_date: string | null;
        readonly run_after: string;
      } | null;
      readonly owners: readonly string[];
      readonly recent_runs: readonly components['schemas']['RunSummary'][];
      readonly schedule: components['schemas']['Schedule'];
      readonly tags: readonly string[];
      readonly usual: components['schemas']['Usual'];
      readonly version: number;
    };
    readonly WorkflowInput: {
      readonly active_runs: number;
      readonly bundle: string;
      readonly condition: ('failed' | 'late' | 'broken_file') | null;
      readonly condition_text: string | null;
      readonly dag_id: string;
      readonly description: string | null;
      readonly file: string;
      readonly is_paused: boolean;
      /** @enum {string} */
      readonly kind: 'dag' | 'flow';
      readonly max_active_runs: number | null;
      readonly max_mapped: number | null;
      readonly next_run: {
        readonly logical_date: string | null;
        readonly run_after: string;
      } | null;
      readonly owners: readonly string[];
      readonly recent_runs: readonly components['schemas']['RunSummaryInput'][];
      readonly schedule: components['schemas']['ScheduleInput'];
      readonly tags: readonly string[];
      readonly usual: components['schemas']['UsualInput'];
      readonly version: number;
    };
    readonly Workflows: {
      readonly as_of: string;
      readonly counts: {
        readonly all: number;
        readonly failed: number;
        readonly late: number;
        readonly paused: number;
        readonly running: number;
      };
      readonly owners: readonly string[];
      readonly tags: readonly string[];
      readonly total_entries: number;
      readonly workflows: readonly components['schemas']['Workflow'][];
    };
    readonly WorkflowsInput: {
      readonly as_of: string;
      readonly counts: {
        readonly all: number;
        readonly failed: number;
        readonly late: number;
        readonly paused: number;
        readonly running: number;
      };
      readonly owners: readonly string[];
      readonly tags: readonly string[];
      readonly total_entries: number;
      readonly workflows: readonly components['schemas']['WorkflowInput'][];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
