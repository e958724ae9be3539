import { COUNTER_COLUMNS } from '../sql/counters.ts';

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
export const INSERT = `INSERT INTO task_instance (${INSERTED}, lost)
  SELECT ${INSERTED}, 0 FROM unnest(${KEYS}, $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[],
    $10::bigint[], $11::bigint[], $12::bigint[], ${counterParameters(13)}) AS m (${INSERTED})`;

/**
 * The end of attempts. The token is the fence: an attempt that was given up, cleared or replaced has lost its token, so
 * its late report changes nothing. Whoever reports twice at once waits on the row and then finds another state.
 */
export const FINISH = `UPDATE task_instance AS t SET state = m.state, reason = m.reason, token = NULL,
  ended_at = CASE WHEN m.again = 1 THEN t.ended_at ELSE m.at END,
  queued_at = CASE WHEN m.again = 1 THEN m.at ELSE t.queued_at END,
  server = CASE WHEN m.again = 1 THEN NULL ELSE t.server END,
  started_at = CASE WHEN m.again = 1 THEN NULL ELSE t.started_at END,
  lost = t.lost + m.lost, attempt = t.attempt + m.again, max_attempts = t.max_attempts + m.again
  FROM unnest(${KEYS}, $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[]) WITH ORDINALITY
    AS m (run, task, idx, token, state, at, reason, again, lost, n)
  WHERE ${SAME_ROW} AND t.state = 'running' AND t.token = m.token
  RETURNING m.n, t.attempt - m.again AS attempt, t.max_attempts - m.again AS max_attempts, t.lost, t.pool, t.slots`;

/** A running attempt that somebody cleared: its report is the news that it has stopped; then it is decided anew. */
export const FINISH_RESTARTING = `UPDATE task_instance AS t SET state = 'none', reason = NULL, token = NULL, server = NULL, started_at = NULL
  FROM unnest(${KEYS}, $4::text[]) WITH ORDINALITY AS m (run, task, idx, token, n)
  WHERE ${SAME_ROW} AND t.state = 'restarting' AND t.token = m.token
  RETURNING m.n, t.attempt, t.max_attempts, t.lost, t.pool, t.slots`;

const COUNT = `UPDATE task_instance AS t SET ${COUNTER_COLUMNS.map((name) => `${name} = t.${name} + m.${name}`).join(', ')}
  FROM unnest(${KEYS}, ${counterParameters(4)}) AS m (run, task, idx, ${COUNTERS})`;
const COUNTED = `RETURNING t.run_id, t.task, t.map_index, t.state, ${COUNTER_COLUMNS.map((name) => `t.${name}`).join(', ')}`;
export const COUNT_ONE = `${COUNT} WHERE ${SAME_ROW} ${COUNTED}`;
export const COUNT_ALL = `${COUNT} WHERE t.run_id = m.run AND t.task = m.task ${COUNTED}`;

/** Guarded by the state that the decision was made from: the same decision made twice moves nothing the second time. */
export const DECIDE = `UPDATE task_instance AS t SET state = m.state, reason = m.reason,
  attempt = CASE WHEN m.state = 'queued' THEN t.attempt + 1 ELSE t.attempt END,
  max_attempts = t.max_attempts + CASE WHEN m.state = 'queued' AND t.state = 'up_for_reschedule' THEN 1 ELSE 0 END,
  queued_at = CASE WHEN m.state = 'queued' THEN m.at ELSE t.queued_at END,
  ended_at = CASE WHEN m.state = 'queued' THEN NULL ELSE m.at END,
  parked = CASE WHEN m.state = 'queued' THEN t.parked END,
  token = CASE WHEN m.state = 'queued' THEN t.token END
  FROM unnest(${KEYS}, $4::text[], $5::text[], $6::bigint[], $7::text[]) WITH ORDINALITY
    AS m (run, task, idx, old_state, state, at, reason, n)
  WHERE ${SAME_ROW} AND t.state = m.old_state
  RETURNING m.n`;

