import type { StepRow } from '../rows.ts';
import { COUNTER_COLUMNS } from '../sql/counters.ts';
import { parseJournal, parseOutput } from '../sql/parse.ts';
import type { Cache, Steps } from '../store.ts';
import type { Database } from './database.ts';

/**
 * One call of a flow. Only the attempt that holds the run's token gets here, so there is one writer a run; a call that
 * has succeeded stays as it is all the same, since its answer may have been used.
 */
const RECORD = `INSERT INTO task_instance (run_id, task, map_index, state, attempt, max_attempts, started_at, ended_at, reason, worker,
  input_hash, lost, priority, order_at, pool, slots, ${COUNTER_COLUMNS.join(', ')})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', 0, ${COUNTER_COLUMNS.map(() => '0').join(', ')})
  ON CONFLICT (run_id, task, map_index) DO UPDATE SET state = excluded.state, attempt = excluded.attempt,
  max_attempts = excluded.max_attempts, started_at = excluded.started_at, ended_at = excluded.ended_at, reason = excluded.reason,
  worker = excluded.worker, input_hash = excluded.input_hash WHERE task_instance.state != 'success'`;
const NAME = 'INSERT INTO step_name (run_id, task, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
const JOURNAL = `SELECT i.task, i.map_index, n.name, i.state, i.attempt, i.input_hash, o.format, o.data, o.bytes, a.error
  FROM task_instance i JOIN step_name n ON n.run_id = i.run_id AND n.task = i.task
  LEFT JOIN output o ON o.run_id = i.run_id AND o.task = i.task AND o.map_index = i.map_index AND o.key = 'return_value'
  LEFT JOIN attempt a ON a.run_id = i.run_id AND a.task = i.task AND a.map_index = i.map_index AND a.attempt = i.attempt
  WHERE i.run_id = ? AND i.task > 0 ORDER BY i.task, i.map_index LIMIT ? + 0 OFFSET ?`;

export function stepsIn(db: Database): Steps {
  return {
    async record(rows) {
      const record = db.prepare(RECORD);
      const name = db.prepare(NAME);
      // The first call of a name need not be the first that is recorded: it may still wait for what it takes.
      const named = new Set<string>();
      for (const row of rows) {
        const key = `${row.run}.${row.task}`;
        if (!named.has(key)) name.run(row.run, row.task, row.name);
        named.add(key);
        record.run(...stepColumns(row));
      }
    },
    async journal(run, { offset, limit }) {
      return db
        .prepare(JOURNAL)
        .all(run, limit, offset)
        .map((row) => parseJournal(row as never));
    },
    async count(run) {
      const row = db.prepare('SELECT count(*) AS count FROM task_instance WHERE run_id = ? AND task > 0').get(run);
      return row?.count as number;
    },
    async endRunning(run, at, reason) {
      return db
        .prepare(
          `UPDATE task_instance SET state = 'failed', ended_at = ?, reason = ?
           WHERE run_id = ? AND task > 0 AND state IN ('running', 'up_for_retry')`,
        )
        .run(at, reason, run).changes;
    },
    async forgetFailed(run) {
      db.prepare(
        `UPDATE task_instance SET state = 'none', ended_at = NULL
         WHERE run_id = ? AND task > 0 AND state IN ('failed', 'upstream_failed')`,
      ).run(run);
    },
    async forgetAll(run) {
      db.prepare(`UPDATE task_instance SET state = 'none', ended_at = NULL WHERE run_id = ? AND task > 0`).run(run);
      db.prepare('DELETE FROM output WHERE run_id = ? AND task > 0').run(run);
    },
  };
}

function stepColumns(row: StepRow): unknown[] {
  const { run, task, index, state, attempt, maxAttempts, startedAt, endedAt, reason, worker, inputHash } = row;
  return [run, task, index, state, attempt, maxAttempts, startedAt, endedAt, reason, worker, inputHash];
}

export function cacheIn(db: Database): Cache {
  return {
    async get(key, now) {
      const row = db
        .prepare(
          `SELECT o.* FROM cache c JOIN output o ON o.run_id = c.run_id AND o.task = c.task AND o.map_index = c.map_index
           AND o.key = 'return_value' WHERE c.key = ? AND (c.expires_at IS NULL OR c.expires_at > ?)`,
        )
        .get(key, now);
      return row ? parseOutput(row as never) : null;
    },
    async put(rows) {
      const statement = db.prepare(
        `INSERT INTO cache (key, run_id, task, map_index, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id, task = excluded.task, map_index = excluded.map_index,
         created_at = excluded.created_at, expires_at = excluded.expires_at`,
      );
      for (const { key, run, task, index, createdAt, expiresAt } of rows) {
        statement.run(key, run, task, index, createdAt, expiresAt);
      }
    },
  };
}
