import { randomUUID } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import type { ThinGraph } from './thin-graph.ts';
import type { ThinBatch, ThinOrder, ThinStore } from './thin-store.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, state TEXT NOT NULL, unfinished INTEGER NOT NULL, ended_at INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS instance (run INTEGER NOT NULL, task INTEGER NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL, token TEXT,
    expected INTEGER NOT NULL, done INTEGER NOT NULL, queued_at INTEGER, started_at INTEGER, ended_at INTEGER,
    PRIMARY KEY (run, task)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS claimable ON instance (run, task) WHERE state = 'queued';
  CREATE TABLE IF NOT EXISTS output (run INTEGER NOT NULL, task INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (run, task)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS attempt (run INTEGER NOT NULL, task INTEGER NOT NULL, number INTEGER NOT NULL, outcome TEXT NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, PRIMARY KEY (run, task, number)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, run INTEGER, task INTEGER,
    attempt INTEGER) STRICT;`;

/** The thin engine's store on SQLite: WAL, synchronous FULL, prepared statements, one transaction a batch. */
export class ThinSqlite implements ThinStore {
  readonly #db: Sqlite.Database;
  readonly #graphs = new Map<number, ThinGraph>();
  readonly #statements;
  #runs = 0;

  constructor(path: string) {
    this.#db = new Sqlite(path);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.pragma('cache_size = -65536');
    this.#db.pragma('wal_autocheckpoint = 4000');
    this.#db.exec(SCHEMA);
    const one = (text: string) => this.#db.prepare<unknown[], Record<string, number>>(text);
    this.#statements = {
      begin: one('BEGIN IMMEDIATE'),
      commit: one('COMMIT'),
      run: one(`INSERT INTO run (id, state, unfinished) VALUES (?, 'running', ?)`),
      instance: one(
        'INSERT INTO instance (run, task, state, attempt, expected, done, queued_at) VALUES (?, ?, ?, ?, ?, 0, ?)',
      ),
      finish: one(
        `UPDATE instance SET state = 'success', ended_at = ?, token = NULL WHERE run = ? AND task = ? AND state = 'running' AND token = ?`,
      ),
      output: one('INSERT INTO output VALUES (?, ?, ?)'),
      attempt: one(`INSERT INTO attempt VALUES (?, ?, ?, 'success', ?, ?)`),
      event: one('INSERT INTO event (at, kind, run, task, attempt) VALUES (?, ?, ?, ?, ?)'),
      count: one('UPDATE instance SET done = done + 1 WHERE run = ? AND task = ? RETURNING done, expected'),
      queue: one(
        `UPDATE instance SET state = 'queued', attempt = attempt + 1, queued_at = ? WHERE run = ? AND task = ? AND state = 'none'`,
      ),
      unfinished: one('UPDATE run SET unfinished = unfinished - ? WHERE id = ? RETURNING unfinished'),
      end: one(`UPDATE run SET state = 'success', ended_at = ? WHERE id = ?`),
      claimable: one(`SELECT run, task, attempt FROM instance WHERE state = 'queued' ORDER BY run, task LIMIT ?`),
      claim: one(
        `UPDATE instance SET state = 'running', token = ?, started_at = ? WHERE run = ? AND task = ? AND state = 'queued'`,
      ),
      step: one(`INSERT INTO instance (run, task, state, attempt, expected, done, started_at, ended_at)
        VALUES (?, ?, 'success', 1, 0, 0, ?, ?)`),
    };
  }

  async trigger(graph: ThinGraph): Promise<number> {
    const { begin, commit, run, instance } = this.#statements;
    const id = ++this.#runs;
    const now = Date.now();
    this.#graphs.set(id, graph);
    begin.run();
    run.run(id, graph.expected.length);
    for (const [task, expected] of graph.expected.entries()) {
      instance.run(id, task, expected === 0 ? 'queued' : 'none', expected === 0 ? 1 : 0, expected, now);
    }
    commit.run();
    return id;
  }

  async batch({ reports, steps, room }: ThinBatch) {
    const sql = this.#statements;
    const now = Date.now();
    sql.begin.run();
    const ended = new Map<number, number>();
    for (const { run, task, attempt, token, output, startedAt, endedAt } of reports) {
      if (sql.finish.run(now, run, task, token).changes === 0) continue;
      if (output !== null) sql.output.run(run, task, output);
      sql.attempt.run(run, task, attempt, startedAt, endedAt);
      sql.event.run(now, 'success', run, task, attempt);
      for (const next of this.#graphs.get(run)!.downstream[task]!) {
        const { done, expected } = sql.count.get(run, next)!;
        if (done === expected) sql.queue.run(now, run, next);
      }
      ended.set(run, (ended.get(run) ?? 0) + 1);
    }
    for (const { run, task, attempt, output, startedAt, endedAt } of steps) {
      sql.step.run(run, task, startedAt, endedAt);
      if (output !== null) sql.output.run(run, task, output);
      sql.attempt.run(run, task, attempt, startedAt, endedAt);
      sql.event.run(now, 'running', run, task, attempt);
      sql.event.run(now, 'success', run, task, attempt);
    }
    const over: number[] = [];
    for (const [run, count] of ended) {
      if (sql.unfinished.get(count, run)!.unfinished! > 0) continue;
      sql.end.run(now, run);
      over.push(run);
    }
    const claimed: ThinOrder[] = [];
    if (room > 0) {
      for (const { run, task, attempt } of sql.claimable.all(room) as {
        run: number;
        task: number;
        attempt: number;
      }[]) {
        const token = randomUUID();
        sql.claim.run(token, now, run, task);
        sql.event.run(now, 'running', run, task, attempt);
        claimed.push({ token, run, task, attempt, body: '' });
      }
    }
    sql.commit.run();
    return { claimed, ended: over };
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}
