import { MillraceError } from '../../model/errors.ts';
import type { Runs } from '../store.ts';
import { first, kept, type SqlRunner, steady } from './builder.ts';
import { sql } from './kysely.ts';
import { parseRun } from './parse.ts';

/**
 * The verbs of runs that are rare enough to be written once for both databases. States that a partial index is about are
 * written into the text and not bound: only so can the index be used.
 */
export type OrdinaryRuns = Omit<Runs, 'lock' | 'count'>;

export function ordinaryRunsIn(runner: SqlRunner): OrdinaryRuns {
  const { builder } = runner;
  // What each start of a run asks is written once.
  const insertRun = kept(
    builder
      .insertInto('run')
      .values({
        workflow_id: 0,
        version_id: 0,
        run_id: '',
        type: '',
        state: '',
        logical_date: 0,
        interval_start: 0,
        interval_end: 0,
        run_after: 0,
        conf: '',
        params: '',
        queued_at: 0,
        triggered_by: '',
        note: '',
        unfinished: 0,
        active: 0,
        bad: 0,
        backfill_id: 0,
        backfill_order: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll(),
  );
  const runById = kept(builder.selectFrom('run').selectAll().where('id', '=', 0));
  const versionById = builder.selectFrom('workflow_version').select('id').where('id', '=', 0);
  const keptVersion = kept(runner.dialect === 'postgres' ? versionById.forKeyShare() : versionById);
  const mayStart = kept(
    builder
      .selectFrom('run')
      .select('id')
      .where('workflow_id', '=', steady(runner, 0))
      .where('state', '=', sql.lit('queued'))
      .where('backfill_id', 'is', null)
      .where('run_after', '<=', steady(runner, 0))
      .orderBy('run_after')
      .orderBy('id')
      .limit(0),
  );
  const isUnfinished = kept(
    builder
      .selectFrom('run')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('workflow_id', '=', 0)
      .where('backfill_id', 'is', null)
      .where(sql<boolean>`state IN ('queued', 'running')`),
  );
  const successBefore = kept(
    builder
      .selectFrom('run')
      .selectAll()
      .where('workflow_id', '=', steady(runner, 0))
      .where('logical_date', '<', steady(runner, 0))
      .where('state', '=', sql.lit('success'))
      .orderBy('logical_date', 'desc')
      .limit(0),
  );
  const start = kept(
    builder
      .updateTable('run')
      .set({ state: '', reason: '', started_at: 0, ended_at: null })
      .where('id', '=', 0)
      .where('state', '=', ''),
  );

  return {
    async insert(run) {
      await keepVersion(run.versionId);
      const row = await first(
        runner,
        insertRun(
          ...[run.workflowId, run.versionId, run.runId, run.type, 'queued', run.logicalDate],
          ...[run.intervalStart, run.intervalEnd, run.runAfter, run.conf, run.params, run.queuedAt],
          ...[run.triggeredBy, run.note, 0, 0, 0, run.backfill?.id ?? null, run.backfill?.ordinal ?? null],
        ),
      );
      return row && parseRun(row);
    },

    async byId(id) {
      const row = await first(runner, runById(id));
      return row && parseRun(row);
    },

    async byRunId(workflowId, runId) {
      const row = await first(
        runner,
        builder.selectFrom('run').selectAll().where('workflow_id', '=', workflowId).where('run_id', '=', runId),
      );
      return row && parseRun(row);
    },

    async byLogicalDate(workflowId, logicalDate) {
      const row = await first(
        runner,
        builder
          .selectFrom('run')
          .selectAll()
          .where('workflow_id', '=', workflowId)
          .where('logical_date', '=', logicalDate),
      );
      return row && parseRun(row);
    },

    async between(workflowId, from, to) {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .selectAll()
          .where('workflow_id', '=', workflowId)
          .where('logical_date', '>=', from)
          .where('logical_date', '<=', to)
          .orderBy('logical_date'),
      );
      return rows.map(parseRun);
    },

    async move({ id, from, to, at, reason }) {
      if (to === 'running' && from.length === 1)
        return (await runner.run(start(to, reason, at, null, id, from[0]))) > 0;
      const times =
        to === 'running'
          ? { started_at: at, ended_at: null }
          : to === 'queued'
            ? { queued_at: at, started_at: null, ended_at: null }
            : { ended_at: at };
      const changed = await runner.run(
        builder
          .updateTable('run')
          .set({ state: to, reason, ...times })
          .where('id', '=', id)
          .where('state', 'in', [...from]),
      );
      return changed > 0;
    },

    async startable(workflowId, now, limit) {
      return (await runner.all(mayStart(workflowId, now, limit))).map(({ id }) => id);
    },

    async waiting(now) {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select('workflow_id')
          .distinct()
          .where('state', '=', sql.lit('queued'))
          .where('backfill_id', 'is', null)
          .where('run_after', '<=', now)
          .orderBy('workflow_id'),
      );
      return rows.map((row) => row.workflow_id);
    },

    async unfinished(workflowId) {
      const row = await first(runner, isUnfinished(workflowId));
      return Number(row?.count ?? 0);
    },

    async previousSuccess(workflowId, logicalDate) {
      const row = await first(runner, successBefore(workflowId, logicalDate, 1));
      return row && parseRun(row);
    },

    async running(after, limit) {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select('id')
          .where('state', '=', sql.lit('running'))
          .where('id', '>', after)
          .orderBy('id')
          .limit(limit),
      );
      return rows.map(({ id }) => id);
    },

    async setVersion(id, versionId) {
      await runner.run(builder.updateTable('run').set({ version_id: versionId }).where('id', '=', id));
    },

    async adopt(id, { backfill, conf, params }) {
      const columns = { type: 'backfill', backfill_id: backfill.id, backfill_order: backfill.ordinal, conf, params };
      await runner.run(builder.updateTable('run').set(columns).where('id', '=', id));
    },

    async release(id) {
      const columns = { backfill_id: null, backfill_order: null };
      await runner.run(builder.updateTable('run').set(columns).where('id', '=', id));
    },

    async renumberTasks(id, moves) {
      const gone = moves.filter(({ to }) => to === null).map(({ from }) => from);
      if (gone.length > 0) {
        await runner.run(builder.deleteFrom('attempt').where('run_id', '=', id).where('task', 'in', gone));
        await runner.run(builder.deleteFrom('log_chunk').where('run_id', '=', id).where('task', 'in', gone));
        await runner.run(
          builder.updateTable('event').set({ task: null }).where('run_id', '=', id).where('task', 'in', gone),
        );
      }
      for (const table of ['attempt', 'log_chunk', 'event'] as const) {
        // By way of numbers that no task has, so that none is in the way of another.
        for (const { from, to } of moves) {
          if (to === null || to === from) continue;
          await runner.run(
            builder
              .updateTable(table)
              .set({ task: -1 - to })
              .where('run_id', '=', id)
              .where('task', '=', from),
          );
        }
        await runner.run(
          builder
            .updateTable(table)
            .set({ task: sql<number>`-1 - task` })
            .where('run_id', '=', id)
            .where('task', '<', 0),
        );
      }
    },

    async setNote(id, note) {
      await runner.run(builder.updateTable('run').set({ note }).where('id', '=', id));
    },
  };

  /** A version that no run uses may be replaced at any time, until this transaction holds it. */
  async function keepVersion(id: number): Promise<void> {
    if (await first(runner, keptVersion(id))) return;
    throw new MillraceError('conflict', 'the version of the workflow was replaced before this run could use it', {
      fix: 'Read the workflow again and make the run with its version.',
    });
  }
}
