import type { RunState } from '../../model/states.ts';
import { summedRuns } from '../deltas.ts';
import { parseRun } from '../sql/parse.ts';
import { ordinaryRunsIn } from '../sql/runs.ts';
import type { Runs } from '../store.ts';
import { bigints } from './columns.ts';
import type { Session } from './session.ts';

/**
 * Locks runs one by one, in the order of the array, which is that of their ids. Two transactions that lock some of the
 * same runs therefore meet at the lowest one, and the later waits there holding none of the others: no deadlock. The
 * sub-select is what keeps the order: PostgreSQL goes into it once an id, and does not rearrange what locks. What comes
 * back is the row as the transaction before left it.
 */
const LOCK =
  'SELECT r.* FROM unnest($1::bigint[]) AS m (id), LATERAL (SELECT * FROM run WHERE run.id = m.id FOR UPDATE) AS r';

const COUNT = `UPDATE run AS r SET unfinished = r.unfinished + m.unfinished, active = r.active + m.active, bad = r.bad + m.bad
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS m (id, unfinished, active, bad)
  WHERE r.id = m.id
  RETURNING r.id, r.state, r.unfinished, r.active, r.bad`;

export const HOT_RUN_STATEMENTS = { LOCK, COUNT };

/** Runs on PostgreSQL. */
export function runsIn(session: Session): Runs {
  return {
    ...ordinaryRunsIn(session),

    async lock(ids) {
      const ordered = [...new Set(ids)].sort((a, b) => a - b);
      if (ordered.length === 0) return [];
      return (await session.rows(LOCK, [bigints(ordered, (id) => id)])).map((row) => parseRun(row as never));
    },

    async count(deltas) {
      const sums = summedRuns(deltas);
      if (sums.length === 0) return [];
      return session.rows<{ id: number; state: RunState; unfinished: number; active: number; bad: number }>(COUNT, [
        bigints(sums, (run) => run.id),
        bigints(sums, (run) => run.unfinished),
        bigints(sums, (run) => run.active),
        bigints(sums, (run) => run.bad),
      ]);
    },
  };
}
