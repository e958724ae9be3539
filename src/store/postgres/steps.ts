import { rounds } from '../deltas.ts';
import { COUNTER_COLUMNS } from '../sql/counters.ts';
import { parseJournal, parseOutput } from '../sql/parse.ts';
import type { Cache, Steps } from '../store.ts';
import { bigints, keyColumns, pieces, texts } from './columns.ts';
import type { Session } from './session.ts';

/**
 * Calls of a flow. Only the attempt that holds the run's token gets here, so there is one writer a run; a call that has
 * succeeded stays as it is all the same, since its answer may have been used.
 */
const RECORD = `INSERT INTO task_instance (run_id, task, map_index, state, attempt, max_attempts, started_at, ended_at, reason, worker,
    input_hash, lost, priority, order_at, pool, slots, ${COUNTER_COLUMNS.join(', ')})
  SELECT run, task, idx, state, attempt, max_attempts, started_at, ended_at, reason, worker, input_hash, 0, 0, 0, '', 0,
    ${COUNTER_COLUMNS.map(() => '0').join(', ')}
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[],
    $10::text[], $11::text[])
    AS m (run, task, idx, state, attempt, max_attempts, started_at, ended_at, reason, worker, input_hash)
  ON CONFLICT (run_id, task, map_index) DO UPDATE SET state = excluded.state, attempt = excluded.attempt,
    max_attempts = excluded.max_attempts, started_at = excluded.started_at, ended_at = excluded.ended_at, reason = excluded.reason,
    worker = excluded.worker, input_hash = excluded.input_hash WHERE task_instance.state != 'success'`;
const NAME = `INSERT INTO step_name (run_id, task, name) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])
  ON CONFLICT DO NOTHING`;
const JOURNAL = `SELECT i.task, i.map_index, n.name, i.state, i.attempt, i.input_hash, o.format, o.data, o.bytes, a.error
  FROM task_instance AS i JOIN step_name AS n ON n.run_id = i.run_id AND n.task = i.task
  LEFT JOIN output AS o ON o.run_id = i.run_id AND o.task = i.task AND o.map_index = i.map_index AND o.key = 'return_value'
  LEFT JOIN attempt AS a ON a.run_id = i.run_id AND a.task = i.task AND a.map_index = i.map_index AND a.attempt = i.attempt
  WHERE i.run_id = $1 AND i.task > 0 ORDER BY i.task, i.map_index LIMIT $2 OFFSET $3`;
const COUNT = 'SELECT count(*) AS count FROM task_instance WHERE run_id = $1 AND task > 0';
const END_RUNNING = `UPDATE task_instance SET state = 'failed', ended_at = $2, reason = $3
  WHERE run_id = $1 AND task > 0 AND state IN ('running', 'up_for_retry')`;
const FORGET_FAILED = `UPDATE task_instance SET state = 'none', ended_at = NULL
  WHERE run_id = $1 AND task > 0 AND state IN ('failed', 'upstream_failed')`;
const FORGET_ALL = `UPDATE task_instance SET state = 'none', ended_at = NULL WHERE run_id = $1 AND task > 0`;
const FORGET_OUTPUTS = 'DELETE FROM output WHERE run_id = $1 AND task > 0';

/** Steps of flows, on PostgreSQL. */
export function stepsIn(session: Session): Steps {
  return {
    async record(rows) {
      for (const piece of pieces(rows)) {
        session.send(NAME, [
          bigints(piece, (row) => row.run),
          bigints(piece, (row) => row.task),
          texts(piece, (row) => row.name),
        ]);
      }
      for (const round of rounds(rows)) {
        for (const piece of pieces(round)) {
          session.send(RECORD, [
            ...keyColumns(piece),
            texts(piece, (row) => row.state),
            bigints(piece, (row) => row.attempt),
            bigints(piece, (row) => row.maxAttempts),
            bigints(piece, (row) => row.startedAt),
            bigints(piece, (row) => row.endedAt),
            texts(piece, (row) => row.reason),
            texts(piece, (row) => row.worker),
            texts(piece, (row) => row.inputHash),
          ]);
        }
      }
    },
    async journal(run, { offset, limit }) {
      return (await session.rows(JOURNAL, [run, limit, offset])).map((row) => parseJournal(row as never));
    },
    async count(run) {
      return (await session.rows<{ count: number }>(COUNT, [run]))[0]!.count;
    },
    async endRunning(run, at, reason) {
      return session.affected(END_RUNNING, [run, at, reason]);
    },
    async forgetFailed(run) {
      session.send(FORGET_FAILED, [run]);
    },
    async forgetAll(run) {
      session.send(FORGET_ALL, [run]);
      session.send(FORGET_OUTPUTS, [run]);
    },
  };
}

const CACHED = `SELECT o.* FROM cache AS c JOIN output AS o ON o.run_id = c.run_id AND o.task = c.task AND o.map_index = c.map_index
  AND o.key = 'return_value' WHERE c.key = $1 AND (c.expires_at IS NULL OR c.expires_at > $2)`;
const PUT = `INSERT INTO cache (run_id, task, map_index, key, created_at, expires_at)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
  ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id, task = excluded.task, map_index = excluded.map_index,
    created_at = excluded.created_at, expires_at = excluded.expires_at`;

/** Answers by cache key, on PostgreSQL. */
export function cacheIn(session: Session): Cache {
  return {
    async get(key, now) {
      const [row] = await session.rows(CACHED, [key, now]);
      return row ? parseOutput(row as never) : null;
    },
    async put(rows) {
      // One statement writes a key once: of several under one key the last one counts. In key order, against deadlocks.
      const last = new Map(rows.map((row) => [row.key, row]));
      const ordered = [...last.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const piece of pieces(ordered)) {
        session.send(PUT, [
          ...keyColumns(piece),
          texts(piece, (row) => row.key),
          bigints(piece, (row) => row.createdAt),
          bigints(piece, (row) => row.expiresAt),
        ]);
      }
    },
  };
}