export const RESET = `UPDATE task_instance AS t SET state = coalesce(m.state, t.state),
  max_attempts = CASE WHEN m.state IS NULL THEN t.max_attempts ELSE m.max_attempts END,
  parked = CASE WHEN m.state IS NULL THEN t.parked END, queued_at = CASE WHEN m.state IS NULL THEN t.queued_at END,
  ended_at = CASE WHEN m.state IS NULL THEN t.ended_at END, reason = CASE WHEN m.state IS NULL THEN t.reason END,
  ${COUNTER_COLUMNS.map((name) => `${name} = m.${name}`).join(', ')}
  FROM unnest(${KEYS}, $4::text[], $5::bigint[], ${counterParameters(6)}) AS m (run, task, idx, state, max_attempts, ${COUNTERS})
  WHERE ${SAME_ROW}`;

const CANDIDATE = 'run_id, task, map_index, attempt, max_attempts, priority, order_at, pool, slots';
const CLAIM_ORDER = 'priority DESC, order_at, run_id, task, map_index';

/**
 * Read along the claim index, which has the order. A row that is locked is being claimed by another server or ended by
 * a cancel: the next one is as good, and waiting here could be a deadlock. The locks last until the transaction ends, so
 * what is returned can be claimed or parked without losing it to anybody.
 */
export const CLAIMABLE = `SELECT ${CANDIDATE} FROM task_instance WHERE state = 'queued' AND parked IS NULL
  ORDER BY ${CLAIM_ORDER} LIMIT $1 FOR UPDATE SKIP LOCKED`;
export const CLAIM = `UPDATE task_instance AS t SET state = 'running', token = m.token, server = m.server, started_at = m.at, ended_at = NULL
  FROM unnest(${KEYS}, $4::text[], $5::bigint[], $6::bigint[]) WITH ORDINALITY AS m (run, task, idx, token, server, at, n)
  WHERE ${SAME_ROW} AND t.state = 'queued'
  RETURNING m.n`;

export const PARK = `UPDATE task_instance AS t SET parked = $4 FROM unnest(${KEYS}) AS m (run, task, idx)
  WHERE ${SAME_ROW} AND t.state = 'queued'`;

/**
 * The best parked ones that fit together, and none passed over: a wide one at the head waits until it fits, and the rest
 * behind it. A row takes one slot at least, so no more rows than there is room for need be read. Rows that a cancel has
 * locked are waited for, not skipped: should it be rolled back, nothing else would come to let them go. A cancel that
 * waits for the limits meanwhile is a deadlock, which PostgreSQL ends and transaction() repeats.
 */
const unpark = (wanted: 'slots' | '1') => `WITH head AS (
    SELECT ${CANDIDATE} FROM task_instance WHERE parked = $1 ORDER BY ${CLAIM_ORDER} LIMIT $2 FOR UPDATE
  ), fit AS (
    SELECT run_id AS run, task, map_index AS idx, sum(${wanted}) OVER (ORDER BY ${CLAIM_ORDER}) AS room FROM head
  )
  UPDATE task_instance AS t SET parked = NULL FROM fit AS m WHERE m.room <= $2 AND ${SAME_ROW}`;
export const UNPARK = { slots: unpark('slots'), instances: unpark('1') } as const;
export const PARKED_HEAD = `SELECT ${CANDIDATE} FROM task_instance WHERE parked = $1 ORDER BY ${CLAIM_ORDER} LIMIT 1`;

export const GET = `SELECT t.* FROM unnest(${KEYS}) WITH ORDINALITY AS m (run, task, idx, n) JOIN task_instance AS t ON ${SAME_ROW} ORDER BY m.n`;
export const OF_TASK = 'SELECT * FROM task_instance WHERE run_id = $1 AND task = $2 ORDER BY map_index';
export const OF_RUN = 'SELECT * FROM task_instance WHERE run_id = $1 ORDER BY task, map_index';
export const RUNNING_ON = `SELECT * FROM task_instance WHERE run_id = $1 AND state IN ('running', 'restarting') AND server = $2
  ORDER BY task, map_index`;
export const REMOVE = `DELETE FROM task_instance AS t USING unnest(${KEYS}) AS m (run, task, idx) WHERE ${SAME_ROW}`;

/** What each batch of the engine does: their plans are asserted by a test. */
export const HOT_STATEMENTS = {
  FINISH,
  FINISH_RESTARTING,
  COUNT_ONE,
  COUNT_ALL,
  DECIDE,
  RESET,
  CLAIMABLE,
  CLAIM,
  PARK,
  UNPARK_SLOTS: UNPARK.slots,
  UNPARK_INSTANCES: UNPARK.instances,
  GET,
};
