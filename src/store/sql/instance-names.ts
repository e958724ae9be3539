import { instanceKey } from '../deltas.ts';
import type { InstanceNames } from '../instance-names.ts';
import type { SqlRunner } from './builder.ts';

export function instanceNamesIn(runner: SqlRunner): InstanceNames {
  const { builder } = runner;
  return {
    async put(names) {
      if (names.length === 0) return;
      // One statement for all: it may write each row once.
      const latest = new Map(names.map((named) => [instanceKey(named), named]));
      await runner.run(
        builder
          .insertInto('instance_name')
          .values(
            [...latest.values()].map(({ run, task, index, name }) => ({ run_id: run, task, map_index: index, name })),
          )
          .onConflict((conflict) =>
            conflict
              .columns(['run_id', 'task', 'map_index'])
              .doUpdateSet(({ ref }) => ({ name: ref('excluded.name') })),
          ),
      );
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
