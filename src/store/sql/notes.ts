import type { Notes } from '../notes.ts';
import type { SqlRunner } from './builder.ts';

export function notesIn(runner: SqlRunner): Notes {
  const { builder } = runner;
  return {
    async put({ run, task, index }, note) {
      const key = { run_id: run, task, map_index: index };
      if (note === null) {
        const query = builder.deleteFrom('instance_note').where('run_id', '=', run).where('task', '=', task);
        await runner.run(query.where('map_index', '=', index));
        return;
      }
      await runner.run(
        builder
          .insertInto('instance_note')
          .values({ ...key, note })
          .onConflict((conflict) => conflict.columns(['run_id', 'task', 'map_index']).doUpdateSet({ note })),
      );
    },
  };
}

/** Notes on instances of these runs, by `run.task.index`. */
export async function notesOf(runner: SqlRunner, runs: readonly number[]): Promise<ReadonlyMap<string, string>> {
  if (runs.length === 0) return new Map();
  const query = runner.builder
    .selectFrom('instance_note')
    .selectAll()
    .where('run_id', 'in', [...runs]);
  const rows = await runner.all(query);
  return new Map(rows.map((row) => [`${row.run_id}.${row.task}.${row.map_index}`, row.note]));
}
