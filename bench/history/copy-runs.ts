import type Sqlite from 'better-sqlite3';
import { isoInstant } from '../../src/timetable/run-id.ts';
import type { PlannedRun } from './plan.ts';

const RUNS_A_TRANSACTION = 1_000;

/** Another time: it moves with the run and is stretched with it. */
const moved = (column: string) => `CAST(@to + (${column} - @from) * @scale AS INTEGER)`;

/**
 * No instance takes as long as in another run: between the half and the whole of what it took, stretched. So none ends
 * later than it did, and what waited for it still begins behind it.
 */
const ended = `CAST(@to + (started_at - @from + (ended_at - started_at)
  * (0.5 + (@run * 7919 + task * 104729 + map_index * 1299709) % 1000 / 2000.0)) * @scale AS INTEGER)`;

/** Tables with rows of a run's instances, and what in them differs from the sample's. */
const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  task_instance: {
    order_at: '@to',
    queued_at: moved('queued_at'),
    started_at: moved('started_at'),
    ended_at: `coalesce(${ended}, ${moved('ended_at')})`,
  },
  attempt: { started_at: moved('started_at'), ended_at: ended },
  output: {},
  event: { at: moved('at') },
  log_chunk: { at: moved('at') },
};

/** Writes the planned runs as copies of the sample runs, and takes the samples away. */
export function copyRuns(db: Sqlite.Database, planned: readonly PlannedRun[], samples: readonly number[]): void {
  // Nobody else has the file, and one that was not finished is thrown away.
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -262144');
  const begunAt = new Map(
    samples.map((id) => [id, db.prepare('SELECT queued_at FROM run WHERE id = ?').pluck().get(id) as number]),
  );
  const copies = statements(db);
  let id = db.prepare('SELECT max(id) FROM run').pluck().get() as number;
  const copy = db.transaction((runs: readonly PlannedRun[]) => {
    for (const { sample, queuedAt, isScheduled, scale } of runs) {
      const date = isScheduled ? queuedAt : null;
      id += 1;
      const values = {
        run: id,
        sample,
        from: begunAt.get(sample)!,
        to: queuedAt,
        scale,
        type: isScheduled ? 'scheduled' : 'manual',
        by: isScheduled ? 'timetable' : 'bench',
        name: `${isScheduled ? 'scheduled' : 'manual'}__${isoInstant(queuedAt)}`,
        date,
      };
      for (const statement of copies) statement.run(values);
    }
  });
  for (let at = 0; at < planned.length; at += RUNS_A_TRANSACTION) copy(planned.slice(at, at + RUNS_A_TRANSACTION));
  const remove = db.transaction(() => {
    for (const sample of samples) {
      for (const table of Object.keys(TABLES)) db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(sample);
      db.prepare('DELETE FROM run WHERE id = ?').run(sample);
    }
    // What the schedules go on from.
    db.exec(`UPDATE workflow SET last_start = latest.at, last_end = latest.at
      FROM (SELECT workflow_id, max(logical_date) AS at FROM run WHERE logical_date IS NOT NULL GROUP BY workflow_id) AS latest
      WHERE latest.workflow_id = workflow.id`);
  });
  remove();
  db.pragma('wal_checkpoint(TRUNCATE)');
}

function statements(db: Sqlite.Database): readonly Sqlite.Statement[] {
  const run: Readonly<Record<string, string>> = {
    id: '@run',
    run_id: '@name',
    type: '@type',
    triggered_by: '@by',
    conf: `'{}'`,
    logical_date: '@date',
    interval_start: '@date',
    interval_end: '@date',
    run_after: '@to',
    queued_at: '@to',
    started_at: moved('started_at'),
    ended_at: moved('ended_at'),
  };
  const copy = (table: string, changed: Readonly<Record<string, string>>, where: string) => {
    const columns = (db.pragma(`table_info(${table})`) as { readonly name: string }[]).map(({ name }) => name);
    const given = columns.filter((name) => table === 'run' || name !== 'id');
    const values = given.map((name) => changed[name] ?? name);
    return db.prepare(`INSERT INTO ${table} (${given}) SELECT ${values} FROM ${table} WHERE ${where} = @sample`);
  };
  return [
    copy('run', run, 'id'),
    ...Object.entries(TABLES).map(([table, changed]) => copy(table, { ...changed, run_id: '@run' }, 'run_id')),
  ];
}
