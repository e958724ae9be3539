import { instanceKey, summedCounts } from '../deltas.ts';
import type { CountDelta, CountedInstance, FinishMove, InstanceKey } from '../rows.ts';
import { COUNTER_COLUMNS, counterValues } from '../sql/counters.ts';
import {
  type CandidateColumns,
  type CountedColumns,
  parseCandidate,
  parseCounted,
  parseInstance,
} from '../sql/parse.ts';
import type { Instances } from '../store.ts';
import { bigints, keyColumns, pieces, texts } from './columns.ts';
import type { Session } from './session.ts';

/**
 * The statements of the hot path, one per kind of change whatever the number of rows. The parameters are columns; unnest
 * makes rows of them, `n` their place in what was given. Guards stand in WHERE: under READ COMMITTED an UPDATE that has
 * waited for another transaction looks at the row again, as that one left it, so a guard can be passed by one only.
 */
const KEYS = '$1::bigint[], $2::bigint[], $3::bigint[]';
const SAME_ROW = 't.run_id = m.run AND t.task = m.task AND t.map_index = m.idx';

const COUNTERS = COUNTER_COLUMNS.join(', ');
/** `$from::bigint[], …`, one for each counter. */
const counterParameters = (from: number) => COUNTER_COLUMNS.map((_, index) => `$${from + index}::bigint[]`).join(', ');

const INSERTED = `run_id, task, map_index, state, attempt, max_attempts, priority, order_at, pool, slots, queued_at, ended_at, ${COUNTERS}`;
const INSERT = `INSERT INTO task_instance (${INSERTED}, lost)
  SELECT ${INSERTED}, 0 FROM unnest(${KEYS}, $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[],
    $10::bigint[], $11::bigint[], $12::bigint[], ${counterParameters(13)}) AS m (${INSERTED})`;

/**
 * The end of attempts. The token is the fence: an attempt that was given up, cleared or replaced has lost its token, so
 * its late report changes nothing. Whoever reports twice at once waits on the row and then finds another state.
 */
const FINISH = `UPDATE task_instance AS t SET state = m.state, reason = m.reason, token = NULL,
  ended_at = CASE WHEN m.lost = 1 THEN t.ended_at ELSE m.at END,
  queued_at = CASE WHEN m.lost = 1 THEN m.at ELSE t.queued_at END,
  server = CASE WHEN m.lost = 1 THEN NULL ELSE t.server END,
  started_at = CASE WHEN m.lost = 1 THEN NULL ELSE t.started_at END,
  lost = t.lost + m.lost, attempt = t.attempt + m.lost, max_attempts = t.max_attempts + m.lost
  FROM unnest(${KEYS}, $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[]) WITH ORDINALITY
    AS m (run, task, idx, token, state, at, reason, lost, n)
  WHERE ${SAME_ROW} AND t.state = 'running' AND t.token = m.token
  RETURNING m.n, t.attempt - m.lost AS attempt, t.max_attempts - m.lost AS max_attempts, t.lost, t.pool, t.slots`;

/** A running attempt that somebody cleared: its report is the news that it has stopped, and it starts anew. */
const FINISH_RESTARTING = `UPDATE task_instance AS t SET state = 'queued', queued_at = m.at, reason = NULL, token = NULL, server = NULL,
  started_at = NULL, attempt = t.attempt + 1
  FROM unnest(${KEYS}, $4::text[], $5::bigint[]) WITH ORDINALITY AS m (run, task, idx, token, at, n)
  WHERE ${SAME_ROW} AND t.state = 'restarting' AND t.token = m.token
  RETURNING m.n, t.attempt - 1 AS attempt, t.max_attempts, t.lost, t.pool, t.slots`;

const COUNT = `UPDATE task_instance AS t SET ${COUNTER_COLUMNS.map((name) => `${name} = t.${name} + m.${name}`).join(', ')}
  FROM unnest(${KEYS}, ${counterParameters(4)}) AS m (run, task, idx, ${COUNTERS})`;
