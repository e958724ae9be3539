import { instanceKey, summedCounts } from '../deltas.ts';
import type { CountedInstance, FinishMove, NewInstance } from '../rows.ts';
import { COUNTER_COLUMNS, counterValues } from '../sql/counters.ts';
import {
  type CandidateColumns,
  type CountedColumns,
  parseCandidate,
  parseCounted,
  parseInstance,
} from '../sql/parse.ts';
import type { Instances } from '../store.ts';
import type { Database } from './database.ts';
import { Insertion } from './insertion.ts';

const COUNTERS = COUNTER_COLUMNS.join(', ');
const INSERT = new Insertion('task_instance', [
  ...'run_id task map_index state attempt max_attempts priority order_at pool slots queued_at ended_at lost'.split(' '),
  ...COUNTER_COLUMNS,
]);

/**
 * The end of an attempt. The token is the fence: an attempt that was given up, cleared or replaced has lost its token,
 * so its late report changes nothing. `restarting` is a running attempt that somebody cleared; its report is taken as
 * the news that it has stopped. The writer is alone, so what RETURNING says of the old state is what it was.
 */
const FINISH = `UPDATE task_instance SET state = ?, ended_at = ?, reason = ?, token = NULL
  WHERE run_id = ? AND task = ? AND map_index = ? AND state = 'running' AND token = ?
  RETURNING attempt, max_attempts, lost, pool, slots`;
const FINISH_LOST = `UPDATE task_instance SET state = 'queued', queued_at = ?, reason = ?, token = NULL, server = NULL, started_at = NULL,
  lost = lost + ?, attempt = attempt + 1, max_attempts = max_attempts + 1
  WHERE run_id = ? AND task = ? AND map_index = ? AND state = 'running' AND token = ?
  RETURNING attempt - 1 AS attempt, max_attempts - 1 AS max_attempts, lost, pool, slots`;
const FINISH_RESTARTING = `UPDATE task_instance SET state = 'none', token = NULL, server = NULL, reason = NULL, started_at = NULL
  WHERE run_id = ? AND task = ? AND map_index = ? AND state = 'restarting' AND token = ?
  RETURNING attempt, max_attempts, lost, pool, slots`;

const COUNT = `UPDATE task_instance SET ${COUNTER_COLUMNS.map((column) => `${column} = ${column} + ?`).join(', ')}
  WHERE run_id = ? AND task = ?`;
const COUNTED = ` RETURNING run_id, task, map_index, state, ${COUNTERS}`;
const COUNT_ONE = `${COUNT} AND map_index = ?${COUNTED}`;
const COUNT_ALL = `${COUNT}${COUNTED}`;

/** To be called again, as sensors are, is no retry: the allowance grows with the number of the attempt. */
const QUEUE = `UPDATE task_instance SET state = 'queued', attempt = attempt + 1,
  max_attempts = max_attempts + (CASE WHEN state = 'up_for_reschedule' THEN 1 ELSE 0 END), queued_at = ?, ended_at = NULL, reason = ?
  WHERE run_id = ? AND task = ? AND map_index = ? AND state = ?`;
const END = `UPDATE task_instance SET state = ?, ended_at = ?, reason = ?, parked = NULL, token = NULL
  WHERE run_id = ? AND task = ? AND map_index = ? AND state = ?`;

const RESET = `UPDATE task_instance SET state = ?, max_attempts = ?, parked = NULL, queued_at = NULL, ended_at = NULL, reason = NULL
  WHERE run_id = ? AND task = ? AND map_index = ?`;
const RECOUNT = `UPDATE task_instance SET ${COUNTER_COLUMNS.map((column) => `${column} = ?`).join(', ')}
  WHERE run_id = ? AND task = ? AND map_index = ?`;

const CANDIDATE = 'run_id, task, map_index, attempt, max_attempts, priority, order_at, pool, slots';
/** The sum keeps the plan: see SteadySqliteCompiler. */
const CLAIMABLE = `SELECT ${CANDIDATE} FROM task_instance WHERE state = 'queued' AND parked IS NULL
  ORDER BY priority DESC, order_at, run_id, task, map_index LIMIT ? + 0`;
const CLAIM = `UPDATE task_instance SET state = 'running', token = ?, server = ?, started_at = ?, ended_at = NULL
  WHERE run_id = ? AND task = ? AND map_index = ? AND state = 'queued'`;

const PARK = `UPDATE task_instance SET parked = ? WHERE run_id = ? AND task = ? AND map_index = ? AND state = 'queued'`;
const PARKED = `SELECT ${CANDIDATE} FROM task_instance WHERE parked = ? ORDER BY priority DESC, order_at, run_id, task, map_index`;
const UNPARK = `UPDATE task_instance SET parked = NULL WHERE run_id = ? AND task = ? AND map_index = ?`;

