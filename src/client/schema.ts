// Made by scripts/api-contract.ts from the API's routes; do not edit.
export interface paths {
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
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
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
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