const COUNTED = `RETURNING t.run_id, t.task, t.map_index, t.state, ${COUNTER_COLUMNS.map((name) => `t.${name}`).join(', ')}`;
const COUNT_ONE = `${COUNT} WHERE ${SAME_ROW} ${COUNTED}`;
const COUNT_ALL = `${COUNT} WHERE t.run_id = m.run AND t.task = m.task ${COUNTED}`;

/** Guarded by the state that the decision was made from: the same decision made twice moves nothing the second time. */
const DECIDE = `UPDATE task_instance AS t SET state = m.state, reason = m.reason,
  attempt = CASE WHEN m.state = 'queued' THEN t.attempt + 1 ELSE t.attempt END,
  queued_at = CASE WHEN m.state = 'queued' THEN m.at ELSE t.queued_at END,
  ended_at = CASE WHEN m.state = 'queued' THEN NULL ELSE m.at END,
  parked = CASE WHEN m.state = 'queued' THEN t.parked END,
  token = CASE WHEN m.state = 'queued' THEN t.token END
  FROM unnest(${KEYS}, $4::text[], $5::text[], $6::bigint[], $7::text[]) WITH ORDINALITY
    AS m (run, task, idx, old_state, state, at, reason, n)
  WHERE ${SAME_ROW} AND t.state = m.old_state
  RETURNING m.n`;

const CANDIDATE = 'run_id, task, map_index, attempt, max_attempts, priority, order_at, pool, slots';
const CLAIM_ORDER = 'priority DESC, order_at, run_id, task, map_index';

/**
 * Read along the claim index, which has the order. A row that is locked is being claimed by another server or ended by
 * a cancel: the next one is as good, and waiting here could be a deadlock. The locks last until the transaction ends, so
 * what is returned can be claimed or parked without losing it to anybody.
 */
export const CLAIMABLE = `SELECT ${CANDIDATE} FROM task_instance WHERE state = 'queued' AND parked IS NULL
  ORDER BY ${CLAIM_ORDER} LIMIT $1 FOR UPDATE SKIP LOCKED`;
const CLAIM = `UPDATE task_instance AS t SET state = 'running', token = m.token, server = m.server, started_at = m.at, ended_at = NULL
  FROM unnest(${KEYS}, $4::text[], $5::bigint[], $6::bigint[]) WITH ORDINALITY AS m (run, task, idx, token, server, at, n)
  WHERE ${SAME_ROW} AND t.state = 'queued'
  RETURNING m.n`;

const PARK = `UPDATE task_instance AS t SET parked = $4 FROM unnest(${KEYS}) AS m (run, task, idx)
  WHERE ${SAME_ROW} AND t.state = 'queued'`;

/**
 * The best parked ones whose slots fit together, and none passed over: a wide one at the head waits until it fits, and
 * the rest behind it. A row takes a slot at least, so no more rows than slots need be read. Rows that a cancel has
 * locked are waited for, not skipped: should it be rolled back, nothing else would come to let them go. A cancel that
 * waits for the limits meanwhile is a deadlock, which PostgreSQL ends and transaction() repeats.
 */
const unpark = (wanted: 'slots' | '1') => `WITH head AS (
    SELECT ${CANDIDATE} FROM task_instance WHERE parked = $1 ORDER BY ${CLAIM_ORDER} LIMIT $2 FOR UPDATE
  ), fit AS (
    SELECT run_id AS run, task, map_index AS idx, sum(${wanted}) OVER (ORDER BY ${CLAIM_ORDER}) AS slots FROM head
  )
  UPDATE task_instance AS t SET parked = NULL FROM fit AS m WHERE m.slots <= $2 AND ${SAME_ROW}`;
const UNPARK = { slots: unpark('slots'), instances: unpark('1') } as const;
const PARKED_HEAD = `SELECT ${CANDIDATE} FROM task_instance WHERE parked = $1 ORDER BY ${CLAIM_ORDER} LIMIT 1`;

