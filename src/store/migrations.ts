import { MillraceError } from '../model/errors.ts';

/**
 * The schema, step by step. A step that has shipped is never edited: a change is a new step at the end. Both databases
 * have the same tables and columns; only the words for keys, and what each does best by itself, differ.
 */
export interface Migration {
  readonly name: string;
  statements(dialect: 'sqlite' | 'postgres'): readonly string[];
}

const words = {
  sqlite: {
    id: 'INTEGER PRIMARY KEY AUTOINCREMENT',
    int: 'INTEGER',
    name: 'TEXT',
    strict: ' STRICT',
    clustered: ' STRICT, WITHOUT ROWID',
    hot: '',
  },
  postgres: {
    id: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    int: 'BIGINT',
    // Names and keys have the same order everywhere, whatever language the database sorts by.
    name: 'TEXT COLLATE "C"',
    strict: '',
    clustered: '',
    // Instances are updated several times each: room on the page keeps those updates off the indexes.
    hot: ' WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)',
  },
} as const;

const first: Migration = {
  name: 'first',
  statements(dialect) {
    const { id, int, name, strict, clustered, hot } = words[dialect];
    return [
      `CREATE TABLE workflow (id ${id}, name ${name} NOT NULL UNIQUE, kind TEXT NOT NULL, paused ${int} NOT NULL, present ${int} NOT NULL,
        file TEXT NOT NULL, version_id ${int} NOT NULL, next_logical ${int}, next_start ${int}, next_end ${int}, next_due ${int},
        last_start ${int}, last_end ${int}, reruns ${int} NOT NULL DEFAULT 0, created_at ${int} NOT NULL)${strict}`,
      `CREATE INDEX workflow_due ON workflow (next_due) WHERE next_due IS NOT NULL AND paused = 0 AND present = 1`,
      `CREATE TABLE workflow_version (id ${id}, workflow_id ${int} NOT NULL, number ${int} NOT NULL, bundle_hash TEXT NOT NULL,
        bundle_path TEXT NOT NULL, spec TEXT NOT NULL, created_at ${int} NOT NULL, UNIQUE (workflow_id, number))${strict}`,
      `CREATE TABLE run (id ${id}, workflow_id ${int} NOT NULL, version_id ${int} NOT NULL, run_id TEXT NOT NULL, type TEXT NOT NULL,
        state TEXT NOT NULL, logical_date ${int}, interval_start ${int}, interval_end ${int}, run_after ${int} NOT NULL,
        conf TEXT NOT NULL, params TEXT NOT NULL, queued_at ${int} NOT NULL, started_at ${int}, ended_at ${int},
        triggered_by TEXT NOT NULL, note TEXT, reason TEXT, unfinished ${int} NOT NULL, active ${int} NOT NULL, bad ${int} NOT NULL,
        backfill_id ${int}, backfill_order ${int}, UNIQUE (workflow_id, run_id))${strict}`,
      `CREATE UNIQUE INDEX run_logical ON run (workflow_id, logical_date) WHERE logical_date IS NOT NULL`,
      `CREATE INDEX run_queued ON run (workflow_id, run_after) WHERE state = 'queued' AND backfill_id IS NULL`,
      `CREATE INDEX run_backfill ON run (backfill_id, backfill_order) WHERE state = 'queued' AND backfill_id IS NOT NULL`,
      `CREATE INDEX run_running ON run (id) WHERE state = 'running'`,
      `CREATE INDEX run_unfinished ON run (workflow_id, backfill_id) WHERE state IN ('queued', 'running')`,
      `CREATE INDEX run_success ON run (workflow_id, logical_date) WHERE state = 'success'`,
      `CREATE INDEX run_version ON run (version_id)`,
      // What people look at: the latest runs of a workflow, of all, and what ended lately.
      `CREATE INDEX run_recent ON run (workflow_id, run_after, id)`,
      `CREATE INDEX run_due ON run (run_after, id)`,
      `CREATE INDEX run_ended ON run (ended_at) WHERE ended_at IS NOT NULL`,
      `CREATE TABLE backfill (id ${id}, workflow_id ${int} NOT NULL, from_at ${int} NOT NULL, to_at ${int} NOT NULL, reverse ${int} NOT NULL,
        reprocess TEXT NOT NULL, max_active_runs ${int} NOT NULL, conf TEXT, paused ${int} NOT NULL, created_at ${int} NOT NULL,
        cancelled_at ${int}, completed_at ${int}, triggered_by TEXT NOT NULL)${strict}`,
      `CREATE UNIQUE INDEX backfill_open ON backfill (workflow_id) WHERE completed_at IS NULL`,
      `CREATE INDEX backfill_workflow ON backfill (workflow_id, id)`,
      `CREATE TABLE backfill_slot (backfill_id ${int} NOT NULL, ordinal ${int} NOT NULL, logical_date ${int} NOT NULL,
        interval_start ${int} NOT NULL, interval_end ${int} NOT NULL, run_after ${int} NOT NULL, outcome TEXT NOT NULL, run_id ${int},
        PRIMARY KEY (backfill_id, ordinal))${clustered}`,
      `CREATE INDEX backfill_slot_pending ON backfill_slot (backfill_id, ordinal) WHERE outcome = 'pending'`,
      `CREATE TABLE task_instance (run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL, state TEXT NOT NULL,
        attempt ${int} NOT NULL, max_attempts ${int} NOT NULL, lost ${int} NOT NULL, token TEXT, server ${int}, worker TEXT,
        priority ${int} NOT NULL, order_at ${int} NOT NULL, pool TEXT NOT NULL, slots ${int} NOT NULL, parked TEXT,
        expected ${int} NOT NULL, n_success ${int} NOT NULL, n_failed ${int} NOT NULL, n_skipped ${int} NOT NULL,
        n_upstream_failed ${int} NOT NULL, n_removed ${int} NOT NULL, n_success_setup ${int} NOT NULL, n_skipped_setup ${int} NOT NULL,
        s_expected ${int} NOT NULL, s_success ${int} NOT NULL, s_failed ${int} NOT NULL, s_skipped ${int} NOT NULL, s_removed ${int} NOT NULL, queued_at ${int}, started_at ${int}, ended_at ${int}, reason TEXT,
        input_hash TEXT, PRIMARY KEY (run_id, task, map_index))${clustered}${hot}`,
      // The claim index: what may be claimed and nothing else, in the order in which it is claimed.
      `CREATE INDEX task_instance_claim ON task_instance (priority DESC, order_at, run_id, task, map_index)
        WHERE state = 'queued' AND parked IS NULL`,
      `CREATE INDEX task_instance_parked ON task_instance (parked, priority DESC, order_at, run_id, task, map_index)
        WHERE parked IS NOT NULL`,
      `CREATE TABLE attempt (run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL, attempt ${int} NOT NULL,
        outcome TEXT NOT NULL, reason TEXT, worker TEXT NOT NULL, started_at ${int} NOT NULL, ended_at ${int} NOT NULL, error TEXT,
        PRIMARY KEY (run_id, task, map_index, attempt))${clustered}`,
      `CREATE TABLE output (run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL, key TEXT NOT NULL,
        format TEXT NOT NULL, data TEXT NOT NULL, bytes ${int} NOT NULL, length ${int},
        PRIMARY KEY (run_id, task, map_index, key))${clustered}`,
      // Steps of flows: their task numbers are given in the order in which a run first meets their names.
      `CREATE TABLE step_name (run_id ${int} NOT NULL, task ${int} NOT NULL, name TEXT NOT NULL, PRIMARY KEY (run_id, task))${clustered}`,
      `CREATE TABLE cache (key TEXT PRIMARY KEY, run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL,
        created_at ${int} NOT NULL, expires_at ${int})${clustered}`,
      `CREATE TABLE timer (id ${id}, due ${int} NOT NULL, kind TEXT NOT NULL, run_id ${int} NOT NULL, task ${int}, map_index ${int},
        attempt ${int})${strict}`,
      `CREATE INDEX timer_due ON timer (due)`,
      `CREATE TABLE limit_use (key ${name} PRIMARY KEY, used ${int} NOT NULL, parked ${int} NOT NULL)${clustered}`,
      `CREATE TABLE pool (name ${name} PRIMARY KEY, slots ${int} NOT NULL, description TEXT NOT NULL, include_deferred ${int} NOT NULL)${clustered}`,
      `INSERT INTO pool (name, slots, description, include_deferred) VALUES ('default_pool', 128, 'Default pool', 0)`,
      `CREATE TABLE server (id ${id}, name TEXT NOT NULL, started_at ${int} NOT NULL, lease_until ${int} NOT NULL)${strict}`,
      `CREATE TABLE event (id ${id}, at ${int} NOT NULL, kind TEXT NOT NULL, workflow_id ${int}, run_id ${int}, task ${int}, map_index ${int},
        attempt ${int}, data TEXT)${strict}`,
      `CREATE INDEX event_run ON event (run_id, id) WHERE run_id IS NOT NULL`,
      `CREATE TABLE log_chunk (id ${id}, run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL, attempt ${int} NOT NULL,
        at ${int} NOT NULL, lines TEXT NOT NULL)${strict}`,
      `CREATE INDEX log_chunk_attempt ON log_chunk (run_id, task, map_index, attempt, id)`,
      ...['connection', 'variable', 'secret'].map(
        (table) =>
          `CREATE TABLE ${table} (name ${name} PRIMARY KEY, sealed TEXT NOT NULL, summary TEXT NOT NULL, updated_at ${int} NOT NULL)${clustered}`,
      ),
      `CREATE TABLE import_error (file ${name} NOT NULL, line ${int}, col ${int}, code TEXT NOT NULL, message TEXT NOT NULL, fix TEXT,
        frame TEXT, at ${int} NOT NULL)${strict}`,
      `CREATE INDEX import_error_file ON import_error (file)`,
    ];
  },
};

