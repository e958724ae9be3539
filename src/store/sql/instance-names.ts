import type { InstanceNames } from '../instance-names.ts';
import type { SqlRunner } from './builder.ts';

export function instanceNamesIn(runner: SqlRunner): InstanceNames {
  const { builder } = runner;
  return {
    async put(names) {
      for (const { run, task, index, name } of names) {
        await runner.run(
          builder
            .insertInto('instance_name')
            .values({ run_id: run, task, map_index: index, name })
            .onConflict((conflict) => conflict.columns(['run_id', 'task', 'map_index']).doUpdateSet({ name })),
        );
      }
    },
  };
}

/** Names of instances of these runs, by `run.task.index`. */
export async function instanceNamesOf(
  runner: SqlRunner,
  runs: readonly number[],
): Promise<ReadonlyMap<string, string>> {
  if (runs.length === 0) return new Map();
  const query = runner.builder
    .selectFrom('instance_name')
    .selectAll()
    .where('run_id', 'in', [...runs]);
  const rows = await runner.all(query);
  return new Map(rows.map((row) => [`${row.run_id}.${row.task}.${row.map_index}`, row.name]));
}
