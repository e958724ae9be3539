import { timersIn as ordinaryTimersIn } from '../sql/registers.ts';
import type { Timers } from '../store.ts';
import { bigints, pieces, texts } from './columns.ts';
import type { Session } from './session.ts';

const ADD = `INSERT INTO timer (due, kind, run_id, task, map_index, attempt)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])`;
const REMOVE = 'DELETE FROM timer AS t USING unnest($1::bigint[]) AS m (id) WHERE t.id = m.id';
const POSTPONE = 'UPDATE timer AS t SET due = $2 FROM unnest($1::bigint[]) AS m (id) WHERE t.id = m.id';

export const HOT_TIMER_STATEMENTS = { REMOVE, POSTPONE };

/** Timers on PostgreSQL: any number of them in one statement. */
export function timersIn(session: Session): Timers {
  return {
    ...ordinaryTimersIn(session),
    async add(rows) {
      for (const piece of pieces(rows)) {
        session.send(ADD, [
          bigints(piece, (row) => row.due),
          texts(piece, (row) => row.kind),
          bigints(piece, (row) => row.run),
          bigints(piece, (row) => row.task),
          bigints(piece, (row) => row.index),
          bigints(piece, (row) => row.attempt),
        ]);
      }
    },
    async remove(ids) {
      if (ids.length > 0) session.send(REMOVE, [bigints(ids, (id) => id)]);
    },
    async postpone(ids, due) {
      if (ids.length > 0) session.send(POSTPONE, [bigints(ids, (id) => id), due]);
    },
  };
}