const access: Migration = {
  name: 'access to the API, notes on instances',
  statements(dialect) {
    const { int, name, clustered } = words[dialect];
    return [
      `CREATE TABLE api_token (name ${name} PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, created_at ${int} NOT NULL)${clustered}`,
      `CREATE TABLE api_session (hash ${name} PRIMARY KEY, token ${name} NOT NULL, created_at ${int} NOT NULL, expires_at ${int} NOT NULL)${clustered}`,
      `CREATE INDEX api_session_token ON api_session (token)`,
      `CREATE TABLE instance_note (run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL, note TEXT NOT NULL,
        PRIMARY KEY (run_id, task, map_index))${clustered}`,
    ];
  },
};

const names: Migration = {
  name: 'names of mapped instances',
  statements(dialect) {
    const { int, clustered } = words[dialect];
    return [
      `CREATE TABLE instance_name (run_id ${int} NOT NULL, task ${int} NOT NULL, map_index ${int} NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (run_id, task, map_index))${clustered}`,
    ];
  },
};

export const MIGRATIONS: readonly Migration[] = [first, access, names];

/** Throws `store_newer` when the database was made by a newer Millrace: this one must not touch it. */
export function refuseNewer(current: number): void {
  if (current <= MIGRATIONS.length) return;
  throw new MillraceError(
    'store_newer',
    `the database has schema version ${current}, this Millrace knows up to ${MIGRATIONS.length}`,
    {
      fix: 'Run the newer Millrace that made it, or start on another database (MILLRACE_HOME or --store).',
    },
  );
}
