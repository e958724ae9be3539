import type { Queries } from '../store.ts';
import { accessQueriesOver } from './access.ts';
import { backfillQueries } from './backfills.ts';
import { first, type SqlRunner } from './builder.ts';
import {
  parseAttempt,
  parseEvent,
  parseInstance,
  parseLogChunk,
  parseOutput,
  parseRun,
  parseVersion,
  parseWorkflow,
} from './parse.ts';

/** Lists for people, the same on both databases. */
export function queriesOver(runner: SqlRunner): Queries {
  const { builder } = runner;
  const workflows = () =>
    builder
      .selectFrom('workflow')
      .innerJoin('workflow_version', 'workflow_version.id', 'workflow.version_id')
      .selectAll('workflow')
      .select(['workflow_version.number', 'workflow_version.spec', 'workflow_version.bundle_hash']);
  const withSpec = (row: Parameters<typeof parseWorkflow>[0] & { spec: string; bundle_hash: string }) => ({
    ...parseWorkflow(row),
    spec: JSON.parse(row.spec),
    bundleHash: row.bundle_hash,
  });

  return {
    ...accessQueriesOver(runner),

    async workflows(filter = {}) {
      let query = workflows().orderBy('workflow.name');
      if (filter.present !== undefined) query = query.where('workflow.present', '=', filter.present ? 1 : 0);
      if (filter.paused !== undefined) query = query.where('workflow.paused', '=', filter.paused ? 1 : 0);
      return (await runner.all(query)).map(withSpec);
    },

    async workflow(name) {
      const row = await first(runner, workflows().where('workflow.name', '=', name));
      return row && withSpec(row);
    },

    async version(id) {
      const row = await first(runner, builder.selectFrom('workflow_version').selectAll().where('id', '=', id));
      return row && parseVersion(row);
    },

    async runs({ workflowId, states, limit = 50, offset = 0 }) {
      if (states?.length === 0) return [];
      let query = builder.selectFrom('run').selectAll().orderBy('id', 'desc').limit(limit).offset(offset);
      if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId);
      if (states) query = query.where('state', 'in', [...states]);
      return (await runner.all(query)).map(parseRun);
    },

    async run(id) {
      const row = await first(runner, builder.selectFrom('run').selectAll().where('id', '=', id));
      return row && parseRun(row);
    },

    async runByRunId(workflowId, runId) {
      const row = await first(
        runner,
        builder.selectFrom('run').selectAll().where('workflow_id', '=', workflowId).where('run_id', '=', runId),
      );
      return row && parseRun(row);
    },

    ...backfillQueries(runner),

    async instances(run) {
      const rows = await runner.all(
        builder.selectFrom('task_instance').selectAll().where('run_id', '=', run).orderBy('task').orderBy('map_index'),
      );
      return rows.map(parseInstance);
    },

    async attempts(run) {
      const rows = await runner.all(
        builder
          .selectFrom('attempt')
          .selectAll()
          .where('run_id', '=', run)
          .orderBy('task')
          .orderBy('map_index')
          .orderBy('attempt'),
      );
      return rows.map(parseAttempt);
    },

    async outputs(run) {
      const rows = await runner.all(
        builder.selectFrom('output').selectAll().where('run_id', '=', run).orderBy('task').orderBy('map_index'),
      );
      return rows.map(parseOutput);
    },

    async logs({ run, task, index, attempt, after = 0, limit = 1000 }) {
      let query = builder
        .selectFrom('log_chunk')
        .selectAll()
        .where('run_id', '=', run)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit);
      if (task !== undefined) query = query.where('task', '=', task);
      if (index !== undefined) query = query.where('map_index', '=', index);
      if (attempt !== undefined) query = query.where('attempt', '=', attempt);
      return (await runner.all(query)).map(parseLogChunk);
    },

    async events({ after, run, limit = 1000 }) {
      let query = builder.selectFrom('event').selectAll().where('id', '>', after).orderBy('id').limit(limit);
      if (run !== undefined) query = query.where('run_id', '=', run);
      return (await runner.all(query)).map(parseEvent);
    },

    async lastEvent() {
      const row = await first(runner, builder.selectFrom('event').select('id').orderBy('id', 'desc').limit(1));
      return row?.id ?? 0;
    },

    async limits() {
      return runner.all(builder.selectFrom('limit_use').selectAll().orderBy('key'));
    },
  };
}
