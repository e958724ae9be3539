import type { TaskState } from '../../model/states.ts';
import type { Readings, TaskStateRow } from '../readings.ts';
import { first, type SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseAttempt, parseInstance } from './parse.ts';

type TaskReadings = Pick<
  Readings,
  | 'taskStates'
  | 'taskDurations'
  | 'plainInstances'
  | 'instancesOf'
  | 'attemptsOf'
  | 'failures'
  | 'stepNames'
  | 'cachedSteps'
>;

/** A few of each task tell the cause. */
const FAILURES_OF_A_TASK = 20;

const DONE = ['success', 'skipped', 'removed'];

export function taskReadings(runner: SqlRunner): TaskReadings {
  const { builder } = runner;
  return {
    async taskStates(runs) {
      if (runs.length === 0) return [];
      return [...(await plainStates(runner, runs)), ...(await mappedStates(runner, runs))];
    },

    async taskDurations(runs) {
      if (runs.length === 0) return [];
      const rows = await runner.all(
        builder
          .selectFrom('task_instance')
          .select(['run_id', 'task', sql<number>`avg(ended_at - started_at)`.as('ms')])
          .where('run_id', 'in', [...runs])
          .where('state', '=', 'success')
          .where('started_at', 'is not', null)
          .groupBy(['run_id', 'task']),
      );
      return rows.map(({ run_id, task, ms }) => ({ run: run_id, task, ms: Number(ms) }));
    },

    async plainInstances(run, tasks) {
      let query = builder
        .selectFrom('task_instance')
        .selectAll()
        .where('run_id', '=', run)
        .where('map_index', '=', -1)
        .orderBy('task');
      if (tasks) query = query.where('task', 'in', tasks.length === 0 ? [-1] : [...tasks]);
      return (await runner.all(query)).map(parseInstance);
    },

    async instancesOf({ run, task, limit, offset }) {
      const all = builder
        .selectFrom('task_instance')
        .where('run_id', '=', run)
        .where('task', '=', task)
        .where('map_index', '>=', 0);
      const rows = await runner.all(
        all
          .selectAll()
          .orderBy((e) => e.case().when('state', '=', 'failed').then(0).when('state', 'in', DONE).then(2).else(1).end())
          .orderBy('map_index')
          .limit(limit)
          .offset(offset),
      );
      const counted = await first(
        runner,
        all.select((e) => e.fn.countAll().as('n')),
      );
      return { instances: rows.map(parseInstance), total: Number(counted?.n ?? 0) };
    },

    async attemptsOf({ run, task, indexes, mapped }) {
      let query = builder.selectFrom('attempt').selectAll().where('run_id', '=', run);
      if (task !== undefined) query = query.where('task', '=', task);
      if (indexes) query = query.where('map_index', 'in', indexes.length === 0 ? [-2] : [...indexes]);
      else if (mapped === undefined) query = query.where('map_index', '=', -1);
      query = query.orderBy('task').orderBy('map_index').orderBy('attempt');
      if (mapped !== undefined) query = query.limit(mapped);
      return (await runner.all(query)).map(parseAttempt);
    },

    async failures(runs) {
      if (runs.length === 0) return [];
      const ranked = builder
        .selectFrom('attempt')
        .innerJoin('task_instance', (join) =>
          join
            .onRef('task_instance.run_id', '=', 'attempt.run_id')
            .onRef('task_instance.task', '=', 'attempt.task')
            .onRef('task_instance.map_index', '=', 'attempt.map_index')
            .onRef('task_instance.attempt', '=', 'attempt.attempt'),
        )
        .selectAll('attempt')
        .select(
          sql<number>`row_number() over (partition by attempt.run_id, attempt.task order by attempt.map_index)`.as(
            'place',
          ),
        )
        .where('attempt.run_id', 'in', [...runs])
        .where('task_instance.state', '=', 'failed');
      const rows = await runner.all(
        builder.selectFrom(ranked.as('ranked')).selectAll('ranked').where('place', '<=', FAILURES_OF_A_TASK),
      );
      return rows.map(parseAttempt);
    },

    async stepNames(run) {
      const rows = await runner.all(builder.selectFrom('step_name').select(['task', 'name']).where('run_id', '=', run));
      return new Map(rows.map(({ task, name }) => [task, name]));
    },

    async cachedSteps(run) {
      const rows = await runner.all(
        builder
          .selectFrom('event')
          .select(['task', 'map_index'])
          .where('run_id', '=', run)
          .where('kind', '=', 'instance.success')
          .where('data', 'like', '%"from the cache"%'),
      );
      return new Set(rows.map(({ task, map_index }) => `${task}.${map_index}`));
    },
  };
}

/** Of one instance: task, state, attempt, whether it is parked, start and end. */
type Packed = readonly [number, TaskState, number, number, number | null, number | null];

/**
 * Instances that are not mapped, each by itself: nothing is sorted, and each run is one text. 50,000 rows with a name for
 * each of their columns would take longer to be handed from thread to thread than to be read.
 */
async function plainStates(runner: SqlRunner, runs: readonly number[]): Promise<readonly TaskStateRow[]> {
  const columns = sql`task, state, attempt, case when parked is null then 0 else 1 end, started_at, ended_at`;
  const packed =
    runner.dialect === 'sqlite'
      ? sql<string>`json_group_array(json_array(${columns}))`
      : sql<string>`json_agg(json_build_array(${columns}))::text`;
  const rows = await runner.all(
    runner.builder
      .selectFrom('task_instance')
      .select(['run_id', packed.as('instances')])
      .where('run_id', 'in', [...runs])
      .where('map_index', '=', -1)
      .groupBy('run_id'),
  );
  return rows.flatMap(({ run_id: run, instances }) =>
    (JSON.parse(instances) as readonly Packed[]).map(
      ([task, state, attempt, parked, startedAt, endedAt]): TaskStateRow => ({
        run,
        task,
        state,
        instances: 1,
        mapped: false,
        parked,
        attempt,
        startedAt,
        endedAt,
      }),
    ),
  );
}

async function mappedStates(runner: SqlRunner, runs: readonly number[]): Promise<readonly TaskStateRow[]> {
  const rows = await runner.all(
    runner.builder
      .selectFrom('task_instance')
      .select(['run_id', 'task', 'state'])
      .select((e) => [
        e.fn.countAll().as('n'),
        e.fn.count('parked').as('parked'),
        e.fn.max('attempt').as('attempt'),
        e.fn.min('started_at').as('started'),
        e.fn.max('ended_at').as('ended'),
      ])
      .where('run_id', 'in', [...runs])
      .where('map_index', '>=', 0)
      .groupBy(['run_id', 'task', 'state']),
  );
  return rows.map((row) => ({
    run: row.run_id,
    task: row.task,
    state: row.state as TaskState,
    instances: Number(row.n),
    mapped: true,
    parked: Number(row.parked),
    attempt: Number(row.attempt),
    startedAt: row.started === null ? null : Number(row.started),
    endedAt: row.ended === null ? null : Number(row.ended),
  }));
}
