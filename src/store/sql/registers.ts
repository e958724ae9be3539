import type { Sealed } from '../sealed.ts';
import type { ImportErrors, Pools, Servers, Timers } from '../store.ts';
import { first, kept, type SqlRunner } from './builder.ts';
import { parseTimer } from './parse.ts';

/** Small registers that both databases keep in the same words: timers, pools, servers, sealed values, import errors. */

export function timersIn(runner: SqlRunner): Timers {
  const { builder } = runner;
  return {
    async add(rows) {
      for (const { due, kind, run, task, index, attempt } of rows) {
        await runner.run(
          builder.insertInto('timer').values({ due, kind, run_id: run, task, map_index: index, attempt }),
        );
      }
    },
    async due(now, limit) {
      const rows = await runner.all(
        builder.selectFrom('timer').selectAll().where('due', '<=', now).orderBy('due').orderBy('id').limit(limit),
      );
      return rows.map(parseTimer);
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await runner.run(builder.deleteFrom('timer').where('id', 'in', [...ids]));
    },
    async postpone(ids, due) {
      if (ids.length === 0) return;
      await runner.run(
        builder
          .updateTable('timer')
          .set({ due })
          .where('id', 'in', [...ids]),
      );
    },
    async next() {
      const row = await first(runner, builder.selectFrom('timer').select('due').orderBy('due').limit(1));
      return row?.due ?? null;
    },
  };
}

export function poolsIn(runner: SqlRunner): Pools {
  const { builder } = runner;
  const all = kept(builder.selectFrom('pool').selectAll().orderBy('name'));
  const parse = (row: { name: string; slots: number; description: string; include_deferred: number }) => ({
    name: row.name,
    slots: row.slots,
    description: row.description,
    includeDeferred: row.include_deferred === 1,
  });
  return {
    async list() {
      return (await runner.all(all())).map(parse);
    },
    async get(name) {
      const row = await first(runner, builder.selectFrom('pool').selectAll().where('name', '=', name));
      return row && parse(row);
    },
    async put({ name, slots, description, includeDeferred }) {
      const columns = { slots, description, include_deferred: includeDeferred ? 1 : 0 };
      await runner.run(
        builder
          .insertInto('pool')
          .values({ name, ...columns })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(columns)),
      );
    },
    async remove(name) {
      return (await runner.run(builder.deleteFrom('pool').where('name', '=', name))) > 0;
    },
  };
}

/** Lease of a server whose attempts are being taken over. */
const GIVEN_UP = 0;

export function serversIn(runner: SqlRunner): Servers {
  const { builder } = runner;
  const alive = builder.selectFrom('server').select('id').where('id', '=', 0).where('lease_until', '>', GIVEN_UP);
  const held = kept(runner.dialect === 'postgres' ? alive.forShare() : alive);
  return {
    async register({ name, at, leaseUntil }) {
      const row = await first(
        runner,
        builder.insertInto('server').values({ name, started_at: at, lease_until: leaseUntil }).returning('id'),
      );
      return row!.id;
    },
    async renew(id, leaseUntil) {
      const query = builder
        .updateTable('server')
        .set({ lease_until: leaseUntil })
        .where('id', '=', id)
        .where('lease_until', '>', GIVEN_UP);
      return (await runner.run(query)) > 0;
    },
    async hold(id) {
      return (await first(runner, held(id, GIVEN_UP))) !== null;
    },
    async giveUp(id, leaseBefore) {
      const query = builder
        .updateTable('server')
        .set({ lease_until: GIVEN_UP })
        .where('id', '=', id)
        .where('lease_until', '<', leaseBefore);
      return (await runner.run(query)) > 0;
    },
    async list() {
      const rows = await runner.all(builder.selectFrom('server').selectAll().orderBy('id'));
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        startedAt: row.started_at,
        leaseUntil: row.lease_until,
      }));
    },
    async remove(id) {
      await runner.run(builder.deleteFrom('server').where('id', '=', id));
    },
  };
}

export function sealedIn(runner: SqlRunner, table: 'connection' | 'variable' | 'secret'): Sealed {
  const { builder } = runner;
  const parse = (row: { name: string; sealed: string; summary: string; updated_at: number }) => ({
    name: row.name,
    sealed: row.sealed,
    summary: row.summary,
    updatedAt: row.updated_at,
  });
  return {
    async get(name) {
      const row = await first(runner, builder.selectFrom(table).selectAll().where('name', '=', name));
      return row && parse(row);
    },
    async put({ name, sealed, summary, updatedAt }) {
      const columns = { sealed, summary, updated_at: updatedAt };
      await runner.run(
        builder
          .insertInto(table)
          .values({ name, ...columns })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(columns)),
      );
    },
    async remove(name) {
      return (await runner.run(builder.deleteFrom(table).where('name', '=', name))) > 0;
    },
    async list() {
      return (await runner.all(builder.selectFrom(table).selectAll().orderBy('name'))).map(parse);
    },
  };
}

export function importErrorsIn(runner: SqlRunner): ImportErrors {
  const { builder } = runner;
  return {
    async replace(file, errors) {
      await runner.run(builder.deleteFrom('import_error').where('file', '=', file));
      for (const { line, column, code, message, fix, frame, at } of errors) {
        await runner.run(
          builder.insertInto('import_error').values({ file, line, col: column, code, message, fix, frame, at }),
        );
      }
    },
    async list() {
      const rows = await runner.all(
        builder
          .selectFrom('import_error')
          .selectAll()
          .orderBy('file')
          .orderBy('line', (order) => order.asc().nullsFirst()),
      );
      return rows.map(({ col, ...row }) => ({ ...row, column: col }));
    },
  };
}
