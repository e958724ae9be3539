import { instanceKey, rounds, summedCounts } from '../deltas.ts';
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
import {
  CLAIM,
  CLAIMABLE,
  COUNT_ALL,
  COUNT_ONE,
  DECIDE,
  FINISH,
  FINISH_RESTARTING,
  GET,
  INSERT,
  OF_RUN,
  OF_TASK,
  PARK,
  PARKED_HEAD,
  REMOVE,
  RESET,
  RUNNING_ON,
  UNPARK,
} from './instance-statements.ts';
import type { Session } from './session.ts';

/** Instances on PostgreSQL. */
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
    // A loss puts the instance back into the queue: with one attempt more, so that no retry is used.
    const again = ({ lost, to }: FinishMove) => (lost !== null && to === 'queued' ? 1 : 0);
    const lost = (move: FinishMove) => (move.lost === 'counted' ? again(move) : 0);
    const ended = await session.rows<EndedColumns>(FINISH, [
      ...keyColumns(moves),
      texts(moves, (move) => move.token),
      texts(moves, (move) => move.to),
      bigints(moves, (move) => move.at),
      texts(moves, (move) => move.reason),
      bigints(moves, again),
      bigints(moves, lost),
    ]);
    const won = new Map<FinishMove, Ended>();
    for (const row of ended) won.set(moves[row.n - 1]!, endedRow(moves[row.n - 1]!, row, 'running'));
    const missed = won.size === moves.length ? [] : moves.filter((move) => !won.has(move));
    if (missed.length > 0) {
      const restarted = await session.rows<EndedColumns>(FINISH_RESTARTING, [
        ...keyColumns(missed),
        texts(missed, (move) => move.token),
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

    async reset(moves) {
      for (const round of rounds(moves)) {
        for (const rows of pieces(round)) {
          session.send(RESET, [
            ...keyColumns(rows),
            texts(rows, (move) => move.to),
            bigints(rows, (move) => move.maxAttempts),
            ...counterColumns(rows),
          ]);
        }
      }
    },

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
