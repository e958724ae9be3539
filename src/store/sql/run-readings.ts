import type { RunState } from '../../model/states.ts';
import type { Readings, RunOrder, RunsFilter } from '../readings.ts';
import { type Builder, first, type SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseRun } from './parse.ts';

type RunReadings = Pick<
  Readings,
  | 'runs'
  | 'recentRuns'
  | 'lastEvents'
  | 'runCounts'
  | 'unfinishedRuns'
  | 'endedBySlice'
  | 'runningBySlice'
  | 'runsNamed'
>;

export function runReadings(runner: SqlRunner): RunReadings {
  const { builder } = runner;
  return {
    async runs(filter) {
      const matching = filtered(builder, filter);
      const rows = await runner.all(ordered(matching.selectAll(), filter).limit(filter.limit).offset(filter.offset));
      const isWhole = filter.offset === 0 && rows.length < filter.limit;
      const counted = isWhole
        ? null
        : await first(
            runner,
            matching.select((e) => e.fn.countAll().as('n')),
          );
      return { runs: rows.map(parseRun), total: counted ? Number(counted.n) : rows.length };
    },

    async recentRuns({ workflowIds, limit, types, dueUntil }) {
      if (workflowIds.length === 0 || limit === 0) return [];
      // One look into the index for each workflow: what lies further back is not read.
      const rows = await runner.all(
        builder
          .selectFrom('workflow')
          .innerJoin('run', (join) =>
            join.on('run.id', 'in', (e) => {
              let latest = e
                .selectFrom('run as latest')
                .select('latest.id')
                .whereRef('latest.workflow_id', '=', 'workflow.id')
                .orderBy('latest.run_after', 'desc')
                .orderBy('latest.id', 'desc')
                .limit(limit);
              if (types) latest = latest.where('latest.type', 'in', [...types]);
              if (dueUntil !== undefined) latest = latest.where('latest.run_after', '<=', dueUntil);
              return latest;
            }),
          )
          .selectAll('run')
          .where('workflow.id', 'in', [...workflowIds])
          .orderBy('run.run_after', 'desc')
          .orderBy('run.id', 'desc'),
      );
      return rows.map(parseRun);
    },

    async lastEvents(runs) {
      if (runs.length === 0) return new Map();
      // One look into the index for each run, however many events it has.
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select((e) => [
            'run.id',
            e
              .selectFrom('event')
              .select('event.id')
              .whereRef('event.run_id', '=', 'run.id')
              .orderBy('event.id', 'desc')
              .limit(sql.lit(1))
              .as('last'),
          ])
          .where('run.id', 'in', [...runs]),
      );
      return new Map(rows.map(({ id, last }) => [id, last ?? 0]));
    },

    async runCounts({ endedSince }) {
      const ended = builder
        .selectFrom('run')
        .select(['state', (e) => e.fn.countAll().as('n')])
        .where('ended_at', '>=', endedSince)
        .where('state', 'in', ['success', 'failed'])
        .groupBy('state');
      const unfinished = builder
        .selectFrom('run')
        .select(['state', (e) => e.fn.countAll().as('n')])
        .where(isUnfinished)
        .groupBy('state');
      const counts = { failed: 0, success: 0, running: 0, queued: 0 };
      for (const { state, n } of [...(await runner.all(ended)), ...(await runner.all(unfinished))]) {
        counts[state as keyof typeof counts] = Number(n);
      }
      return counts;
    },

    async unfinishedRuns() {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select(['workflow_id', 'state', (e) => e.fn.countAll().as('n')])
          .where(isUnfinished)
          .groupBy(['workflow_id', 'state']),
      );
      return rows.map(({ workflow_id, state, n }) => ({
        workflowId: workflow_id,
        state: state as RunState,
        runs: Number(n),
      }));
    },

    async endedBySlice({ from, to, sliceMs }) {
      const slice = sliceOf('ended_at', from, sliceMs);
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select([slice.as('slice'), 'state', (e) => e.fn.countAll().as('n')])
          .where('ended_at', '>=', from)
          .where('ended_at', '<', to)
          .groupBy([slice, 'state']),
      );
      return rows.map((row) => ({ slice: Number(row.slice), state: row.state as RunState, runs: Number(row.n) }));
    },

    async runningBySlice({ from, sliceMs }) {
      const slice = sliceOf('started_at', from, sliceMs);
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select([slice.as('slice'), (e) => e.fn.countAll().as('n')])
          .where('state', '=', sql.lit('running'))
          .groupBy(slice),
      );
      return rows.map((row) => ({ slice: Number(row.slice), runs: Number(row.n) }));
    },

    async runsNamed(text, limit) {
      const named = builder.selectFrom('run').selectAll().where(isNamed(text)).orderBy('id', 'desc').limit(limit);
      return (await runner.all(named)).map(parseRun);
    },
  };
}

