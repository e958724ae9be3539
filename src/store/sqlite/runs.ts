import type { RunState } from '../../model/states.ts';
import { summedRuns } from '../deltas.ts';
import { parseRun } from '../sql/parse.ts';
import { ordinaryRunsIn } from '../sql/runs.ts';
import type { Runs } from '../store.ts';
import type { Database } from './database.ts';

const COUNT = `UPDATE run SET unfinished = unfinished + ?, active = active + ?, bad = bad + ? WHERE id = ?
  RETURNING id, state, unfinished, active, bad`;

/** Runs on SQLite. Locking is reading: the transaction has the only writer. */
export function runsIn(db: Database): Runs {
  return {
    ...ordinaryRunsIn(db),

    async lock(ids) {
      const statement = db.prepare('SELECT * FROM run WHERE id = ?');
      return [...new Set(ids)]
        .sort((a, b) => a - b)
        .flatMap((id) => {
          const row = statement.get(id);
          return row ? [parseRun(row as never)] : [];
        });
    },

    async count(deltas) {
      const statement = db.prepare(COUNT);
      return summedRuns(deltas).flatMap(({ id, unfinished, active, bad }) => {
        const row = statement.get(unfinished, active, bad, id) as
          | { id: number; state: RunState; unfinished: number; active: number; bad: number }
          | undefined;
        return row ? [row] : [];
      });
    },
  };
}
