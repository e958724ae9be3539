import type { Readings } from '../readings.ts';
import type { SqlRunner } from './builder.ts';
import { sql } from './kysely.ts';
import { parseLogChunk } from './parse.ts';

type LogReadings = Pick<Readings, 'logChunks' | 'logChunk'>;

/** How often a text stands in the chunk's JSON: its own quotes keep a message from saying the same. */
const times = (text: string) =>
  sql<number>`(length(lines) - length(replace(lines, ${sql.lit(text)}, ''))) / ${sql.lit(text.length)}`;

const LEVELS = ['debug', 'warn', 'error'] as const;

/** Logs are counted where they lie: a log of many megabytes is never carried to where it is numbered. */
export function logReadings(runner: SqlRunner): LogReadings {
  const { builder } = runner;
  const [debug, warn, error] = LEVELS.map((level) => times(`"level":"${level}"`)) as [
    ReturnType<typeof times>,
    ReturnType<typeof times>,
    ReturnType<typeof times>,
  ];
  return {
    async logChunks({ run, task, index, attempt }) {
      let query = builder
        .selectFrom('log_chunk')
        .select(['id', 'task', 'map_index', 'attempt', 'at'])
        .select([sql<number>`${times('\n')} + 1`.as('lines'), debug.as('debug'), warn.as('warn'), error.as('error')])
        .where('run_id', '=', run)
        .orderBy('id');
      if (task !== undefined) query = query.where('task', '=', task);
      if (index !== undefined) query = query.where('map_index', '=', index);
      if (attempt !== undefined) query = query.where('attempt', '=', attempt);
      const rows = await runner.all(query);
      return rows.map((row) => ({
        id: row.id,
        run,
        task: row.task,
        index: row.map_index,
        attempt: row.attempt,
        at: row.at,
        lines: Number(row.lines),
        debug: Number(row.debug),
        warn: Number(row.warn),
        error: Number(row.error),
      }));
    },

    async logChunk(ids) {
      if (ids.length === 0) return [];
      const rows = await runner.all(
        builder
          .selectFrom('log_chunk')
          .selectAll()
          .where('id', 'in', [...ids])
          .orderBy('id'),
      );
      return rows.map(parseLogChunk);
    },
  };
}
