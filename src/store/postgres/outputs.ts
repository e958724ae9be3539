import { instanceKey } from '../deltas.ts';
import { parseOutput, parseValue, valueColumns } from '../sql/parse.ts';
import type { Outputs } from '../store.ts';
import { bigints, keyColumns, pieces, texts } from './columns.ts';
import type { Session } from './session.ts';

const KEYS = '$1::bigint[], $2::bigint[], $3::bigint[]';
const SAME_ROW = 'o.run_id = m.run AND o.task = m.task AND o.map_index = m.idx';

const PUT = `INSERT INTO output (run_id, task, map_index, key, format, data, bytes, length)
  SELECT * FROM unnest(${KEYS}, $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[])
  ON CONFLICT (run_id, task, map_index, key) DO UPDATE SET format = excluded.format, data = excluded.data, bytes = excluded.bytes,
  length = excluded.length`;
/** OFFSET 0 keeps PostgreSQL from turning the look-ups round into a walk over all return values, cheap on an empty table. */
const GET = `SELECT r.* FROM unnest(${KEYS}) WITH ORDINALITY AS m (run, task, idx, n),
  LATERAL (SELECT * FROM output AS o WHERE ${SAME_ROW} AND o.key = 'return_value' OFFSET 0) AS r ORDER BY m.n`;
const OF_TASK = `FROM output WHERE run_id = $1 AND task = $2 AND map_index >= 0 AND key = 'return_value'`;
const COLLECTED = `SELECT format, data, bytes ${OF_TASK} ORDER BY map_index LIMIT $3 OFFSET $4`;
const MEASURE = `SELECT count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes ${OF_TASK}`;
const CLEAR = `DELETE FROM output AS o USING unnest(${KEYS}) AS m (run, task, idx) WHERE ${SAME_ROW}`;

export const HOT_OUTPUT_STATEMENTS = { GET, CLEAR };

/** What tasks returned, on PostgreSQL. */
export function outputsIn(session: Session): Outputs {
  return {
    async put(rows) {
      // One statement writes a row once: of several values under one key the last one counts.
      const last = new Map(rows.map((row) => [`${instanceKey(row)}/${row.key}`, row]));
      const values = [...last.values()].map((row) => ({ ...row, ...valueColumns(row.value) }));
      for (const piece of pieces(values)) {
        session.send(PUT, [
          ...keyColumns(piece),
          texts(piece, (row) => row.key),
          texts(piece, (row) => row.format),
          texts(piece, (row) => row.data),
          bigints(piece, (row) => row.bytes),
          bigints(piece, (row) => row.length),
        ]);
      }
    },
    async get(keys) {
      if (keys.length === 0) return [];
      return (await session.rows(GET, keyColumns(keys))).map((row) => parseOutput(row as never));
    },
    async collected(run, task, { offset, limit }) {
      return (await session.rows(COLLECTED, [run, task, limit, offset])).map((row) => parseValue(row as never));
    },
    async measure(run, task) {
      const [row] = await session.rows<{ count: number; bytes: number }>(MEASURE, [run, task]);
      return row!;
    },
    async clear(keys) {
      if (keys.length > 0) session.send(CLEAR, keyColumns(keys));
    },
  };
}
