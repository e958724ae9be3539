import { summedLimits } from '../deltas.ts';
import type { AttemptRow } from '../rows.ts';
import type { Limits, Tx } from '../store.ts';
import type { Database } from './database.ts';

const ATTEMPT = `INSERT INTO attempt (run_id, task, map_index, attempt, outcome, reason, worker, started_at, ended_at, error)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const EVENT = `INSERT INTO event (at, kind, workflow_id, run_id, task, map_index, attempt, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const LOG = `INSERT INTO log_chunk (run_id, task, map_index, attempt, at, lines) VALUES (?, ?, ?, ?, ?, ?)`;

/** Every map index there may be. */
const ALL = { from: -1, to: Number.MAX_SAFE_INTEGER };

/** What is only ever appended: attempts, events, log chunks. */
export function journalIn(db: Database): Pick<Tx, 'attempts' | 'events' | 'logs'> {
  const write = (text: string, rows: readonly AttemptRow[]) => {
    const statement = db.prepare(text);
    for (const r of rows) {
      statement.run(r.run, r.task, r.index, r.attempt, r.outcome, r.reason, r.worker, r.startedAt, r.endedAt, r.error);
    }
  };
  return {
    attempts: {
      insert: async (rows) => write(ATTEMPT, rows),
      note: async (rows) => write(`${ATTEMPT} ON CONFLICT DO NOTHING`, rows),
      async last(run, task, { from, to } = ALL) {
        const rows = db
          .prepare(
            `SELECT map_index, max(attempt) AS attempt FROM attempt WHERE run_id = ? + 0 AND task = ? + 0
             AND map_index >= ? + 0 AND map_index < ? + 0 GROUP BY map_index`,
          )
          .all(run, task, from, to) as { map_index: number; attempt: number }[];
        return new Map(rows.map((row) => [row.map_index, row.attempt]));
      },
    },
    events: {
      async append(rows) {
        const statement = db.prepare(EVENT);
        for (const r of rows) statement.run(r.at, r.kind, r.workflowId, r.run, r.task, r.index, r.attempt, r.data);
      },
    },
    logs: {
      async append(rows) {
        const statement = db.prepare(LOG);
        for (const r of rows) statement.run(r.run, r.task, r.index, r.attempt, r.at, r.lines);
      },
    },
  };
}

const ADJUST = `INSERT INTO limit_use (key, used, parked) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET used = used + excluded.used, parked = parked + excluded.parked`;

/** Limits in use. The transaction has the only writer, so there is nothing to lock. */
export function limitsIn(db: Database): Limits {
  return {
    async lock() {},
    async read(keys) {
      const statement = db.prepare('SELECT key, used, parked FROM limit_use WHERE key = ?');
      return [...new Set(keys)].flatMap((key) => {
        const row = statement.get(key);
        return row ? [row as never] : [];
      });
    },
    async adjust(deltas) {
      const statement = db.prepare(ADJUST);
      for (const { key, used, parked } of summedLimits(deltas)) statement.run(key, used, parked);
    },
    async forget(keys) {
      const statement = db.prepare('DELETE FROM limit_use WHERE key = ? AND used = 0 AND parked = 0');
      for (const key of keys) statement.run(key);
    },
  };
}
