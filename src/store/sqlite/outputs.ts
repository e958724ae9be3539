import { parseOutput, parseValue, valueColumns } from '../sql/parse.ts';
import type { Outputs } from '../store.ts';
import type { Database } from './database.ts';

const PUT = `INSERT INTO output (run_id, task, map_index, key, format, data, bytes, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (run_id, task, map_index, key) DO UPDATE SET format = excluded.format, data = excluded.data, bytes = excluded.bytes,
  length = excluded.length`;
const COLLECTED = `SELECT format, data, bytes FROM output WHERE run_id = ? AND task = ? AND map_index >= 0 AND key = 'return_value'
  ORDER BY map_index LIMIT ? + 0 OFFSET ?`;
const MEASURE = `SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM output
  WHERE run_id = ? AND task = ? AND map_index >= 0 AND key = 'return_value'`;

/** What tasks returned, on SQLite. */
export function outputsIn(db: Database): Outputs {
  return {
    async put(rows) {
      const statement = db.prepare(PUT);
      for (const { run, task, index, key, value, length } of rows) {
        const { format, data, bytes } = valueColumns(value);
        statement.run(run, task, index, key, format, data, bytes, length);
      }
    },
    async get(keys) {
      const statement = db.prepare(
        `SELECT * FROM output WHERE run_id = ? AND task = ? AND map_index = ? AND key = 'return_value'`,
      );
      return keys.flatMap(({ run, task, index }) => {
        const row = statement.get(run, task, index);
        return row ? [parseOutput(row as never)] : [];
      });
    },
    async collected(run, task, { offset, limit }) {
      const rows = db.prepare(COLLECTED).all(run, task, limit, offset);
      return rows.map((row) => parseValue(row as never));
    },
    async measure(run, task) {
      return db.prepare(MEASURE).get(run, task) as { count: number; bytes: number };
    },
    async clear(keys) {
      const statement = db.prepare('DELETE FROM output WHERE run_id = ? AND task = ? AND map_index = ?');
      for (const { run, task, index } of keys) statement.run(run, task, index);
    },
  };
}
