import type { AttemptRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { advisoryKey } from './advisory-lock.ts';
import { bigints, keyColumns, pieces, texts } from './columns.ts';
import type { Session } from './session.ts';

const ATTEMPT = `INSERT INTO attempt (run_id, task, map_index, attempt, outcome, reason, worker, started_at, ended_at, error)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
    $9::bigint[], $10::text[])`;
const LAST =
  'SELECT map_index, max(attempt) AS attempt FROM attempt WHERE run_id = $1 AND task = $2 AND map_index >= $3 AND map_index < $4 GROUP BY map_index';
/** Every map index there may be. */
const ALL = { from: -1, to: Number.MAX_SAFE_INTEGER };
const EVENT = `INSERT INTO event (at, kind, workflow_id, run_id, task, map_index, attempt, data)
  SELECT at, kind, workflow, run, task, idx, attempt, data FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
    $6::bigint[], $7::bigint[], $8::text[]) WITH ORDINALITY AS m (at, kind, workflow, run, task, idx, attempt, data, n) ORDER BY n`;
const LOG = `INSERT INTO log_chunk (run_id, task, map_index, attempt, at, lines)
  SELECT run, task, idx, attempt, at, lines FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
    WITH ORDINALITY AS m (run, task, idx, attempt, at, lines, n) ORDER BY n`;

/**
 * Readers ask for what comes after the last id that they have seen, so ids must become visible in their order. Two
 * transactions that number their rows at the same time and commit the other way round would hide the lower ones. So
 * numbers are given under this lock, which is taken as the last thing before COMMIT and held for that long only.
 */
const LOCK = 'SELECT pg_advisory_xact_lock($1, $2)';

/** What is only ever appended: attempts, events, log chunks. */
export function journalIn(session: Session, schema: string): Pick<Tx, 'attempts' | 'events' | 'logs'> {
  const lockJournal = () => session.send(LOCK, advisoryKey(schema, 'journal'));
  const write = (text: string, rows: readonly AttemptRow[]) => {
    for (const piece of pieces(rows)) {
      session.send(text, [
        ...keyColumns(piece),
        bigints(piece, (row) => row.attempt),
        texts(piece, (row) => row.outcome),
        texts(piece, (row) => row.reason),
        texts(piece, (row) => row.worker),
        bigints(piece, (row) => row.startedAt),
        bigints(piece, (row) => row.endedAt),
        texts(piece, (row) => row.error),
      ]);
    }
  };
  return {
    attempts: {
      insert: async (rows) => write(ATTEMPT, rows),
      note: async (rows) => write(`${ATTEMPT} ON CONFLICT DO NOTHING`, rows),
      async last(run, task, { from, to } = ALL) {
        const rows = await session.rows<{ map_index: number; attempt: number }>(LAST, [run, task, from, to]);
        return new Map(rows.map((row) => [row.map_index, row.attempt]));
      },
    },
    events: {
      async append(rows) {
        for (const piece of pieces(rows)) {
          const columns = [
            bigints(piece, (row) => row.at),
            texts(piece, (row) => row.kind),
            bigints(piece, (row) => row.workflowId),
            bigints(piece, (row) => row.run),
            bigints(piece, (row) => row.task),
            bigints(piece, (row) => row.index),
            bigints(piece, (row) => row.attempt),
            texts(piece, (row) => row.data),
          ];
          session.sendLast(lockJournal, () => session.send(EVENT, columns));
        }
      },
    },
    logs: {
      async append(rows) {
        for (const piece of pieces(rows, 500)) {
          const columns = [
            ...keyColumns(piece),
            bigints(piece, (row) => row.attempt),
            bigints(piece, (row) => row.at),
            texts(piece, (row) => row.lines),
          ];
          session.sendLast(lockJournal, () => session.send(LOG, columns));
        }
      },
    },
  };
}
