import type { SpecHead } from '../../model/spec.ts';
import type { Readings } from '../readings.ts';
import type { SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseWorkflow } from './parse.ts';

type WorkflowReadings = Pick<Readings, 'workflows' | 'specHeads' | 'failingWorkflows' | 'runningWorkflows'>;

/** What is said of workflows as a whole, of all of them at once: no graph is read for it. */
export function workflowReadings(runner: SqlRunner): WorkflowReadings {
  const { builder, dialect } = runner;
  // The database takes the graph away, so that it is neither carried nor parsed.
  const head =
    dialect === 'sqlite'
      ? sql<string>`json_remove(spec, '$.docs', '$.params', '$.tasks', '$.groups')`
      : sql<string>`(spec::jsonb - '{docs,params,tasks,groups}'::text[])::text`;
  return {
    async workflows({ present, name }) {
      let query = builder
        .selectFrom('workflow')
        .innerJoin('workflow_version', 'workflow_version.id', 'workflow.version_id')
        .selectAll('workflow')
        .select(['workflow_version.number', 'workflow_version.bundle_hash'])
        .orderBy('workflow.name');
      if (present !== undefined) query = query.where('workflow.present', '=', present ? 1 : 0);
      if (name !== undefined) query = query.where('workflow.name', '=', name);
      return (await runner.all(query)).map((row) => ({ ...parseWorkflow(row), bundleHash: row.bundle_hash }));
    },

    async specHeads(versions) {
      if (versions.length === 0) return new Map();
      const rows = await runner.all(
        builder
          .selectFrom('workflow_version')
          .select(['id', head.as('head')])
          .where('id', 'in', [...versions]),
      );
      return new Map(rows.map((row) => [row.id, JSON.parse(row.head) as SpecHead]));
    },

    async failingWorkflows(workflowIds) {
      const latest = builder
        .selectFrom('run')
        .whereRef('run.workflow_id', '=', sql.ref('workflow.id'))
        .where('run.state', 'in', ['success', 'failed'])
        .orderBy('run.run_after', 'desc')
        .orderBy('run.id', 'desc')
        .limit(sql.lit(1));
      let query = builder
        .selectFrom('workflow')
        .select('workflow.id')
        .where(latest.select('run.state'), '=', 'failed')
        .orderBy(latest.select('run.ended_at'), 'desc');
      if (workflowIds) query = query.where('workflow.id', 'in', workflowIds.length === 0 ? [-1] : [...workflowIds]);
      return new Set((await runner.all(query)).map(({ id }) => id));
    },

    async runningWorkflows(runs) {
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select('workflow_id')
          // Written out, so that SQLite sees that the index of running runs has all of them.
          .where('state', '=', sql.lit('running'))
          .orderBy('started_at')
          .limit(runs),
      );
      return [...new Set(rows.map((row) => row.workflow_id))];
    },
  };
}
