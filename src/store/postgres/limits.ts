import { summedLimits } from '../deltas.ts';
import type { LimitRow } from '../rows.ts';
import type { Limits } from '../store.ts';
import { advisoryKey } from './advisory-lock.ts';
import { bigints, texts } from './columns.ts';
import type { Session } from './session.ts';

/**
 * One lock for all limits of all servers, until the transaction ends: whoever has it reads what the holder before has
 * committed, since each statement after it sees anew what is there. So a limit is never overrun by two that looked at
 * the same time. It is taken after the rows of runs, never before.
 */
const LOCK = 'SELECT pg_advisory_xact_lock($1, $2)';
const READ = `SELECT l.key, l.used, l.parked FROM unnest($1::text[]) WITH ORDINALITY AS m (key, n) JOIN limit_use AS l ON l.key = m.key
  ORDER BY m.n`;
/** In the order of the keys, so that two that come without the lock cannot deadlock either. */
const ADJUST = `INSERT INTO limit_use (key, used, parked)
  SELECT key, used, parked FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS m (key, used, parked)
  ON CONFLICT (key) DO UPDATE SET used = limit_use.used + excluded.used, parked = limit_use.parked + excluded.parked`;

const FORGET =
  'DELETE FROM limit_use AS l USING unnest($1::text[]) AS m (key) WHERE l.key = m.key AND l.used = 0 AND l.parked = 0';

export const HOT_LIMIT_STATEMENTS = { READ, FORGET };

/** Limits in use, on PostgreSQL. */
export function limitsIn(session: Session, schema: string): Limits {
  const key = advisoryKey(schema, 'limits');
  return {
    async lock() {
      session.send(LOCK, key);
    },
    async read(keys) {
      if (keys.length === 0) return [];
      return session.rows<LimitRow>(READ, [texts([...new Set(keys)], (name) => name)]);
    },
    async adjust(deltas) {
      if (deltas.length === 0) return;
      const ordered = [...summedLimits(deltas)].sort((a, b) => (a.key < b.key ? -1 : 1));
      session.send(ADJUST, [
        texts(ordered, (delta) => delta.key),
        bigints(ordered, (delta) => delta.used),
        bigints(ordered, (delta) => delta.parked),
      ]);
    },
    async forget(keys) {
      if (keys.length > 0) session.send(FORGET, [texts(keys, (name) => name)]);
    },
  };
}