const GET = `SELECT t.* FROM unnest(${KEYS}) WITH ORDINALITY AS m (run, task, idx, n) JOIN task_instance AS t ON ${SAME_ROW} ORDER BY m.n`;
const OF_TASK = 'SELECT * FROM task_instance WHERE run_id = $1 AND task = $2 ORDER BY map_index';
const OF_RUN = 'SELECT * FROM task_instance WHERE run_id = $1 ORDER BY task, map_index';
const RUNNING_ON = `SELECT * FROM task_instance WHERE run_id = $1 AND state IN ('running', 'restarting') AND server = $2
  ORDER BY task, map_index`;
const REMOVE = `DELETE FROM task_instance AS t USING unnest(${KEYS}) AS m (run, task, idx) WHERE ${SAME_ROW}`;

/** What each batch of the engine does: their plans are asserted by a test. */
export const HOT_STATEMENTS = { FINISH, FINISH_RESTARTING, COUNT_ONE, COUNT_ALL, DECIDE, CLAIMABLE, CLAIM, PARK, GET };

export function instancesIn(session: Session): Instances {
  const instances = async (text: string, values: readonly unknown[]) =>
    (await session.rows(text, values)).map((row) => parseInstance(row as never));

  /** Runs a guarded statement that returns `n`; gives the rows whose place came back, in the order given. */
  async function winners<T extends InstanceKey>(
    moves: readonly T[],
    text: string,
    columns: (rows: readonly T[]) => readonly unknown[],
  ): Promise<T[]> {
    const won: T[] = [];
    for (const rows of rounds(moves)) {
      const moved = await session.rows<{ n: number }>(text, [...keyColumns(rows), ...columns(rows)]);
      for (const { n } of inOrder(moved)) won.push(rows[n - 1]!);
    }
    return won;
  }

  async function finish(moves: readonly FinishMove[]) {
    const lost = ({ lost, to }: FinishMove) => (lost && to === 'queued' ? 1 : 0);
    const ended = await session.rows<EndedColumns>(FINISH, [
      ...keyColumns(moves),
      texts(moves, (move) => move.token),
      texts(moves, (move) => move.to),
      bigints(moves, (move) => move.at),
      texts(moves, (move) => move.reason),
      bigints(moves, lost),
    ]);
    const won = new Map<FinishMove, Ended>();
    for (const row of ended) won.set(moves[row.n - 1]!, endedRow(moves[row.n - 1]!, row, 'running'));
    const missed = won.size === moves.length ? [] : moves.filter((move) => !won.has(move));
    if (missed.length > 0) {
      const restarted = await session.rows<EndedColumns>(FINISH_RESTARTING, [
        ...keyColumns(missed),
        texts(missed, (move) => move.token),
        bigints(missed, (move) => move.at),
      ]);
      for (const row of restarted) won.set(missed[row.n - 1]!, endedRow(missed[row.n - 1]!, row, 'restarting'));
    }
    return moves.flatMap((move) => won.get(move) ?? []);
  }

  return {
    async insert(rows) {
      for (const piece of pieces(rows)) {
        session.send(INSERT, [
          ...keyColumns(piece),
          texts(piece, (row) => row.state),
          bigints(piece, (row) => row.attempt),
          bigints(piece, (row) => row.maxAttempts),
          bigints(piece, (row) => row.priority),
          bigints(piece, (row) => row.orderAt),
          texts(piece, (row) => row.pool),
          bigints(piece, (row) => row.slots),
          bigints(piece, (row) => row.queuedAt),
          bigints(piece, (row) => row.endedAt),
          ...counterColumns(piece),
        ]);
      }
    },

    async finish(moves) {
      const won: Ended[] = [];
      for (const rows of rounds(moves)) won.push(...(await finish(rows)));
      return won;
    },

    async count(deltas) {
      const sums = summedCounts(deltas);
      const all = sums.filter(({ index }) => index === 'all');
      const one = sums.filter(({ index }) => index !== 'all');
      // Sent together and done in this order: a row that both touch comes back from both, and the later one counts.
      const answers = await session.rowsOfEach<CountedColumns>([
        ...[...pieces(all)].map((rows) => [COUNT_ALL, countColumns(rows)] as const),
        ...[...pieces(one)].map((rows) => [COUNT_ONE, countColumns(rows)] as const),
      ]);
      const [first = []] = answers;
      if (answers.length < 2) return first.filter(isWaiting).map(parseCounted);
      const waiting = new Map<string, CountedInstance>();
      for (const row of answers.flat()) {
        if (!isWaiting(row)) continue;
        const counted = parseCounted(row);
        waiting.set(instanceKey(counted), counted);
      }
      return [...waiting.values()];
    },

    decide: (moves) =>
      winners(moves, DECIDE, (rows) => [
        texts(rows, (move) => move.from),
        texts(rows, (move) => move.to),
        bigints(rows, (move) => move.at),
        texts(rows, (move) => move.reason),
      ]),

    async claimable(limit) {
      return (await session.rows<CandidateColumns>(CLAIMABLE, [limit])).map(parseCandidate);
    },

    claim: (moves) =>
      winners(moves, CLAIM, (rows) => [
        texts(rows, (move) => move.token),
        bigints(rows, (move) => move.server),
        bigints(rows, (move) => move.at),
      ]),

    async park(rows, limit) {
      if (rows.length > 0) session.send(PARK, [...keyColumns(rows), limit]);
    },

    async unpark(limit, room, counting = 'slots') {
      return room > 0 ? session.affected(UNPARK[counting], [limit, room]) : 0;
    },

    async parkedHead(limit) {
      const [row] = await session.rows<CandidateColumns>(PARKED_HEAD, [limit]);
      return row ? parseCandidate(row) : null;
    },

    get: async (keys) => (keys.length === 0 ? [] : instances(GET, keyColumns(keys))),
    ofTask: (run, task) => instances(OF_TASK, [run, task]),
    ofRun: (run) => instances(OF_RUN, [run]),
    runningOn: (run, server) => instances(RUNNING_ON, [run, server]),

    async remove(rows) {
      if (rows.length > 0) session.send(REMOVE, keyColumns(rows));
    },
  };
}

