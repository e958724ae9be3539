import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Readings } from '../readings.ts';
import type { InstanceRow } from '../rows.ts';
import type { Schema } from '../schema.ts';
import { first, type SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseInstance, parseRun } from './parse.ts';

type WaitingReadings = Pick<
  Readings,
  | 'waiting'
  | 'instance'
  | 'timersOf'
  | 'queuedBefore'
  | 'parkedBefore'
  | 'parkedLongest'
  | 'poolHolders'
  | 'runningTasks'
  | 'runsOf'
>;

const WAITING = ['none', 'queued', 'up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input'];

/** What is asked about what does not run. */
export function waitingReadings(runner: SqlRunner): WaitingReadings {
  const { builder } = runner;

  /** Counts no further than it must: a line of a million is as good as one of ten thousand. */
  const countUpTo = async (
    most: number,
    where: (e: ExpressionBuilder<Schema, 'task_instance'>) => Expression<SqlBool>,
  ) => {
    const some = builder.selectFrom('task_instance').select(sql<number>`1`.as('one')).where(where).limit(most);
    const counted = await first(
      runner,
      builder.selectFrom(some.as('some')).select((e) => e.fn.countAll().as('n')),
    );
    return Number(counted?.n ?? 0);
  };

  return {
    async waiting(run, limit) {
      const groups = await runner.all(
        builder
          .selectFrom('task_instance')
          .select(['task', (e) => e.fn.min('map_index').as('first'), (e) => e.fn.countAll().as('n')])
          .where('run_id', '=', run)
          .where('state', 'in', WAITING)
          .groupBy(['task', 'state', 'parked'])
          .orderBy((e) => e.case().when('state', '=', 'none').then(1).else(0).end())
          .orderBy('task')
          .orderBy('first')
          .limit(limit),
      );
      if (groups.length === 0) return [];
      const rows = await runner.all(
        builder
          .selectFrom('task_instance')
          .selectAll()
          .where('run_id', '=', run)
          .where('task', 'in', [...new Set(groups.map(({ task }) => task))])
          .where('map_index', 'in', [...new Set(groups.map(({ first: index }) => index))]),
      );
      const found = new Map(rows.map((row) => [`${row.task}.${row.map_index}`, parseInstance(row)]));
      return groups.flatMap(({ task, first: index, n }) => {
        const instance = found.get(`${task}.${index}`);
        return instance ? [{ first: instance, instances: Number(n) }] : [];
      });
    },

    async instance({ run, task, index }) {
      const row = await first(
        runner,
        builder
          .selectFrom('task_instance')
          .selectAll()
          .where('run_id', '=', run)
          .where('task', '=', task)
          .where('map_index', '=', index),
      );
      return row ? parseInstance(row) : null;
    },

    async timersOf(run) {
      const rows = await runner.all(
        builder
          .selectFrom('timer')
          .select(['task', 'map_index', 'due'])
          .where('run_id', '=', run)
          .where('kind', 'in', ['retry', 'reschedule']),
      );
      return new Map(rows.map(({ task, map_index, due }) => [`${task}.${map_index}`, due]));
    },

    queuedBefore: (instance, most) =>
      countUpTo(most, (e) => e.and([e('state', '=', 'queued'), e('parked', 'is', null), isBefore(e, instance)])),

    parkedBefore: (instance, most) =>
      countUpTo(most, (e) => e.and([e('parked', '=', instance.parked), isBefore(e, instance)])),

    async parkedLongest(limit) {
      const row = await first(
        runner,
        builder
          .selectFrom('task_instance')
          .select(['run_id', 'queued_at'])
          .where('parked', '=', limit)
          .where('queued_at', 'is not', null)
          .orderBy('queued_at')
          .limit(1),
      );
      return row ? { run: row.run_id, since: row.queued_at! } : null;
    },

    async poolHolders(pool, limit) {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .innerJoin('task_instance', 'task_instance.run_id', 'run.id')
          .select(['task_instance.run_id', 'task_instance.task', (e) => e.fn.sum('task_instance.slots').as('held')])
          .where('run.state', '=', 'running')
          .where('task_instance.pool', '=', pool)
          .where('task_instance.state', 'in', ['running', 'restarting'])
          .groupBy(['task_instance.run_id', 'task_instance.task'])
          .orderBy('held', 'desc')
          .limit(limit),
      );
      return rows.map(({ run_id, task, held }) => ({ run: run_id, task, slots: Number(held) }));
    },

    async runningTasks(run) {
      const rows = await runner.all(
        builder
          .selectFrom('task_instance')
          .select(['task', (e) => e.fn.countAll().as('n')])
          .where('run_id', '=', run)
          .where('state', 'in', ['running', 'restarting'])
          .groupBy('task'),
      );
      return rows.map(({ task, n }) => ({ task, instances: Number(n) }));
    },

    async runsOf(ids) {
      if (ids.length === 0) return [];
      return (
        await runner.all(
          builder
            .selectFrom('run')
            .selectAll()
            .where('id', 'in', [...ids]),
        )
      ).map(parseRun);
    },
  };
}

/** In the order of claims: priority, then date, then run, task and map index. */
function isBefore(e: ExpressionBuilder<Schema, 'task_instance'>, { priority, orderAt, run, task, index }: InstanceRow) {
  return e.or([
    e('priority', '>', priority),
    e.and([e('priority', '=', priority), e('order_at', '<', orderAt)]),
    e.and([e('priority', '=', priority), e('order_at', '=', orderAt), e('run_id', '<', run)]),
    e.and([
      e('priority', '=', priority),
      e('order_at', '=', orderAt),
      e('run_id', '=', run),
      e.or([e('task', '<', task), e.and([e('task', '=', task), e('map_index', '<', index)])]),
    ]),
  ]);
}