/** Instances on SQLite: one prepared statement a row, which costs less than building one statement for many. */
export function instancesIn(db: Database): Instances {
  const one = (text: string) => db.prepare(text);

  return {
    insert: async (rows) => INSERT.insert(db, rows, insertColumns),

    async finish(moves) {
      const won: Awaited<ReturnType<Instances['finish']>>[number][] = [];
      for (const move of moves) {
        const ended = finishOne(db, move);
        if (ended) won.push({ run: move.run, task: move.task, index: move.index, ...ended });
      }
      return won;
    },

    async count(deltas) {
      // Keyed, because a row may be touched twice (by its index and by `all`): what counts is how it is left.
      const waiting = new Map<string, CountedInstance>();
      for (const { run, task, index, counters } of summedCounts(deltas)) {
        const values = [...counterValues(counters), run, task];
        const rows = (index === 'all'
          ? one(COUNT_ALL).all(...values)
          : one(COUNT_ONE).all(...values, index)) as unknown as CountedColumns[];
        for (const row of rows) {
          if (row.state !== 'none') continue;
          const counted = parseCounted(row);
          waiting.set(instanceKey(counted), counted);
        }
      }
      return [...waiting.values()];
    },

    async decide(moves) {
      return moves.filter(({ run, task, index, from, to, at, reason }) =>
        to === 'queued'
          ? one(QUEUE).run(at, reason, run, task, index, from).changes > 0
          : one(END).run(to, at, reason, run, task, index, from).changes > 0,
      );
    },

    async reset(moves) {
      const state = one(RESET);
      const counters = one(RECOUNT);
      for (const { run, task, index, to, maxAttempts, counters: counted } of moves) {
        if (to !== null) state.run(to, maxAttempts, run, task, index);
        counters.run(...counterValues(counted), run, task, index);
      }
    },

    async claimable(limit) {
      return (one(CLAIMABLE).all(limit) as unknown as CandidateColumns[]).map(parseCandidate);
    },

    async claim(moves) {
      const statement = one(CLAIM);
      return moves.filter(
        ({ run, task, index, token, server, at }) => statement.run(token, server, at, run, task, index).changes > 0,
      );
    },

    async park(rows, limit) {
      const statement = one(PARK);
      for (const { run, task, index } of rows) statement.run(limit, run, task, index);
    },

    async unpark(limit, room, counting = 'slots') {
      const free: ReturnType<typeof parseCandidate>[] = [];
      let left = room;
      // In claim order, and none is passed over: a wide one at the head waits until it fits, and the rest behind it.
      for (const row of one(PARKED).iterate(limit) as IterableIterator<unknown>) {
        const candidate = parseCandidate(row as CandidateColumns);
        const wanted = counting === 'slots' ? candidate.slots : 1;
        if (wanted > left) break;
        left -= wanted;
        free.push(candidate);
      }
      const statement = one(UNPARK);
      for (const { run, task, index } of free) statement.run(run, task, index);
      return free.length;
    },

    async parkedHead(limit) {
      const row = one(`${PARKED} LIMIT 1`).get(limit) as CandidateColumns | undefined;
      return row ? parseCandidate(row) : null;
    },

    async get(keys) {
      const statement = one('SELECT * FROM task_instance WHERE run_id = ? AND task = ? AND map_index = ?');
      return keys.flatMap(({ run, task, index }) => {
        const row = statement.get(run, task, index);
        return row ? [parseInstance(row as never)] : [];
      });
    },

    async ofTask(run, task) {
      const rows = one('SELECT * FROM task_instance WHERE run_id = ? + 0 AND task = ? + 0 ORDER BY map_index').all(
        run,
        task,
      );
      return rows.map((row) => parseInstance(row as never));
    },

    async ofRun(run) {
      const rows = one('SELECT * FROM task_instance WHERE run_id = ? + 0 ORDER BY task, map_index').all(run);
      return rows.map((row) => parseInstance(row as never));
    },

    async remove(rows) {
      const statement = one('DELETE FROM task_instance WHERE run_id = ? AND task = ? AND map_index = ?');
      for (const { run, task, index } of rows) statement.run(run, task, index);
    },

    async runningOn(run, server) {
      const rows = one(
        `SELECT * FROM task_instance WHERE run_id = ? AND state IN ('running', 'restarting') AND server = ? ORDER BY task, map_index`,
      ).all(run, server);
      return rows.map((row) => parseInstance(row as never));
    },
  };
}

function finishOne(db: Database, move: FinishMove) {
  const { run, task, index, token, to, at, reason, lost } = move;
  const row = (lost && to === 'queued'
    ? db.prepare(FINISH_LOST).get(at, reason, lost === 'counted' ? 1 : 0, run, task, index, token)
    : db.prepare(FINISH).get(to, at, reason, run, task, index, token)) as unknown as EndedColumns | undefined;
  if (row) return ended(row, 'running');
  const restarted = db.prepare(FINISH_RESTARTING).get(run, task, index, token) as unknown as EndedColumns | undefined;
  return restarted ? ended(restarted, 'restarting') : null;
}

interface EndedColumns {
  attempt: number;
  max_attempts: number;
  lost: number;
  pool: string;
  slots: number;
}

function ended(row: EndedColumns, from: 'running' | 'restarting') {
  return {
    from,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    lost: row.lost,
    pool: row.pool,
    slots: row.slots,
  };
}

function insertColumns(row: NewInstance): unknown[] {
  const { run, task, index, state, attempt, maxAttempts, priority, orderAt, pool, slots, queuedAt, endedAt } = row;
  return [
    ...[run, task, index, state, attempt, maxAttempts, priority, orderAt, pool, slots, queuedAt, endedAt],
    0,
    ...counterValues(row.counters),
  ];
}
