// Made by scripts/api-contract.ts from the API's routes; do not edit.
export interface paths {
  '/api/v2/activity': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          bin_minutes?: number;
          from?: string;
          to?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Activity'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/attention': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Attention'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          dag_id?: string;
          limit?: number;
          offset?: number;
          order_by?: string[];
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['BackfillPostBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills/{backfill_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          backfill_id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills/{backfill_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          backfill_id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillResponse'];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills/{backfill_id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          backfill_id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillResponse'];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills/{backfill_id}/unpause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          backfill_id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillResponse'];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills/dry_run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['BackfillPostBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DryRunBackfillCollectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/backfills/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['BackfillPostBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BackfillPreview'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          section?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Config'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/config/section/{section}/option/{option}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          option: string;
          section: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Config'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/connections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          connection_id_pattern?: string;
          connection_id_prefix_pattern?: string;
          limit?: number;
          offset?: number;
          order_by?: string[];
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ConnectionCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['ConnectionBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ConnectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            actions: (
              | {
                  /** @enum {string} */
                  action: 'create';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_existence?: 'fail' | 'skip' | 'overwrite';
                  entities: components['schemas']['ConnectionBodyInput'][];
                }
              | {
                  /** @enum {string} */
                  action: 'update';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: components['schemas']['ConnectionBodyInput'][];
                  update_mask?: string[] | null;
                }
              | {
                  /** @enum {string} */
                  action: 'delete';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: (
                    | string
                    | {
                        [key: string]: unknown;
                      }
                  )[];
                }
            )[];
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BulkResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/connections/{connection_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          connection_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ConnectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          connection_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          update_mask?: string[];
        };
        header?: never;
        path: {
          connection_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['ConnectionBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ConnectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/connections/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['ConnectionBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ConnectionTestResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          bundle_name?: string;
          dag_display_name_pattern?: string;
          dag_display_name_prefix_pattern?: string;
          dag_id_pattern?: string;
          dag_id_prefix_pattern?: string;
          dag_run_end_date_gte?: string;
          dag_run_end_date_lte?: string;
          dag_run_start_date_gte?: string;
          dag_run_start_date_lte?: string;
          dag_run_state?: ('queued' | 'running' | 'success' | 'failed' | 'cancelled')[];
          exclude_stale?: string;
          has_import_errors?: string;
          kind?: 'dag' | 'flow';
          last_dag_run_state?: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
          limit?: number;
          offset?: number;
          order_by?: string[];
          owners?: string[];
          paused?: string;
          tags?: string[];
          tags_match_mode?: 'any' | 'all';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          bundle_name?: string;
          dag_display_name_pattern?: string;
          dag_display_name_prefix_pattern?: string;
          dag_id_pattern?: string;
          dag_id_prefix_pattern?: string;
          dag_run_end_date_gte?: string;
          dag_run_end_date_lte?: string;
          dag_run_start_date_gte?: string;
          dag_run_start_date_lte?: string;
          dag_run_state?: ('queued' | 'running' | 'success' | 'failed' | 'cancelled')[];
          exclude_stale?: string;
          has_import_errors?: string;
          kind?: 'dag' | 'flow';
          last_dag_run_state?: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
          limit?: number;
          offset?: number;
          order_by?: string[];
          owners?: string[];
          paused?: string;
          tags?: string[];
          tags_match_mode?: 'any' | 'all';
          update_mask?: string[];
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['DAGPatchBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['DAGPatchBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/clearDagRuns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['ClearDagRunsBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json':
              | components['schemas']['DAGRunCollectionResponse']
              | components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/clearTaskInstances': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['ClearTaskInstancesBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          conf_contains?: string;
          /** @description next_cursor of the answer before; empty: the first page */
          cursor?: string;
          dag_id_pattern?: string;
          dag_version?: number[];
          duration_gte?: number;
          duration_lte?: number;
          end_date_gt?: string;
          end_date_gte?: string;
          end_date_lt?: string;
          end_date_lte?: string;
          limit?: number;
          logical_date_gt?: string;
          logical_date_gte?: string;
          logical_date_lt?: string;
          logical_date_lte?: string;
          offset?: number;
          order_by?: string[];
          run_after_gt?: string;
          run_after_gte?: string;
          run_after_lt?: string;
          run_after_lte?: string;
          run_id_pattern?: string;
          run_id_prefix_pattern?: string;
          run_type?: string[];
          start_date_gt?: string;
          start_date_gte?: string;
          start_date_lt?: string;
          start_date_lte?: string;
          state?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TriggerDAGRunPostBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            actions: (
              | {
                  /** @enum {string} */
                  action: 'create';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_existence?: 'fail' | 'skip' | 'overwrite';
                  entities: components['schemas']['DAGRunBulkUpdateInput'][];
                }
              | {
                  /** @enum {string} */
                  action: 'update';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: components['schemas']['DAGRunBulkUpdateInput'][];
                  update_mask?: string[] | null;
                }
              | {
                  /** @enum {string} */
                  action: 'delete';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: (
                    | string
                    | {
                        [key: string]: unknown;
                      }
                  )[];
                }
            )[];
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BulkResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['DAGRunPatchBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/clear': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['DAGRunClearBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json':
              | components['schemas']['DAGRunResponse']
              | components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/logLines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          from?: number;
          level?: 'debug' | 'info' | 'warn' | 'error';
          limit?: number;
          map_index?: number;
          q?: string;
          tail?: number;
          task_id?: string;
          try_number?: number;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['LogLines'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskGroupInstances/{task_group_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          map_index?: number;
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_group_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PatchTaskInstanceBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskGroupInstances/{task_group_id}/dry_run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          map_index?: number;
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_group_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PatchTaskInstanceBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          /** @description next_cursor of the answer before; empty: the first page */
          cursor?: string;
          dag_id_pattern?: string;
          duration_gte?: number;
          duration_lte?: number;
          end_date_gte?: string;
          end_date_lte?: string;
          executor?: string[];
          limit?: number;
          map_index?: number[];
          offset?: number;
          order_by?: string[];
          pool?: string[];
          queue?: string[];
          rendered_map_index_pattern?: string;
          run_id_pattern?: string;
          run_id_prefix_pattern?: string;
          start_date_gte?: string;
          start_date_lte?: string;
          state?: string[];
          task_display_name_pattern?: string;
          task_group_id?: string;
          task_id?: string;
          try_number?: number[];
          version_number?: number[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            actions: (
              | {
                  /** @enum {string} */
                  action: 'create';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_existence?: 'fail' | 'skip' | 'overwrite';
                  entities: components['schemas']['BulkTaskInstanceBodyInput'][];
                }
              | {
                  /** @enum {string} */
                  action: 'update';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: components['schemas']['BulkTaskInstanceBodyInput'][];
                  update_mask?: string[] | null;
                }
              | {
                  /** @enum {string} */
                  action: 'delete';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: (
                    | string
                    | {
                        [key: string]: unknown;
                      }
                  )[];
                }
            )[];
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BulkResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          map_index?: number;
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PatchTaskInstanceBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          map_index: number;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          map_index?: number;
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          map_index: number;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PatchTaskInstanceBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}/dependencies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          map_index: number;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskDependencyCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}/dry_run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          map_index?: number;
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          map_index: number;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PatchTaskInstanceBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}/tries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          map_index: number;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceHistoryCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}/tries/{try_number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          map_index: number;
          task_id: string;
          try_number: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceHistoryResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/dependencies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskDependencyCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/dry_run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          map_index?: number;
          update_mask?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PatchTaskInstanceBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          map_index?: number;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ExtraLinkCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/listMapped': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          /** @description next_cursor of the answer before; empty: the first page */
          cursor?: string;
          dag_id_pattern?: string;
          duration_gte?: number;
          duration_lte?: number;
          end_date_gte?: string;
          end_date_lte?: string;
          executor?: string[];
          limit?: number;
          map_index?: number[];
          offset?: number;
          order_by?: string[];
          pool?: string[];
          queue?: string[];
          rendered_map_index_pattern?: string;
          run_id_pattern?: string;
          run_id_prefix_pattern?: string;
          start_date_gte?: string;
          start_date_lte?: string;
          state?: string[];
          task_display_name_pattern?: string;
          task_group_id?: string;
          task_id?: string;
          try_number?: number[];
          version_number?: number[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/logs/{try_number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          full_content?: string;
          map_index?: number;
          /** @description next_cursor of the answer before; empty: the first page */
          token?: string;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
          try_number: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstancesLogResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/tries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          map_index?: number;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceHistoryCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/tries/{try_number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          map_index?: number;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
          try_number: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceHistoryResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/why': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          map_index?: number;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Why'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/xcomEntries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          dag_id_pattern?: string;
          limit?: number;
          map_index?: number;
          offset?: number;
          order_by?: string[];
          run_id_pattern?: string;
          task_id_pattern?: string;
          xcom_key?: string;
          xcom_key_pattern?: string;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['XComCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/xcomEntries/{xcom_key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          deserialize?: string;
          map_index?: number;
          stringify?: string;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
          task_id: string;
          xcom_key: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['XComResponseNative'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/list': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: '~';
          dag_run_id: '~';
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TaskInstancesBatchBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskInstanceCollectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/timeline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          offset?: number;
          only?: string[];
          task_id?: string;
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Timeline'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/wait': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query: {
          interval: number;
          result?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunWaitResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/why': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          dag_run_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Why'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagRuns/list': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: '~';
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['DAGRunsBatchBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGRunCollectionResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagVersions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          offset?: number;
          order_by?: string[];
          version_number?: number;
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGVersionCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/dagVersions/{version_number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          version_number: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DagVersionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/details': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGDetailsResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/graph': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          dag_run_id?: string;
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Graph'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/grid': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          run_after_lte?: string;
          run_type?: ('scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization')[];
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Grid'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          order_by?: string[];
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dags/{dag_id}/tasks/{task_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
          task_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TaskResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dagSources/{dag_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          version_number?: number;
        };
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DAGSourceResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dagStats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          dag_ids?: string[];
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DagStatsResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/dagTags': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          offset?: number;
          order_by?: string[];
          tag_name_pattern?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DagTagsResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/events/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          after?: number;
          dag_id?: string;
          dag_run_id?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/event-stream': components['schemas']['LiveEvents'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/importErrors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          filename_pattern?: string;
          filename_prefix_pattern?: string;
          limit?: number;
          offset?: number;
          order_by?: string[];
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ImportErrorCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/importErrors/{import_error_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          import_error_id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ImportErrorResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/monitor/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['HealthInfoResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/pools': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          offset?: number;
          order_by?: string[];
          pool_name_pattern?: string;
          pool_name_prefix_pattern?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['PoolCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PoolBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['PoolResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            actions: (
              | {
                  /** @enum {string} */
                  action: 'create';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_existence?: 'fail' | 'skip' | 'overwrite';
                  entities: components['schemas']['PoolBodyInput'][];
                }
              | {
                  /** @enum {string} */
                  action: 'update';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: components['schemas']['PoolBodyInput'][];
                  update_mask?: string[] | null;
                }
              | {
                  /** @enum {string} */
                  action: 'delete';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: (
                    | string
                    | {
                        [key: string]: unknown;
                      }
                  )[];
                }
            )[];
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BulkResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/pools/{pool_name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          pool_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['PoolResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          pool_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          update_mask?: string[];
        };
        header?: never;
        path: {
          pool_name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PoolPatchBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['PoolResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query: {
          limit?: number;
          q: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['SearchResults'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Session'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokenCollection'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TokenBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['NewToken'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/tokens/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/variables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          offset?: number;
          order_by?: string[];
          variable_key_pattern?: string;
          variable_key_prefix_pattern?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['VariableCollectionResponse'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['VariableBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['VariableResponse'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            actions: (
              | {
                  /** @enum {string} */
                  action: 'create';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_existence?: 'fail' | 'skip' | 'overwrite';
                  entities: components['schemas']['VariableBodyInput'][];
                }
              | {
                  /** @enum {string} */
                  action: 'update';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: components['schemas']['VariableBodyInput'][];
                  update_mask?: string[] | null;
                }
              | {
                  /** @enum {string} */
                  action: 'delete';
                  /**
                   * @default fail
                   * @enum {string}
                   */
                  action_on_non_existence?: 'fail' | 'skip';
                  entities: (
                    | string
                    | {
                        [key: string]: unknown;
                      }
                  )[];
                }
            )[];
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['BulkResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/variables/{variable_key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          variable_key: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['VariableResponse'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          variable_key: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          update_mask?: string[];
        };
        header?: never;
        path: {
          variable_key: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['VariableBodyInput'];
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['VariableResponse'];
          };
        };
      };
    };
    trace?: never;
  };
  '/api/v2/version': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['VersionInfo'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/workflows': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          kind?: 'dag' | 'flow';
          limit?: number;
          offset?: number;
          order_by?: string;
          owners?: string[];
          q?: string;
          state?: 'failed' | 'running' | 'late' | 'paused';
          tags?: string[];
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Workflows'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/workflows/{dag_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          dag_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Workflow'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    __shared: {
      $defs: {
        schema0:
          | string
          | number
          | boolean
          | null
          | components['schemas']['__shared'][]
          | {
              [key: string]: components['schemas']['__shared'];
            };
      };
    };
    Activity: {
      as_of: string;
      bin_minutes: number;
      bins: {
        due: number;
        failed: number;
        running: number;
        start: string;
        succeeded: number;
      }[];
      from: string;
      next: {
        dag_id: string;
        run_after: string;
      } | null;
      to: string;
    };
    ActivityInput: {
      as_of: string;
      bin_minutes: number;
      bins: {
        due: number;
        failed: number;
        running: number;
        start: string;
        succeeded: number;
      }[];
      from: string;
      next: {
        dag_id: string;
        run_after: string;
      } | null;
      to: string;
    };
    Attention: {
      as_of: string;
      counts: {
        failed: number;
        queued: number;
        running: number;
        succeeded: number;
      };
      items: components['schemas']['AttentionItem'][];
      since: string;
      total: number;
    };
    AttentionInput: {
      as_of: string;
      counts: {
        failed: number;
        queued: number;
        running: number;
        succeeded: number;
      };
      items: components['schemas']['AttentionItemInput'][];
      since: string;
      total: number;
    };
    AttentionItem: {
      dag_id: string | null;
      dag_run_id: string | null;
      detail: string;
      fact: string;
      instances: number;
      instances_of: number;
      /** @enum {string} */
      kind: 'failed' | 'late' | 'limit' | 'broken_file';
      map_indexes: number[];
      remedies: ('clear_failed' | 'resume' | 'open_log' | 'open_run' | 'why' | 'see_holders' | 'show_code')[];
      runs: number;
      since: string;
      subject: string | null;
      task_id: string | null;
      workflow_kind: ('dag' | 'flow') | null;
    };
    AttentionItemInput: {
      dag_id: string | null;
      dag_run_id: string | null;
      detail: string;
      fact: string;
      instances: number;
      instances_of: number;
      /** @enum {string} */
      kind: 'failed' | 'late' | 'limit' | 'broken_file';
      map_indexes: number[];
      remedies: ('clear_failed' | 'resume' | 'open_log' | 'open_run' | 'why' | 'see_holders' | 'show_code')[];
      runs: number;
      since: string;
      subject: string | null;
      task_id: string | null;
      workflow_kind: ('dag' | 'flow') | null;
    };
    BackfillCollectionResponse: {
      backfills: components['schemas']['BackfillResponse'][];
      total_entries: number;
    };
    BackfillCollectionResponseInput: {
      backfills: components['schemas']['BackfillResponseInput'][];
      total_entries: number;
    };
    BackfillPostBody: {
      dag_id: string;
      dag_run_conf?: {
        [key: string]: unknown;
      } | null;
      from_date: string;
      /** @default 10 */
      max_active_runs: number;
      /**
       * @default none
       * @enum {string}
       */
      reprocess_behavior: 'none' | 'failed' | 'completed';
      /** @default false */
      run_backwards: boolean;
      run_on_latest_version?: boolean | null;
      to_date: string;
    };
    BackfillPostBodyInput: {
      dag_id: string;
      dag_run_conf?: {
        [key: string]: unknown;
      } | null;
      from_date: string;
      /** @default 10 */
      max_active_runs?: number;
      /**
       * @default none
       * @enum {string}
       */
      reprocess_behavior?: 'none' | 'failed' | 'completed';
      /** @default false */
      run_backwards?: boolean;
      run_on_latest_version?: boolean | null;
      to_date: string;
    };
    BackfillPreview: {
      choices: {
        completed: number;
        failed: number;
        none: number;
      };
      cleared: number;
      command: string;
      dag_id: string;
      dates: {
        /** @enum {string} */
        action: 'new' | 'clear' | 'leave' | 'in_flight';
        data_interval_end: string;
        data_interval_start: string;
        logical_date: string;
        run: {
          dag_run_id: string;
          duration: number | null;
          failed_task: string | null;
          /** @enum {string} */
          state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
        } | null;
      }[];
      dates_total: number;
      ends_about: string | null;
      lanes: {
        end: string;
        logical_date: string;
        start: string;
      }[][];
      new: number;
      passing: string[];
      run_seconds: number | null;
      task_instances: number;
      warnings: {
        /** @enum {string} */
        kind: 'pool' | 'failing' | 'open_backfill' | 'depends_on_past' | 'paused' | 'many';
        text: string;
      }[];
      will_run: number;
      work_seconds: number | null;
    };
    BackfillPreviewInput: {
      choices: {
        completed: number;
        failed: number;
        none: number;
      };
      cleared: number;
      command: string;
      dag_id: string;
      dates: {
        /** @enum {string} */
        action: 'new' | 'clear' | 'leave' | 'in_flight';
        data_interval_end: string;
        data_interval_start: string;
        logical_date: string;
        run: {
          dag_run_id: string;
          duration: number | null;
          failed_task: string | null;
          /** @enum {string} */
          state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
        } | null;
      }[];
      dates_total: number;
      ends_about: string | null;
      lanes: {
        end: string;
        logical_date: string;
        start: string;
      }[][];
      new: number;
      passing: string[];
      run_seconds: number | null;
      task_instances: number;
      warnings: {
        /** @enum {string} */
        kind: 'pool' | 'failing' | 'open_backfill' | 'depends_on_past' | 'paused' | 'many';
        text: string;
      }[];
      will_run: number;
      work_seconds: number | null;
    };
    BackfillResponse: {
      cancelled_at: string | null;
      completed_at: string | null;
      created_at: string;
      dag_display_name: string;
      dag_id: string;
      dag_run_conf: {
        [key: string]: unknown;
      } | null;
      from_date: string;
      id: number;
      is_paused: boolean;
      max_active_runs: number;
      progress: {
        failed: number;
        left: number;
        pending: number;
        running: number;
        success: number;
        total: number;
      };
      /** @enum {string} */
      reprocess_behavior: 'none' | 'failed' | 'completed';
      run_backwards: boolean;
      to_date: string;
      updated_at: string;
    };
    BackfillResponseInput: {
      cancelled_at: string | null;
      completed_at: string | null;
      created_at: string;
      dag_display_name: string;
      dag_id: string;
      dag_run_conf: {
        [key: string]: unknown;
      } | null;
      from_date: string;
      id: number;
      is_paused: boolean;
      max_active_runs: number;
      progress: {
        failed: number;
        left: number;
        pending: number;
        running: number;
        success: number;
        total: number;
      };
      /** @enum {string} */
      reprocess_behavior: 'none' | 'failed' | 'completed';
      run_backwards: boolean;
      to_date: string;
      updated_at: string;
    };
    BulkResponse: {
      create: {
        errors: {
          error: string;
          status_code: number;
        }[];
        success: string[];
      } | null;
      delete: {
        errors: {
          error: string;
          status_code: number;
        }[];
        success: string[];
      } | null;
      update: {
        errors: {
          error: string;
          status_code: number;
        }[];
        success: string[];
      } | null;
    };
    BulkResponseInput: {
      create: {
        errors: {
          error: string;
          status_code: number;
        }[];
        success: string[];
      } | null;
      delete: {
        errors: {
          error: string;
          status_code: number;
        }[];
        success: string[];
      } | null;
      update: {
        errors: {
          error: string;
          status_code: number;
        }[];
        success: string[];
      } | null;
    };
    BulkTaskInstanceBody: {
      dag_id?: string | null;
      dag_run_id?: string | null;
      /** @default false */
      include_downstream: boolean;
      /** @default false */
      include_future: boolean;
      /** @default false */
      include_past: boolean;
      /** @default false */
      include_upstream: boolean;
      map_index?: number | null;
      new_state?: ('success' | 'failed' | 'skipped') | null;
      note?: string | null;
      task_id: string;
    };
    BulkTaskInstanceBodyInput: {
      dag_id?: string | null;
      dag_run_id?: string | null;
      /** @default false */
      include_downstream?: boolean;
      /** @default false */
      include_future?: boolean;
      /** @default false */
      include_past?: boolean;
      /** @default false */
      include_upstream?: boolean;
      map_index?: number | null;
      new_state?: ('success' | 'failed' | 'skipped') | null;
      note?: string | null;
      task_id: string;
    };
    ClearDagRunsBody: {
      dag_runs: {
        dag_id?: string;
        dag_run_id: string;
      }[];
      /** @default true */
      dry_run: boolean;
      note?: string | null;
      /** @default false */
      only_failed: boolean;
      /** @default false */
      only_new: boolean;
      run_on_latest_version?: boolean | null;
    };
    ClearDagRunsBodyInput: {
      dag_runs: {
        dag_id?: string;
        dag_run_id: string;
      }[];
      /** @default true */
      dry_run?: boolean;
      note?: string | null;
      /** @default false */
      only_failed?: boolean;
      /** @default false */
      only_new?: boolean;
      run_on_latest_version?: boolean | null;
    };
    ClearTaskInstancesBody: {
      dag_run_id?: string | null;
      /** @default true */
      dry_run: boolean;
      end_date?: string | null;
      /** @default false */
      include_downstream: boolean;
      /** @default false */
      include_future: boolean;
      /** @default false */
      include_past: boolean;
      /** @default false */
      include_upstream: boolean;
      note?: string | null;
      /** @default true */
      only_failed: boolean;
      /** @default false */
      only_running: boolean;
      /** @default false */
      prevent_running_task: boolean;
      /** @default true */
      reset_dag_runs: boolean;
      run_on_latest_version?: boolean | null;
      start_date?: string | null;
      task_ids?: (string | [string, number])[] | null;
    };
    ClearTaskInstancesBodyInput: {
      dag_run_id?: string | null;
      /** @default true */
      dry_run?: boolean;
      end_date?: string | null;
      /** @default false */
      include_downstream?: boolean;
      /** @default false */
      include_future?: boolean;
      /** @default false */
      include_past?: boolean;
      /** @default false */
      include_upstream?: boolean;
      note?: string | null;
      /** @default true */
      only_failed?: boolean;
      /** @default false */
      only_running?: boolean;
      /** @default false */
      prevent_running_task?: boolean;
      /** @default true */
      reset_dag_runs?: boolean;
      run_on_latest_version?: boolean | null;
      start_date?: string | null;
      task_ids?: (string | [string, number])[] | null;
    };
    Config: {
      sections: {
        name: string;
        options: {
          key: string;
          value: string;
        }[];
      }[];
    };
    ConfigInput: {
      sections: {
        name: string;
        options: {
          key: string;
          value: string;
        }[];
      }[];
    };
    ConnectionBody: {
      conn_type: string;
      connection_id: string;
      description?: string | null;
      extra?: (string | '') | null;
      host?: string | null;
      login?: string | null;
      password?: string | null;
      port?: number | null;
      schema?: string | null;
      team_name?: null;
    };
    ConnectionBodyInput: {
      conn_type: string;
      connection_id: string;
      description?: string | null;
      extra?: (string | '') | null;
      host?: string | null;
      login?: string | null;
      password?: string | null;
      port?: number | null;
      schema?: string | null;
      team_name?: null;
    };
    ConnectionCollectionResponse: {
      connections: components['schemas']['ConnectionResponse'][];
      total_entries: number;
    };
    ConnectionCollectionResponseInput: {
      connections: components['schemas']['ConnectionResponseInput'][];
      total_entries: number;
    };
    ConnectionResponse: {
      conn_type: string;
      connection_id: string;
      description: string | null;
      extra: string | null;
      host: string | null;
      login: string | null;
      password: string | null;
      port: number | null;
      schema: string | null;
      team_name: null;
    };
    ConnectionResponseInput: {
      conn_type: string;
      connection_id: string;
      description: string | null;
      extra: string | null;
      host: string | null;
      login: string | null;
      password: string | null;
      port: number | null;
      schema: string | null;
      team_name: null;
    };
    ConnectionTestResponse: {
      message: string;
      status: boolean;
    };
    ConnectionTestResponseInput: {
      message: string;
      status: boolean;
    };
    DAGCollectionResponse: {
      dags: components['schemas']['DAGResponse'][];
      total_entries: number;
    };
    DAGCollectionResponseInput: {
      dags: components['schemas']['DAGResponseInput'][];
      total_entries: number;
    };
    DAGDetailsResponse: {
      active_runs_count: number;
      allowed_run_types: string[] | null;
      asset_expression: {
        [key: string]: unknown;
      } | null;
      bundle_name: string | null;
      bundle_version: string | null;
      catchup: boolean;
      concurrency: number;
      dag_display_name: string;
      dag_id: string;
      dag_run_timeout: string | null;
      default_args: {
        [key: string]: unknown;
      } | null;
      description: string | null;
      doc_md: string | null;
      end_date: string | null;
      file_token: string;
      fileloc: string;
      has_import_errors: boolean;
      has_task_concurrency_limits: boolean;
      is_backfillable: boolean;
      is_favorite: boolean;
      is_paused: boolean;
      is_paused_upon_creation: boolean | null;
      is_stale: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      last_expired: string | null;
      last_parse_duration: number | null;
      last_parsed: string | null;
      last_parsed_time: string | null;
      latest_dag_version: components['schemas']['DagVersionResponse'] | null;
      max_active_runs: number | null;
      max_active_tasks: number;
      max_consecutive_failed_dag_runs: number;
      next_dagrun_data_interval_end: string | null;
      next_dagrun_data_interval_start: string | null;
      next_dagrun_logical_date: string | null;
      next_dagrun_run_after: string | null;
      owner_links: {
        [key: string]: string;
      };
      owners: string[];
      params: {
        [key: string]: {
          description: string | null;
          schema: {
            [key: string]: unknown;
          };
          source: string | null;
          value: unknown;
        };
      } | null;
      params_schema: {
        [key: string]: unknown;
      } | null;
      relative_fileloc: string | null;
      render_template_as_native_obj: boolean;
      rerun_with_latest_version: boolean | null;
      start_date: string | null;
      tags: components['schemas']['DagTagResponse'][];
      template_search_path: string[] | null;
      timetable_description: string | null;
      timetable_partitioned: boolean;
      timetable_periodic: boolean;
      timetable_summary: string | null;
      timezone: string | null;
    };
    DAGDetailsResponseInput: {
      active_runs_count: number;
      allowed_run_types: string[] | null;
      asset_expression: {
        [key: string]: unknown;
      } | null;
      bundle_name: string | null;
      bundle_version: string | null;
      catchup: boolean;
      concurrency: number;
      dag_display_name: string;
      dag_id: string;
      dag_run_timeout: string | null;
      default_args: {
        [key: string]: unknown;
      } | null;
      description: string | null;
      doc_md: string | null;
      end_date: string | null;
      file_token: string;
      fileloc: string;
      has_import_errors: boolean;
      has_task_concurrency_limits: boolean;
      is_backfillable: boolean;
      is_favorite: boolean;
      is_paused: boolean;
      is_paused_upon_creation: boolean | null;
      is_stale: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      last_expired: string | null;
      last_parse_duration: number | null;
      last_parsed: string | null;
      last_parsed_time: string | null;
      latest_dag_version: components['schemas']['DagVersionResponseInput'] | null;
      max_active_runs: number | null;
      max_active_tasks: number;
      max_consecutive_failed_dag_runs: number;
      next_dagrun_data_interval_end: string | null;
      next_dagrun_data_interval_start: string | null;
      next_dagrun_logical_date: string | null;
      next_dagrun_run_after: string | null;
      owner_links: {
        [key: string]: string;
      };
      owners: string[];
      params: {
        [key: string]: {
          description: string | null;
          schema: {
            [key: string]: unknown;
          };
          source: string | null;
          value: unknown;
        };
      } | null;
      params_schema: {
        [key: string]: unknown;
      } | null;
      relative_fileloc: string | null;
      render_template_as_native_obj: boolean;
      rerun_with_latest_version: boolean | null;
      start_date: string | null;
      tags: components['schemas']['DagTagResponseInput'][];
      template_search_path: string[] | null;
      timetable_description: string | null;
      timetable_partitioned: boolean;
      timetable_periodic: boolean;
      timetable_summary: string | null;
      timezone: string | null;
    };
    DAGPatchBody: {
      is_paused: boolean;
    };
    DAGPatchBodyInput: {
      is_paused: boolean;
    };
    DAGResponse: {
      allowed_run_types: string[] | null;
      bundle_name: string | null;
      bundle_version: string | null;
      dag_display_name: string;
      dag_id: string;
      description: string | null;
      file_token: string;
      fileloc: string;
      has_import_errors: boolean;
      has_task_concurrency_limits: boolean;
      is_backfillable: boolean;
      is_paused: boolean;
      is_stale: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      last_expired: string | null;
      last_parse_duration: number | null;
      last_parsed_time: string | null;
      max_active_runs: number | null;
      max_active_tasks: number;
      max_consecutive_failed_dag_runs: number;
      next_dagrun_data_interval_end: string | null;
      next_dagrun_data_interval_start: string | null;
      next_dagrun_logical_date: string | null;
      next_dagrun_run_after: string | null;
      owners: string[];
      relative_fileloc: string | null;
      tags: components['schemas']['DagTagResponse'][];
      timetable_description: string | null;
      timetable_partitioned: boolean;
      timetable_periodic: boolean;
      timetable_summary: string | null;
    };
    DAGResponseInput: {
      allowed_run_types: string[] | null;
      bundle_name: string | null;
      bundle_version: string | null;
      dag_display_name: string;
      dag_id: string;
      description: string | null;
      file_token: string;
      fileloc: string;
      has_import_errors: boolean;
      has_task_concurrency_limits: boolean;
      is_backfillable: boolean;
      is_paused: boolean;
      is_stale: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      last_expired: string | null;
      last_parse_duration: number | null;
      last_parsed_time: string | null;
      max_active_runs: number | null;
      max_active_tasks: number;
      max_consecutive_failed_dag_runs: number;
      next_dagrun_data_interval_end: string | null;
      next_dagrun_data_interval_start: string | null;
      next_dagrun_logical_date: string | null;
      next_dagrun_run_after: string | null;
      owners: string[];
      relative_fileloc: string | null;
      tags: components['schemas']['DagTagResponseInput'][];
      timetable_description: string | null;
      timetable_partitioned: boolean;
      timetable_periodic: boolean;
      timetable_summary: string | null;
    };
    DAGRunBulkUpdate: {
      dag_run_id: string;
      note?: string | null;
      state?: ('queued' | 'success' | 'failed') | null;
    };
    DAGRunBulkUpdateInput: {
      dag_run_id: string;
      note?: string | null;
      state?: ('queued' | 'success' | 'failed') | null;
    };
    DAGRunClearBody: {
      /** @default true */
      dry_run: boolean;
      note?: string | null;
      /** @default false */
      only_failed: boolean;
      /** @default false */
      only_new: boolean;
      run_on_latest_version?: boolean | null;
    };
    DAGRunClearBodyInput: {
      /** @default true */
      dry_run?: boolean;
      note?: string | null;
      /** @default false */
      only_failed?: boolean;
      /** @default false */
      only_new?: boolean;
      run_on_latest_version?: boolean | null;
    };
    DAGRunCollectionResponse: {
      dag_runs: components['schemas']['DAGRunResponse'][];
      next_cursor: string | null;
      previous_cursor: string | null;
      total_entries: number;
      total_entries_limit: number | null;
    };
    DAGRunCollectionResponseInput: {
      dag_runs: components['schemas']['DAGRunResponseInput'][];
      next_cursor: string | null;
      previous_cursor: string | null;
      total_entries: number;
      total_entries_limit: number | null;
    };
    DAGRunPatchBody: {
      note?: string | null;
      state?: ('queued' | 'success' | 'failed') | null;
    };
    DAGRunPatchBodyInput: {
      note?: string | null;
      state?: ('queued' | 'success' | 'failed') | null;
    };
    DAGRunResponse: {
      bundle_version: string | null;
      conf: {
        [key: string]: unknown;
      } | null;
      dag_display_name: string;
      dag_id: string;
      dag_run_id: string;
      dag_versions: components['schemas']['DagVersionResponse'][];
      data_interval_end: string | null;
      data_interval_start: string | null;
      duration: number | null;
      end_date: string | null;
      last_scheduling_decision: string | null;
      logical_date: string | null;
      note: string | null;
      partition_date: string | null;
      partition_key: string | null;
      queued_at: string | null;
      run_after: string;
      /** @enum {string} */
      run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      start_date: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
      triggered_by: string | null;
      triggering_user_name: string | null;
    };
    DAGRunResponseInput: {
      bundle_version: string | null;
      conf: {
        [key: string]: unknown;
      } | null;
      dag_display_name: string;
      dag_id: string;
      dag_run_id: string;
      dag_versions: components['schemas']['DagVersionResponseInput'][];
      data_interval_end: string | null;
      data_interval_start: string | null;
      duration: number | null;
      end_date: string | null;
      last_scheduling_decision: string | null;
      logical_date: string | null;
      note: string | null;
      partition_date: string | null;
      partition_key: string | null;
      queued_at: string | null;
      run_after: string;
      /** @enum {string} */
      run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      start_date: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
      triggered_by: string | null;
      triggering_user_name: string | null;
    };
    DAGRunsBatchBody: {
      conf_contains?: string | null;
      dag_ids?: string[] | null;
      end_date_gte?: unknown | null;
      end_date_lte?: unknown | null;
      logical_date_gte?: unknown | null;
      logical_date_lte?: unknown | null;
      order_by?: string | null;
      /** @default 50 */
      page_limit: number;
      /** @default 0 */
      page_offset: number;
      run_after_gte?: unknown | null;
      run_after_lte?: unknown | null;
      start_date_gte?: unknown | null;
      start_date_lte?: unknown | null;
      states?: (('queued' | 'running' | 'success' | 'failed' | 'cancelled') | null)[] | null;
    };
    DAGRunsBatchBodyInput: {
      conf_contains?: string | null;
      dag_ids?: string[] | null;
      end_date_gte?: string | null;
      end_date_lte?: string | null;
      logical_date_gte?: string | null;
      logical_date_lte?: string | null;
      order_by?: string | null;
      /** @default 50 */
      page_limit?: number;
      /** @default 0 */
      page_offset?: number;
      run_after_gte?: string | null;
      run_after_lte?: string | null;
      start_date_gte?: string | null;
      start_date_lte?: string | null;
      states?: (('queued' | 'running' | 'success' | 'failed' | 'cancelled') | null)[] | null;
    };
    DAGRunWaitResponse: {
      results?: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
    };
    DAGRunWaitResponseInput: {
      results?: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
    };
    DAGSourceResponse: {
      content: string | null;
      dag_display_name: string;
      dag_id: string;
      version_number: number | null;
    };
    DAGSourceResponseInput: {
      content: string | null;
      dag_display_name: string;
      dag_id: string;
      version_number: number | null;
    };
    DagStatsResponse: {
      dags: {
        dag_display_name: string;
        dag_id: string;
        stats: {
          count: number;
          /** @enum {string} */
          state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
        }[];
      }[];
      total_entries: number;
    };
    DagStatsResponseInput: {
      dags: {
        dag_display_name: string;
        dag_id: string;
        stats: {
          count: number;
          /** @enum {string} */
          state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
        }[];
      }[];
      total_entries: number;
    };
    DagTagResponse: {
      dag_display_name: string;
      dag_id: string;
      name: string;
    };
    DagTagResponseInput: {
      dag_display_name: string;
      dag_id: string;
      name: string;
    };
    DagTagsResponse: {
      tags: string[];
      total_entries: number;
    };
    DagTagsResponseInput: {
      tags: string[];
      total_entries: number;
    };
    DAGVersionCollectionResponse: {
      dag_versions: components['schemas']['DagVersionResponse'][];
      total_entries: number;
    };
    DAGVersionCollectionResponseInput: {
      dag_versions: components['schemas']['DagVersionResponseInput'][];
      total_entries: number;
    };
    DagVersionResponse: {
      bundle_name: string | null;
      bundle_url: string | null;
      bundle_version: string | null;
      created_at: string;
      dag_display_name: string;
      dag_id: string;
      id: string;
      version_number: number;
    };
    DagVersionResponseInput: {
      bundle_name: string | null;
      bundle_url: string | null;
      bundle_version: string | null;
      created_at: string;
      dag_display_name: string;
      dag_id: string;
      id: string;
      version_number: number;
    };
    DryRunBackfillCollectionResponse: {
      backfills: {
        logical_date: string | null;
        partition_date: string | null;
        partition_key: string | null;
      }[];
      total_entries: number;
    };
    DryRunBackfillCollectionResponseInput: {
      backfills: {
        logical_date: string | null;
        partition_date: string | null;
        partition_key: string | null;
      }[];
      total_entries: number;
    };
    ExtraLinkCollectionResponse: {
      extra_links: {
        [key: string]: string | null;
      };
      total_entries: number;
    };
    ExtraLinkCollectionResponseInput: {
      extra_links: {
        [key: string]: string | null;
      };
      total_entries: number;
    };
    Failure: {
      fix: string | null;
      lacks: {
        /** @enum {string} */
        kind: 'connection' | 'variable';
        name: string;
      } | null;
      message: string;
      place: string | null;
      stack: string | null;
      type: string;
    };
    FailureInput: {
      fix: string | null;
      lacks: {
        /** @enum {string} */
        kind: 'connection' | 'variable';
        name: string;
      } | null;
      message: string;
      place: string | null;
      stack: string | null;
      type: string;
    };
    Graph: {
      dag_id: string;
      dag_run_id: string | null;
      edges: {
        is_setup_teardown: boolean;
        source: string;
        target: string;
      }[];
      nodes: components['schemas']['GraphNode'][];
      version: number;
    };
    GraphInput: {
      dag_id: string;
      dag_run_id: string | null;
      edges: {
        is_setup_teardown: boolean;
        source: string;
        target: string;
      }[];
      nodes: components['schemas']['GraphNodeInput'][];
      version: number;
    };
    GraphNode: {
      counts: components['schemas']['StateCounts'] | null;
      doc: string | null;
      duration: number | null;
      fact: string | null;
      id: string;
      instances: number | null;
      is_mapped: boolean;
      /** @enum {string} */
      kind: 'task' | 'group';
      label: string;
      max_tries: number;
      parent: string | null;
      role: ('setup' | 'teardown') | null;
      start_date: string | null;
      state:
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
      trigger_rule: string | null;
      try_number: number;
    };
    GraphNodeInput: {
      counts: components['schemas']['StateCountsInput'] | null;
      doc: string | null;
      duration: number | null;
      fact: string | null;
      id: string;
      instances: number | null;
      is_mapped: boolean;
      /** @enum {string} */
      kind: 'task' | 'group';
      label: string;
      max_tries: number;
      parent: string | null;
      role: ('setup' | 'teardown') | null;
      start_date: string | null;
      state:
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
      trigger_rule: string | null;
      try_number: number;
    };
    Grid: {
      as_of: string;
      columns: {
        attempts: {
          [key: string]: number;
        };
        durations: (number | null)[];
        mapped: {
          [key: string]: components['schemas']['StateCounts'];
        };
        states: string;
      }[];
      dag_id: string;
      has_earlier: boolean;
      rows: components['schemas']['GridRow'][];
      runs: {
        dag_run_id: string;
        duration: number | null;
        end_date: string | null;
        logical_date: string | null;
        run_after: string;
        /** @enum {string} */
        run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
        start_date: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
        version: number;
      }[];
      states: {
        [key: string]: string;
      };
      usual: components['schemas']['Usual'];
    };
    GridInput: {
      as_of: string;
      columns: {
        attempts: {
          [key: string]: number;
        };
        durations: (number | null)[];
        mapped: {
          [key: string]: components['schemas']['StateCountsInput'];
        };
        states: string;
      }[];
      dag_id: string;
      has_earlier: boolean;
      rows: components['schemas']['GridRowInput'][];
      runs: {
        dag_run_id: string;
        duration: number | null;
        end_date: string | null;
        logical_date: string | null;
        run_after: string;
        /** @enum {string} */
        run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
        start_date: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
        version: number;
      }[];
      states: {
        [key: string]: string;
      };
      usual: components['schemas']['UsualInput'];
    };
    GridRow: {
      depth: number;
      id: string;
      is_mapped: boolean;
      /** @enum {string} */
      kind: 'task' | 'group';
      label: string;
      parent: string | null;
      role: ('setup' | 'teardown') | null;
      tasks: number;
      usual: components['schemas']['Usual'];
    };
    GridRowInput: {
      depth: number;
      id: string;
      is_mapped: boolean;
      /** @enum {string} */
      kind: 'task' | 'group';
      label: string;
      parent: string | null;
      role: ('setup' | 'teardown') | null;
      tasks: number;
      usual: components['schemas']['UsualInput'];
    };
    HealthInfoResponse: {
      dag_processor: {
        latest_dag_processor_heartbeat: string | null;
        status: ('healthy' | 'unhealthy') | null;
      };
      metadatabase: {
        status: ('healthy' | 'unhealthy') | null;
      };
      scheduler: {
        latest_scheduler_heartbeat: string | null;
        status: ('healthy' | 'unhealthy') | null;
      };
      triggerer: {
        latest_triggerer_heartbeat: string | null;
        status: ('healthy' | 'unhealthy') | null;
      };
    };
    HealthInfoResponseInput: {
      dag_processor: {
        latest_dag_processor_heartbeat: string | null;
        status: ('healthy' | 'unhealthy') | null;
      };
      metadatabase: {
        status: ('healthy' | 'unhealthy') | null;
      };
      scheduler: {
        latest_scheduler_heartbeat: string | null;
        status: ('healthy' | 'unhealthy') | null;
      };
      triggerer: {
        latest_triggerer_heartbeat: string | null;
        status: ('healthy' | 'unhealthy') | null;
      };
    };
    ImportErrorCollectionResponse: {
      import_errors: components['schemas']['ImportErrorResponse'][];
      total_entries: number;
    };
    ImportErrorCollectionResponseInput: {
      import_errors: components['schemas']['ImportErrorResponseInput'][];
      total_entries: number;
    };
    ImportErrorResponse: {
      bundle_name: string | null;
      filename: string;
      import_error_id: number;
      stack_trace: string;
      timestamp: string;
    };
    ImportErrorResponseInput: {
      bundle_name: string | null;
      filename: string;
      import_error_id: number;
      stack_trace: string;
      timestamp: string;
    };
    LiveEvent: {
      at: string;
      dag_id: string | null;
      dag_run_id: string | null;
      id: number;
      /** @enum {string} */
      kind: 'task' | 'run' | 'backfill' | 'workflow' | 'file' | 'other' | 'reset';
      map_index: number | null;
      state: string | null;
      task_id: string | null;
      try_number: number | null;
    };
    LiveEventInput: {
      at: string;
      dag_id: string | null;
      dag_run_id: string | null;
      id: number;
      /** @enum {string} */
      kind: 'task' | 'run' | 'backfill' | 'workflow' | 'file' | 'other' | 'reset';
      map_index: number | null;
      state: string | null;
      task_id: string | null;
      try_number: number | null;
    };
    LiveEvents: components['schemas']['LiveEvent'][];
    LiveEventsInput: components['schemas']['LiveEventInput'][];
    LogLines: {
      attempts: {
        end_date: string | null;
        first: number;
        last: number;
        outcome: string;
        start_date: string;
        try_number: number;
        worker: string | null;
      }[];
      counts: {
        debug: number;
        error: number;
        info: number;
        warn: number;
      };
      first_error: number | null;
      is_live: boolean;
      lines: {
        at: string;
        /** @enum {string} */
        level: 'debug' | 'info' | 'warn' | 'error';
        map_index: number;
        n: number;
        /** @enum {string} */
        source: 'task' | 'stdout' | 'stderr' | 'system';
        task_id: string;
        text: string;
        try_number: number;
      }[];
      total: number;
    };
    LogLinesInput: {
      attempts: {
        end_date: string | null;
        first: number;
        last: number;
        outcome: string;
        start_date: string;
        try_number: number;
        worker: string | null;
      }[];
      counts: {
        debug: number;
        error: number;
        info: number;
        warn: number;
      };
      first_error: number | null;
      is_live: boolean;
      lines: {
        at: string;
        /** @enum {string} */
        level: 'debug' | 'info' | 'warn' | 'error';
        map_index: number;
        n: number;
        /** @enum {string} */
        source: 'task' | 'stdout' | 'stderr' | 'system';
        task_id: string;
        text: string;
        try_number: number;
      }[];
      total: number;
    };
    NewToken: {
      created_at: string;
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'user' | 'op' | 'admin';
      token: string;
    };
    NewTokenInput: {
      created_at: string;
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'user' | 'op' | 'admin';
      token: string;
    };
    PatchTaskInstanceBody: {
      /** @default false */
      include_downstream: boolean;
      /** @default false */
      include_future: boolean;
      /** @default false */
      include_past: boolean;
      /** @default false */
      include_upstream: boolean;
      new_state?: ('success' | 'failed' | 'skipped') | null;
      note?: string | null;
    };
    PatchTaskInstanceBodyInput: {
      /** @default false */
      include_downstream?: boolean;
      /** @default false */
      include_future?: boolean;
      /** @default false */
      include_past?: boolean;
      /** @default false */
      include_upstream?: boolean;
      new_state?: ('success' | 'failed' | 'skipped') | null;
      note?: string | null;
    };
    PoolBody: {
      description?: string | null;
      /** @default false */
      include_deferred: boolean;
      name: string;
      slots: number;
      team_name?: null;
    };
    PoolBodyInput: {
      description?: string | null;
      /** @default false */
      include_deferred?: boolean;
      name: string;
      slots: number;
      team_name?: null;
    };
    PoolCollectionResponse: {
      pools: components['schemas']['PoolResponse'][];
      total_entries: number;
    };
    PoolCollectionResponseInput: {
      pools: components['schemas']['PoolResponseInput'][];
      total_entries: number;
    };
    PoolPatchBody: {
      description?: string | null;
      include_deferred?: boolean | null;
      name?: string | null;
      pool?: string | null;
      slots?: number | null;
      team_name?: null;
    };
    PoolPatchBodyInput: {
      description?: string | null;
      include_deferred?: boolean | null;
      name?: string | null;
      pool?: string | null;
      slots?: number | null;
      team_name?: null;
    };
    PoolResponse: {
      deferred_slots: number;
      description: string | null;
      include_deferred: boolean;
      name: string;
      occupied_slots: number;
      open_slots: number;
      queued_slots: number;
      running_slots: number;
      scheduled_slots: number;
      slots: number;
      team_name: null;
    };
    PoolResponseInput: {
      deferred_slots: number;
      description: string | null;
      include_deferred: boolean;
      name: string;
      occupied_slots: number;
      open_slots: number;
      queued_slots: number;
      running_slots: number;
      scheduled_slots: number;
      slots: number;
      team_name: null;
    };
    Remedy: {
      command: string | null;
      dag_id: string | null;
      dag_run_id: string | null;
      /** @enum {string} */
      kind:
        | 'show_instance'
        | 'mark_success'
        | 'mark_failed'
        | 'clear'
        | 'clear_failed'
        | 'unpause'
        | 'cancel_run'
        | 'raise_pool'
        | 'raise_limit'
        | 'see_holders'
        | 'start_workers'
        | 'resume'
        | 'wait';
      label: string;
      map_index: number | null;
      pool: {
        name: string;
        slots: number;
      } | null;
      task_id: string | null;
    };
    RemedyInput: {
      command: string | null;
      dag_id: string | null;
      dag_run_id: string | null;
      /** @enum {string} */
      kind:
        | 'show_instance'
        | 'mark_success'
        | 'mark_failed'
        | 'clear'
        | 'clear_failed'
        | 'unpause'
        | 'cancel_run'
        | 'raise_pool'
        | 'raise_limit'
        | 'see_holders'
        | 'start_workers'
        | 'resume'
        | 'wait';
      label: string;
      map_index: number | null;
      pool: {
        name: string;
        slots: number;
      } | null;
      task_id: string | null;
    };
    RunHead: {
      backfill_id: number | null;
      bundle: string;
      conf: {
        [key: string]: unknown;
      };
      counts: components['schemas']['StateCounts'];
      dag_id: string;
      dag_run_id: string;
      data_interval_end: string | null;
      data_interval_start: string | null;
      duration: number | null;
      end_date: string | null;
      error: components['schemas']['Failure'] | null;
      expected_end: string | null;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      logical_date: string | null;
      note: string | null;
      queued_at: string;
      reason: string | null;
      run_after: string;
      /** @enum {string} */
      run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      start_date: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
      triggered_by: string;
      usual: components['schemas']['Usual'];
      version: number;
    };
    RunHeadInput: {
      backfill_id: number | null;
      bundle: string;
      conf: {
        [key: string]: unknown;
      };
      counts: components['schemas']['StateCountsInput'];
      dag_id: string;
      dag_run_id: string;
      data_interval_end: string | null;
      data_interval_start: string | null;
      duration: number | null;
      end_date: string | null;
      error: components['schemas']['FailureInput'] | null;
      expected_end: string | null;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      logical_date: string | null;
      note: string | null;
      queued_at: string;
      reason: string | null;
      run_after: string;
      /** @enum {string} */
      run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      start_date: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
      triggered_by: string;
      usual: components['schemas']['UsualInput'];
      version: number;
    };
    RunSummary: {
      dag_run_id: string;
      duration: number | null;
      end_date: string | null;
      logical_date: string | null;
      run_after: string;
      /** @enum {string} */
      run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      start_date: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
    };
    RunSummaryInput: {
      dag_run_id: string;
      duration: number | null;
      end_date: string | null;
      logical_date: string | null;
      run_after: string;
      /** @enum {string} */
      run_type: 'scheduled' | 'manual' | 'backfill' | 'asset_triggered' | 'asset_materialization';
      start_date: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
    };
    Schedule: {
      expression: string | null;
      text: string | null;
      timezone: string;
    };
    ScheduleInput: {
      expression: string | null;
      text: string | null;
      timezone: string;
    };
    SearchResults: {
      items: {
        dag_id: string;
        dag_run_id: string | null;
        /** @enum {string} */
        kind: 'workflow' | 'run' | 'task';
        state:
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
        subtitle: string;
        task_id: string | null;
        title: string;
        /** @enum {string} */
        workflow_kind: 'dag' | 'flow';
      }[];
    };
    SearchResultsInput: {
      items: {
        dag_id: string;
        dag_run_id: string | null;
        /** @enum {string} */
        kind: 'workflow' | 'run' | 'task';
        state:
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
        subtitle: string;
        task_id: string | null;
        title: string;
        /** @enum {string} */
        workflow_kind: 'dag' | 'flow';
      }[];
    };
    Session: {
      name: string | null;
      role: ('viewer' | 'user' | 'op' | 'admin') | null;
      signed_in: boolean;
    };
    SessionInput: {
      name: string | null;
      role: ('viewer' | 'user' | 'op' | 'admin') | null;
      signed_in: boolean;
    };
    StateCounts: {
      [key: string]: number;
    };
    StateCountsInput: {
      [key: string]: number;
    };
    TaskCollectionResponse: {
      tasks: components['schemas']['TaskResponse'][];
      total_entries: number;
    };
    TaskCollectionResponseInput: {
      tasks: components['schemas']['TaskResponseInput'][];
      total_entries: number;
    };
    TaskDependencyCollectionResponse: {
      dependencies: {
        name: string;
        reason: string;
      }[];
    };
    TaskDependencyCollectionResponseInput: {
      dependencies: {
        name: string;
        reason: string;
      }[];
    };
    TaskInstanceCollectionResponse: {
      next_cursor: string | null;
      previous_cursor: string | null;
      task_instances: components['schemas']['TaskInstanceResponse'][];
      total_entries: number;
      total_entries_limit: number | null;
    };
    TaskInstanceCollectionResponseInput: {
      next_cursor: string | null;
      previous_cursor: string | null;
      task_instances: components['schemas']['TaskInstanceResponseInput'][];
      total_entries: number;
      total_entries_limit: number | null;
    };
    TaskInstanceHistoryCollectionResponse: {
      task_instances: components['schemas']['TaskInstanceHistoryResponse'][];
      total_entries: number;
    };
    TaskInstanceHistoryCollectionResponseInput: {
      task_instances: components['schemas']['TaskInstanceHistoryResponseInput'][];
      total_entries: number;
    };
    TaskInstanceHistoryResponse: {
      dag_display_name: string;
      dag_id: string;
      dag_run_id: string;
      dag_version: components['schemas']['DagVersionResponse'] | null;
      duration: number | null;
      end_date: string | null;
      executor: string | null;
      executor_config: string;
      hostname: string | null;
      map_index: number;
      max_tries: number;
      operator: string | null;
      operator_name: string | null;
      pid: number | null;
      pool: string;
      pool_slots: number;
      priority_weight: number | null;
      queue: string | null;
      queued_when: string | null;
      scheduled_when: string | null;
      start_date: string | null;
      state:
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
      task_display_name: string;
      task_id: string;
      try_number: number;
      unixname: string | null;
    };
    TaskInstanceHistoryResponseInput: {
      dag_display_name: string;
      dag_id: string;
      dag_run_id: string;
      dag_version: components['schemas']['DagVersionResponseInput'] | null;
      duration: number | null;
      end_date: string | null;
      executor: string | null;
      executor_config: string;
      hostname: string | null;
      map_index: number;
      max_tries: number;
      operator: string | null;
      operator_name: string | null;
      pid: number | null;
      pool: string;
      pool_slots: number;
      priority_weight: number | null;
      queue: string | null;
      queued_when: string | null;
      scheduled_when: string | null;
      start_date: string | null;
      state:
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
      task_display_name: string;
      task_id: string;
      try_number: number;
      unixname: string | null;
    };
    TaskInstanceResponse: {
      dag_display_name: string;
      dag_id: string;
      dag_run_id: string;
      dag_version: components['schemas']['DagVersionResponse'] | null;
      duration: number | null;
      end_date: string | null;
      executor: string | null;
      executor_config: string;
      hostname: string | null;
      id: string;
      logical_date: string | null;
      map_index: number;
      max_tries: number;
      note: string | null;
      operator: string | null;
      operator_name: string | null;
      pid: number | null;
      pool: string;
      pool_slots: number;
      priority_weight: number | null;
      queue: string | null;
      queued_when: string | null;
      rendered_fields: {
        [key: string]: unknown;
      };
      rendered_map_index: string | null;
      run_after: string;
      scheduled_when: string | null;
      start_date: string | null;
      state:
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
      task_display_name: string;
      task_id: string;
      trigger: {
        [key: string]: unknown;
      } | null;
      triggerer_job: {
        [key: string]: unknown;
      } | null;
      try_number: number;
      unixname: string | null;
    };
    TaskInstanceResponseInput: {
      dag_display_name: string;
      dag_id: string;
      dag_run_id: string;
      dag_version: components['schemas']['DagVersionResponseInput'] | null;
      duration: number | null;
      end_date: string | null;
      executor: string | null;
      executor_config: string;
      hostname: string | null;
      id: string;
      logical_date: string | null;
      map_index: number;
      max_tries: number;
      note: string | null;
      operator: string | null;
      operator_name: string | null;
      pid: number | null;
      pool: string;
      pool_slots: number;
      priority_weight: number | null;
      queue: string | null;
      queued_when: string | null;
      rendered_fields: {
        [key: string]: unknown;
      };
      rendered_map_index: string | null;
      run_after: string;
      scheduled_when: string | null;
      start_date: string | null;
      state:
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
      task_display_name: string;
      task_id: string;
      trigger: {
        [key: string]: unknown;
      } | null;
      triggerer_job: {
        [key: string]: unknown;
      } | null;
      try_number: number;
      unixname: string | null;
    };
    TaskInstancesBatchBody: {
      dag_ids?: string[] | null;
      dag_run_ids?: string[] | null;
      duration_gte?: number | null;
      duration_lte?: number | null;
      end_date_gte?: unknown | null;
      end_date_lte?: unknown | null;
      executor?: string[] | null;
      order_by?: string | null;
      /** @default 50 */
      page_limit: number;
      /** @default 0 */
      page_offset: number;
      pool?: string[] | null;
      queue?: string[] | null;
      start_date_gte?: unknown | null;
      start_date_lte?: unknown | null;
      state?:
        | (
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
            | null
          )[]
        | null;
      task_ids?: string[] | null;
    };
    TaskInstancesBatchBodyInput: {
      dag_ids?: string[] | null;
      dag_run_ids?: string[] | null;
      duration_gte?: number | null;
      duration_lte?: number | null;
      end_date_gte?: string | null;
      end_date_lte?: string | null;
      executor?: string[] | null;
      order_by?: string | null;
      /** @default 50 */
      page_limit?: number;
      /** @default 0 */
      page_offset?: number;
      pool?: string[] | null;
      queue?: string[] | null;
      start_date_gte?: string | null;
      start_date_lte?: string | null;
      state?:
        | (
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
            | null
          )[]
        | null;
      task_ids?: string[] | null;
    };
    TaskInstancesLogResponse: {
      content: {
        event: string;
        level: string;
        logger: string;
        timestamp: string | null;
      }[];
      continuation_token: string | null;
    };
    TaskInstancesLogResponseInput: {
      content: {
        event: string;
        level: string;
        logger: string;
        timestamp: string | null;
      }[];
      continuation_token: string | null;
    };
    TaskResponse: {
      class_ref: {
        [key: string]: unknown;
      } | null;
      depends_on_past: boolean;
      doc_md: string | null;
      downstream_task_ids: string[];
      end_date: string | null;
      execution_timeout: components['schemas']['TimeDelta'] | null;
      extra_links: string[];
      is_mapped: boolean;
      operator_name: string | null;
      owner: string;
      params: {
        [key: string]: unknown;
      };
      pool: string;
      pool_slots: number;
      priority_weight: number;
      queue: string;
      retries: number;
      retry_delay: components['schemas']['TimeDelta'] | null;
      retry_exponential_backoff: number;
      start_date: string | null;
      task_display_name: string;
      task_id: string;
      template_fields: string[] | null;
      trigger_rule: string;
      ui_color: string | null;
      ui_fgcolor: string | null;
      wait_for_downstream: boolean;
      weight_rule: string;
    };
    TaskResponseInput: {
      class_ref: {
        [key: string]: unknown;
      } | null;
      depends_on_past: boolean;
      doc_md: string | null;
      downstream_task_ids: string[];
      end_date: string | null;
      execution_timeout: components['schemas']['TimeDeltaInput'] | null;
      extra_links: string[];
      is_mapped: boolean;
      operator_name: string | null;
      owner: string;
      params: {
        [key: string]: unknown;
      };
      pool: string;
      pool_slots: number;
      priority_weight: number;
      queue: string;
      retries: number;
      retry_delay: components['schemas']['TimeDeltaInput'] | null;
      retry_exponential_backoff: number;
      start_date: string | null;
      task_display_name: string;
      task_id: string;
      template_fields: string[] | null;
      trigger_rule: string;
      ui_color: string | null;
      ui_fgcolor: string | null;
      wait_for_downstream: boolean;
      weight_rule: string;
    };
    TimeDelta: {
      /** @constant */
      __type: 'TimeDelta';
      days: number;
      microseconds: number;
      seconds: number;
    };
    TimeDeltaInput: {
      /** @constant */
      __type: 'TimeDelta';
      days: number;
      microseconds: number;
      seconds: number;
    };
    Timeline: {
      as_of: string;
      gaps: {
        from: string;
        reason: string;
        to: string;
      }[];
      rows: components['schemas']['TimelineRow'][];
      run: components['schemas']['RunHead'];
      total_entries: number;
    };
    TimelineAttempt: {
      end_date: string | null;
      error: components['schemas']['Failure'] | null;
      /** @enum {string} */
      outcome: 'running' | 'success' | 'failed' | 'skipped' | 'rescheduled' | 'deferred' | 'cancelled' | 'lost';
      reason: string | null;
      start_date: string;
      try_number: number;
      worker: string | null;
    };
    TimelineAttemptInput: {
      end_date: string | null;
      error: components['schemas']['FailureInput'] | null;
      /** @enum {string} */
      outcome: 'running' | 'success' | 'failed' | 'skipped' | 'rescheduled' | 'deferred' | 'cancelled' | 'lost';
      reason: string | null;
      start_date: string;
      try_number: number;
      worker: string | null;
    };
    TimelineInput: {
      as_of: string;
      gaps: {
        from: string;
        reason: string;
        to: string;
      }[];
      rows: components['schemas']['TimelineRowInput'][];
      run: components['schemas']['RunHeadInput'];
      total_entries: number;
    };
    TimelineRow: {
      attempts: components['schemas']['TimelineAttempt'][];
      counts: components['schemas']['StateCounts'] | null;
      duration: number | null;
      end_date: string | null;
      expected: {
        end: string;
        start: string;
      } | null;
      groups: string[];
      /** @description What the task calls this mapped instance. */
      instance_name: string | null;
      is_cached: boolean;
      is_critical: boolean;
      /** @enum {string} */
      kind: 'task' | 'mapped' | 'step' | 'child_flow';
      label: string;
      map_index: number;
      max_tries: number;
      next_try: string | null;
      progress: {
        done: number;
        total: number | null;
      } | null;
      queued_at: string | null;
      start_date: string | null;
      state:
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
      task_id: string;
      usual: components['schemas']['Usual'];
    };
    TimelineRowInput: {
      attempts: components['schemas']['TimelineAttemptInput'][];
      counts: components['schemas']['StateCountsInput'] | null;
      duration: number | null;
      end_date: string | null;
      expected: {
        end: string;
        start: string;
      } | null;
      groups: string[];
      /** @description What the task calls this mapped instance. */
      instance_name: string | null;
      is_cached: boolean;
      is_critical: boolean;
      /** @enum {string} */
      kind: 'task' | 'mapped' | 'step' | 'child_flow';
      label: string;
      map_index: number;
      max_tries: number;
      next_try: string | null;
      progress: {
        done: number;
        total: number | null;
      } | null;
      queued_at: string | null;
      start_date: string | null;
      state:
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
      task_id: string;
      usual: components['schemas']['UsualInput'];
    };
    Token: {
      created_at: string;
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'user' | 'op' | 'admin';
    };
    TokenBody: {
      name: string;
      /**
       * @default user
       * @enum {string}
       */
      role: 'viewer' | 'user' | 'op' | 'admin';
    };
    TokenBodyInput: {
      name: string;
      /**
       * @default user
       * @enum {string}
       */
      role?: 'viewer' | 'user' | 'op' | 'admin';
    };
    TokenCollection: {
      tokens: components['schemas']['Token'][];
      total_entries: number;
    };
    TokenCollectionInput: {
      tokens: components['schemas']['TokenInput'][];
      total_entries: number;
    };
    TokenInput: {
      created_at: string;
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'user' | 'op' | 'admin';
    };
    TriggerDAGRunPostBody: {
      conf?: {
        [key: string]: unknown;
      } | null;
      dag_run_id?: string | null;
      data_interval_end?: string | null;
      data_interval_start?: string | null;
      logical_date: string | null;
      note?: string | null;
      partition_key?: string | null;
      run_after?: string | null;
    };
    TriggerDAGRunPostBodyInput: {
      conf?: {
        [key: string]: unknown;
      } | null;
      dag_run_id?: string | null;
      data_interval_end?: string | null;
      data_interval_start?: string | null;
      logical_date: string | null;
      note?: string | null;
      partition_key?: string | null;
      run_after?: string | null;
    };
    Usual: {
      count: number;
      median: number;
      p10: number;
      p90: number;
    } | null;
    UsualInput: {
      count: number;
      median: number;
      p10: number;
      p90: number;
    } | null;
    VariableBody: {
      description?: string | null;
      key: string;
      team_name?: null;
      value: components['schemas']['__shared'];
    };
    VariableBodyInput: {
      description?: string | null;
      key: string;
      team_name?: null;
      value: components['schemas']['__shared'];
    };
    VariableCollectionResponse: {
      total_entries: number;
      variables: components['schemas']['VariableResponse'][];
    };
    VariableCollectionResponseInput: {
      total_entries: number;
      variables: components['schemas']['VariableResponseInput'][];
    };
    VariableResponse: {
      description: string | null;
      is_encrypted: boolean;
      key: string;
      team_name: null;
      value: string;
    };
    VariableResponseInput: {
      description: string | null;
      is_encrypted: boolean;
      key: string;
      team_name: null;
      value: string;
    };
    VersionInfo: {
      git_version: string | null;
      version: string;
    };
    VersionInfoInput: {
      git_version: string | null;
      version: string;
    };
    Waiting: {
      dag_run_id: string;
      instances: number;
      map_index: number | null;
      passing: string[];
      reasons: components['schemas']['WhyReason'][];
      state:
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
      task_id: string | null;
    };
    WaitingInput: {
      dag_run_id: string;
      instances: number;
      map_index: number | null;
      passing: string[];
      reasons: components['schemas']['WhyReasonInput'][];
      state:
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
      task_id: string | null;
    };
    Why: {
      as_of: string;
      total: number;
      waiting: components['schemas']['Waiting'][];
    };
    WhyInput: {
      as_of: string;
      total: number;
      waiting: components['schemas']['WaitingInput'][];
    };
    WhyReason: {
      ahead: number | null;
      fact: string;
      holders: {
        dag_id: string;
        dag_run_id: string | null;
        slots: number;
        task_id: string | null;
      }[];
      /** @enum {string} */
      kind:
        | 'upstream'
        | 'trigger_rule'
        | 'pool'
        | 'limit'
        | 'active_runs'
        | 'backfill_limit'
        | 'paused'
        | 'not_due'
        | 'retry_wait'
        | 'reschedule_wait'
        | 'deferred'
        | 'approval'
        | 'queued'
        | 'no_worker'
        | 'not_loaded'
        | 'run_ended'
        | 'finished';
      limit: number | null;
      needs: string | null;
      remedies: components['schemas']['Remedy'][];
      since: string | null;
      until: string | null;
      used: number | null;
    };
    WhyReasonInput: {
      ahead: number | null;
      fact: string;
      holders: {
        dag_id: string;
        dag_run_id: string | null;
        slots: number;
        task_id: string | null;
      }[];
      /** @enum {string} */
      kind:
        | 'upstream'
        | 'trigger_rule'
        | 'pool'
        | 'limit'
        | 'active_runs'
        | 'backfill_limit'
        | 'paused'
        | 'not_due'
        | 'retry_wait'
        | 'reschedule_wait'
        | 'deferred'
        | 'approval'
        | 'queued'
        | 'no_worker'
        | 'not_loaded'
        | 'run_ended'
        | 'finished';
      limit: number | null;
      needs: string | null;
      remedies: components['schemas']['RemedyInput'][];
      since: string | null;
      until: string | null;
      used: number | null;
    };
    Workflow: {
      active_runs: number;
      bundle: string;
      condition: ('failed' | 'late' | 'broken_file') | null;
      condition_run_id: string | null;
      condition_text: string | null;
      dag_id: string;
      description: string | null;
      file: string;
      is_paused: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      late_run_ids: string[];
      max_active_runs: number | null;
      max_mapped: number | null;
      next_run: {
        logical_date: string | null;
        run_after: string;
      } | null;
      owners: string[];
      recent_runs: components['schemas']['RunSummary'][];
      schedule: components['schemas']['Schedule'];
      tags: string[];
      usual: components['schemas']['Usual'];
      version: number;
    };
    WorkflowInput: {
      active_runs: number;
      bundle: string;
      condition: ('failed' | 'late' | 'broken_file') | null;
      condition_run_id: string | null;
      condition_text: string | null;
      dag_id: string;
      description: string | null;
      file: string;
      is_paused: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
      late_run_ids: string[];
      max_active_runs: number | null;
      max_mapped: number | null;
      next_run: {
        logical_date: string | null;
        run_after: string;
      } | null;
      owners: string[];
      recent_runs: components['schemas']['RunSummaryInput'][];
      schedule: components['schemas']['ScheduleInput'];
      tags: string[];
      usual: components['schemas']['UsualInput'];
      version: number;
    };
    Workflows: {
      as_of: string;
      counts: {
        all: number;
        failed: number;
        late: number;
        paused: number;
        running: number;
      };
      owners: string[];
      tags: string[];
      total_entries: number;
      workflows: components['schemas']['Workflow'][];
    };
    WorkflowsInput: {
      as_of: string;
      counts: {
        all: number;
        failed: number;
        late: number;
        paused: number;
        running: number;
      };
      owners: string[];
      tags: string[];
      total_entries: number;
      workflows: components['schemas']['WorkflowInput'][];
    };
    XComCollectionResponse: {
      total_entries: number;
      xcom_entries: components['schemas']['XComResponse'][];
    };
    XComCollectionResponseInput: {
      total_entries: number;
      xcom_entries: components['schemas']['XComResponseInput'][];
    };
    XComResponse: {
      dag_display_name: string;
      dag_id: string;
      key: string;
      logical_date: string | null;
      map_index: number;
      run_after: string;
      run_id: string;
      task_display_name: string;
      task_id: string;
      timestamp: string;
    };
    XComResponseInput: {
      dag_display_name: string;
      dag_id: string;
      key: string;
      logical_date: string | null;
      map_index: number;
      run_after: string;
      run_id: string;
      task_display_name: string;
      task_id: string;
      timestamp: string;
    };
    XComResponseNative: {
      dag_display_name: string;
      dag_id: string;
      key: string;
      logical_date: string | null;
      map_index: number;
      run_after: string;
      run_id: string;
      task_display_name: string;
      task_id: string;
      timestamp: string;
      value: unknown;
    };
    XComResponseNativeInput: {
      dag_display_name: string;
      dag_id: string;
      key: string;
      logical_date: string | null;
      map_index: number;
      run_after: string;
      run_id: string;
      task_display_name: string;
      task_id: string;
      timestamp: string;
      value: unknown;
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