/** Written out, so that SQLite sees that the index of unfinished runs has all of them. */
const isUnfinished = sql<boolean>`state in ('queued', 'running')`;

/** Whole numbers divide to whole numbers in both databases; the parameters are written out so that a group is the same text. */
const sliceOf = (column: 'ended_at' | 'started_at', from: number, sliceMs: number) =>
  sql<number>`(${sql.ref(column)} - ${sql.lit(from)}) / ${sql.lit(sliceMs)}`;

const escaped = (text: string) => text.replace(/[!%_]/g, '!$&');

const isIn = (column: 'run_id' | 'conf', text: string) =>
  sql<boolean>`${sql.ref(column)} like ${`%${escaped(text)}%`} escape '!'`;

const isNamed = (text: string) => isIn('run_id', text);

const startsWith = (text: string) => sql<boolean>`run_id like ${`${escaped(text)}%`} escape '!'`;

export function filtered(builder: Builder, filter: RunsFilter) {
  let query = builder.selectFrom('run');
  const { workflowIds, states, types, named } = filter;
  if (workflowIds) query = query.where('workflow_id', 'in', workflowIds.length === 0 ? [-1] : [...workflowIds]);
  if (states) query = query.where('state', 'in', [...states]);
  if (types) query = query.where('type', 'in', [...types]);
  if (named !== undefined) query = query.where(isNamed(named));
  if (filter.begins !== undefined) query = query.where(startsWith(filter.begins));
  if (filter.confHas !== undefined) query = query.where(isIn('conf', filter.confHas));
  if (filter.ranAtLeastMs !== undefined) query = query.where(DURATION, '>=', filter.ranAtLeastMs);
  if (filter.ranAtMostMs !== undefined) query = query.where(DURATION, '<=', filter.ranAtMostMs);
  if (filter.versionNumbers) {
    const numbers = [...filter.versionNumbers];
    query = query.where('version_id', 'in', (e) =>
      e.selectFrom('workflow_version').select('workflow_version.id').where('workflow_version.number', 'in', numbers),
    );
  }
  const spans = [
    ['run_after', filter.due],
    ['logical_date', filter.logicalDate],
    ['started_at', filter.started],
    ['ended_at', filter.ended],
  ] as const;
  for (const [column, span] of spans) {
    if (span?.from !== undefined) query = query.where(column, '>=', span.from);
    if (span?.to !== undefined) query = query.where(column, '<', span.to);
  }
  return query;
}

const DURATION = sql<number>`coalesce(ended_at - started_at, -1)`;

type Matching = ReturnType<ReturnType<typeof filtered>['selectAll']>;

function ordered(query: Matching, { order }: RunsFilter): Matching {
  let sorted = query;
  for (const { by, descending } of order) {
    // No date counts as the latest in both databases.
    if (by === 'logical_date') sorted = sorted.orderBy(sql`logical_date is null`, descending ? 'desc' : 'asc');
    sorted = sorted.orderBy(orderOf(by), descending ? 'desc' : 'asc');
  }
  return order.some(({ by }) => by === 'id')
    ? sorted
    : sorted.orderBy('id', order[0]?.descending === false ? 'asc' : 'desc');
}

const WORKFLOW_NAME = sql<string>`(select workflow.name from workflow where workflow.id = run.workflow_id)`;

function orderOf(by: RunOrder) {
  if (by === 'duration') return DURATION;
  return by === 'dag_id' ? WORKFLOW_NAME : sql.ref<string | number>(by);
}
