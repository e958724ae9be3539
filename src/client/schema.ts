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
      error: {
        message: string;
        place: string | null;
        stack: string | null;
        type: string;
      } | null;
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
      error: {
        message: string;
        place: string | null;
        stack: string | null;
        type: string;
      } | null;
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
    StateCounts: {
      [key: string]: number;
    };
    StateCountsInput: {
      [key: string]: number;
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
      error: {
        message: string;
        place: string | null;
        stack: string | null;
        type: string;
      } | null;
      /** @enum {string} */
      outcome: 'running' | 'success' | 'failed' | 'skipped' | 'rescheduled' | 'deferred' | 'cancelled' | 'lost';
      reason: string | null;
      start_date: string;
      try_number: number;
      worker: string | null;
    };
    TimelineAttemptInput: {
      end_date: string | null;
      error: {
        message: string;
        place: string | null;
        stack: string | null;
        type: string;
      } | null;
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
      is_cached: boolean;
      is_critical: boolean;
      /** @enum {string} */
      kind: 'task' | 'mapped' | 'step' | 'child_flow';
      label: string;
      map_index: number;
      max_tries: number;
      next_try: string | null;
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
      is_cached: boolean;
      is_critical: boolean;
      /** @enum {string} */
      kind: 'task' | 'mapped' | 'step' | 'child_flow';
      label: string;
      map_index: number;
      max_tries: number;
      next_try: string | null;
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
    VersionInfo: {
      git_version: string | null;
      version: string;
    };
    VersionInfoInput: {
      git_version: string | null;
      version: string;
    };
    Workflow: {
      active_runs: number;
      bundle: string;
      condition: ('failed' | 'late' | 'broken_file') | null;
      condition_text: string | null;
      dag_id: string;
      description: string | null;
      file: string;
      is_paused: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
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
      condition_text: string | null;
      dag_id: string;
      description: string | null;
      file: string;
      is_paused: boolean;
      /** @enum {string} */
      kind: 'dag' | 'flow';
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
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
