import type { BackfillRow, SlotRow } from '../rows.ts';
import type { Backfills, Queries } from '../store.ts';
import { first, kept, type SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseBackfill, parseSlot } from './parse.ts';

/** Slots in one statement. */
const PIECE = 500;

/**
 * Backfills, in the same words for both databases. That a workflow has one uncompleted backfill at most is held by a
 * unique index: of two that are made at the same time one finds the other. States that a partial index is about are
 * written into the text and not bound.
 */
export function backfillsIn(runner: SqlRunner): Backfills {
  const { builder } = runner;
  const isOpen = builder.selectFrom('backfill').selectAll().where('completed_at', 'is', null);
  const allOpen = kept(isOpen);
  const openOf = kept(isOpen.where('workflow_id', '=', 0));
  return {
    async insert({ workflowId, from, to, reverse, reprocess, maxActiveRuns, conf, createdAt, triggeredBy }, slots) {
      const row = await first(
        runner,
        builder
          .insertInto('backfill')
          .values({
            workflow_id: workflowId,
            from_at: from,
            to_at: to,
            reverse: reverse ? 1 : 0,
            reprocess,
            max_active_runs: maxActiveRuns,
            conf,
            paused: 0,
            created_at: createdAt,
            cancelled_at: null,
            completed_at: null,
            triggered_by: triggeredBy,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll(),
      );
      if (!row) return null;
      for (let at = 0; at < slots.length; at += PIECE) {
        await runner.run(
          builder.insertInto('backfill_slot').values(
            slots.slice(at, at + PIECE).map((slot) => ({
              backfill_id: row.id,
              ordinal: slot.ordinal,
              logical_date: slot.logicalDate,
              interval_start: slot.intervalStart,
              interval_end: slot.intervalEnd,
              run_after: slot.runAfter,
              outcome: 'pending',
              run_id: null,
            })),
          ),
        );
      }
      return parseBackfill(row);
    },

    async lock(id) {
      const query = builder.selectFrom('backfill').selectAll().where('id', '=', id);
      const row = await first(runner, runner.dialect === 'postgres' ? query.forUpdate() : query);
      return row && parseBackfill(row);
    },

    async open(workflowId) {
      // Sorted here: SQLite would rather go through all there ever were than sort the few that are open.
      const rows = await runner.all(workflowId === undefined ? allOpen() : openOf(workflowId));
      return rows.map(parseBackfill).sort((a, b) => a.id - b.id);
    },

    async setPaused(id, paused) {
      const changed = await runner.run(
        builder
          .updateTable('backfill')
          .set({ paused: paused ? 1 : 0 })
          .where('id', '=', id)
          .where('paused', '=', paused ? 0 : 1)
          .where('completed_at', 'is', null),
      );
      return changed > 0;
    },

    async cancel(id, at) {
      await runner.run(builder.updateTable('backfill').set({ cancelled_at: at }).where('id', '=', id));
      await runner.run(
        builder
          .updateTable('backfill_slot')
          .set({ outcome: 'cancelled' })
          .where('backfill_id', '=', id)
          .where('outcome', '=', sql.lit('pending')),
      );
    },

    async complete(id, at) {
      await runner.run(builder.updateTable('backfill').set({ completed_at: at }).where('id', '=', id));
    },

    async pending(id, limit) {
      const rows = await runner.all(
        builder
          .selectFrom('backfill_slot')
          .selectAll()
          .where('backfill_id', '=', id)
          .where('outcome', '=', sql.lit('pending'))
          .orderBy('ordinal')
          .limit(limit),
      );
      return rows.map(parseSlot);
    },

    async settle(id, rows) {
      for (const { ordinal, outcome, run } of rows) {
        await runner.run(
          builder
            .updateTable('backfill_slot')
            .set({ outcome, run_id: run })
            .where('backfill_id', '=', id)
            .where('ordinal', '=', ordinal),
        );
      }
    },

    async startable(id, limit) {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select('id')
          .where('backfill_id', '=', id)
          .where('state', '=', sql.lit('queued'))
          .orderBy('backfill_order')
          .limit(limit),
      );
      return rows.map((row) => row.id);
    },

    async isRunning({ id, workflowId }) {
      const row = await first(
        runner,
        builder
          .selectFrom('run')
          .select('id')
          .where('workflow_id', '=', workflowId)
          .where('backfill_id', '=', id)
          .where(sql<boolean>`state IN ('queued', 'running')`)
          .limit(1),
      );
      return row !== null;
    },
  };
}

/** Lists of them, for people. */
export function backfillQueries(runner: SqlRunner): Pick<Queries, 'backfills' | 'backfill' | 'slots'> {
  const { builder } = runner;
  return {
    async backfills({ workflowId, limit = 50 }): Promise<BackfillRow[]> {
      let query = builder.selectFrom('backfill').selectAll().orderBy('id', 'desc').limit(limit);
      if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId);
      return (await runner.all(query)).map(parseBackfill);
    },

    async backfill(id) {
      const row = await first(runner, builder.selectFrom('backfill').selectAll().where('id', '=', id));
      return row && parseBackfill(row);
    },

    async slots(backfill) {
      const rows = await runner.all(
        builder
          .selectFrom('backfill_slot')
          .leftJoin('run', 'run.id', 'backfill_slot.run_id')
          .selectAll('backfill_slot')
          .select(['run.run_id as name', 'run.state as state'])
          .where('backfill_slot.backfill_id', '=', backfill)
          .orderBy('ordinal'),
      );
      return rows.map(({ name, state, ...row }) => ({
        ...(parseSlot(row) satisfies SlotRow),
        runId: name,
        state: state as Awaited<ReturnType<Queries['slots']>>[number]['state'],
      }));
    },
  };
}
