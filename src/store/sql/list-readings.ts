import type { RunState } from '../../model/states.ts';
import type { Readings } from '../readings.ts';
import type { SqlRunner } from './builder.ts';
import { parseVersion } from './parse.ts';
import { filtered } from './run-readings.ts';

/** What lists of workflows are filtered by and show. */
export function listReadings(runner: SqlRunner): Pick<Readings, 'workflowsWithRuns' | 'runsByState' | 'versionsOf'> {
  const { builder } = runner;
  return {
    async workflowsWithRuns(filter) {
      const unordered = { ...filter, order: [], limit: 0, offset: 0 };
      const rows = await runner.all(filtered(builder, unordered).select('workflow_id').distinct());
      return new Set(rows.map((row) => row.workflow_id));
    },

    async runsByState(workflowIds) {
      if (workflowIds.length === 0) return [];
      const rows = await runner.all(
        builder
          .selectFrom('run')
          .select(['workflow_id', 'state', (e) => e.fn.countAll().as('n')])
          .where('workflow_id', 'in', [...workflowIds])
          .groupBy(['workflow_id', 'state']),
      );
      return rows.map(({ workflow_id, state, n }) => ({
        workflowId: workflow_id,
        state: state as RunState,
        runs: Number(n),
      }));
    },

    async versionsOf(workflowIds) {
      if (workflowIds.length === 0) return [];
      const rows = await runner.all(
        builder
          .selectFrom('workflow_version')
          .selectAll()
          .where('workflow_id', 'in', [...workflowIds])
          .orderBy('id'),
      );
      return rows.map(parseVersion);
    },
  };
}