/**
 * Rows in lists in which no instance comes twice: one statement moves a row once only, and in no particular order.
 * Nearly always that is one list.
 */
function rounds<T extends InstanceKey>(rows: readonly T[]): readonly (readonly T[])[] {
  if (rows.length < 2) return rows.length === 0 ? [] : [rows];
  const times = new Map<string, number>();
  const lists: T[][] = [];
  for (const row of rows) {
    const key = instanceKey(row);
    const round = times.get(key) ?? 0;
    times.set(key, round + 1);
    lists[round] ??= [];
    lists[round].push(row);
  }
  return lists;
}

const inOrder = <T extends { n: number }>(rows: T[]): T[] => rows.sort((a, b) => a.n - b.n);

const isWaiting = (row: CountedColumns) => row.state === 'none';

interface EndedColumns {
  n: number;
  attempt: number;
  max_attempts: number;
  lost: number;
  pool: string;
  slots: number;
}

type Ended = Awaited<ReturnType<Instances['finish']>>[number];

function endedRow({ run, task, index }: InstanceKey, row: EndedColumns, from: Ended['from']): Ended {
  const { attempt, max_attempts: maxAttempts, lost, pool, slots } = row;
  return { run, task, index, from, attempt, maxAttempts, lost, pool, slots };
}

function countColumns(rows: readonly CountDelta[]): readonly string[] {
  return [
    bigints(rows, (row) => row.run),
    bigints(rows, (row) => row.task),
    bigints(rows, (row) => (row.index === 'all' ? null : row.index)),
    ...counterColumns(rows),
  ];
}

function counterColumns(rows: readonly Pick<CountDelta, 'counters'>[]): readonly string[] {
  const values = rows.map(({ counters }) => counterValues(counters));
  return COUNTER_COLUMNS.map((_, column) => bigints(values, (row) => row[column]!));
}
