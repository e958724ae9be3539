import { summedLimits } from '../deltas.ts';
import type { AttemptRow } from '../rows.ts';
import type { Limits, Tx } from '../store.ts';
import type { Database } from './database.ts';
import { Insertion } from './insertion.ts';

const ATTEMPT = 'run_id task map_index attempt outcome reason worker started_at ended_at error'.split(' ');
const ATTEMPTS = new Insertion('attempt', ATTEMPT);
const NOTES = new Insertion('attempt', ATTEMPT, 'ON CONFLICT DO NOTHING');
const EVENTS = new Insertion('event', 'at kind workflow_id run_id task map_index attempt data'.split(' '));
const LOGS = new Insertion('log_chunk', 'run_id task map_index attempt at lines'.split(' '));

/** Every map index there may be. */
const ALL = { from: -1, to: Number.MAX_SAFE_INTEGER };

/** What is only ever appended: attempts, events, log chunks. */
export function journalIn(db: Database): Pick<Tx, 'attempts' | 'events' | 'logs'> {
  return {
    attempts: {
      insert: async (rows) => ATTEMPTS.insert(db, rows, attemptValues),
      note: async (rows) => NOTES.insert(db, rows, attemptValues),
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
      append: async (rows) =>
        EVENTS.insert(db, rows, (r) => [r.at, r.kind, r.workflowId, r.run, r.task, r.index, r.attempt, r.data]),
    },
    logs: {
      append: async (rows) => LOGS.insert(db, rows, (r) => [r.run, r.task, r.index, r.attempt, r.at, r.lines]),
    },
  };
}

const attemptValues = (r: AttemptRow) => [
  r.run,
  r.task,
  r.index,
  r.attempt,
  r.outcome,
  r.reason,
  r.worker,
  r.startedAt,
  r.endedAt,
  r.error,
];

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
