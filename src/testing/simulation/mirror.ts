import type { WorkflowSpec } from '../../model/spec.ts';
import type { RunState, TaskState } from '../../model/states.ts';
import type { AttemptRow, EventRow, InstanceRow, LimitRow, RunRow } from '../../store/rows.ts';
import { parseAttempt, parseEvent, parseInstance, parseRun } from '../../store/sql/parse.ts';
import type { Database } from '../../store/sqlite/database.ts';

/** One move of an instance or a run within a transaction; null: it was not there, or is no longer. */
export interface InstanceMove {
  readonly run: number;
  readonly task: number;
  readonly index: number;
  readonly from: TaskState | null;
  readonly to: TaskState | null;
}

export interface RunMove {
  readonly run: number;
  readonly from: RunState | null;
  readonly to: RunState;
}

/** What one committed transaction did to the database. */
export interface Change {
  readonly moves: readonly InstanceMove[];
  /** Of calls of flows. */
  readonly stepMoves: readonly InstanceMove[];
  readonly runMoves: readonly RunMove[];
  /** Runs of which a row, or an instance's row, was written. */
  readonly runs: ReadonlySet<number>;
  /** Instances of those runs as they were before. */
  readonly before: ReadonlyMap<number, ReadonlyMap<string, InstanceRow>>;
  readonly limitsBefore: ReadonlyMap<string, LimitRow>;
  readonly attempts: readonly AttemptRow[];
  readonly events: readonly EventRow[];
}

export interface WorkflowFacts {
  readonly id: number;
  readonly paused: boolean;
  readonly versionId: number;
  readonly nextDue: number | null;
}

export const rowName = (task: number, index: number): string => `${task}.${index}`;

const NO_ROWS: ReadonlyMap<string, InstanceRow> = new Map();

/** Triggers see every write of a row, also what a transaction undoes again later; a rollback takes their notes away. */
const TRIGGERS = `
  CREATE TEMP TABLE simulated_change (n INTEGER PRIMARY KEY, kind TEXT, run INTEGER, task INTEGER, idx INTEGER, old TEXT, new TEXT);
  CREATE TEMP TRIGGER s1 AFTER INSERT ON main.task_instance BEGIN
    INSERT INTO simulated_change (kind, run, task, idx, new) VALUES ('instance', NEW.run_id, NEW.task, NEW.map_index, NEW.state); END;
  CREATE TEMP TRIGGER s2 AFTER UPDATE ON main.task_instance BEGIN
    INSERT INTO simulated_change (kind, run, task, idx, old, new) VALUES ('instance', NEW.run_id, NEW.task, NEW.map_index, OLD.state, NEW.state); END;
  CREATE TEMP TRIGGER s3 AFTER DELETE ON main.task_instance BEGIN
    INSERT INTO simulated_change (kind, run, task, idx, old) VALUES ('instance', OLD.run_id, OLD.task, OLD.map_index, OLD.state); END;
  CREATE TEMP TRIGGER s4 AFTER INSERT ON main.run BEGIN
    INSERT INTO simulated_change (kind, run, new) VALUES ('run', NEW.id, NEW.state); END;
  CREATE TEMP TRIGGER s5 AFTER UPDATE ON main.run BEGIN
    INSERT INTO simulated_change (kind, run, old, new) VALUES ('run', NEW.id, OLD.state, NEW.state); END;
  CREATE TEMP TRIGGER s6 AFTER INSERT ON main.attempt BEGIN
    INSERT INTO simulated_change (kind, run, task, idx, new) VALUES ('attempt', NEW.run_id, NEW.task, NEW.map_index, NEW.attempt); END;
  CREATE TEMP TRIGGER s7 AFTER UPDATE ON main.workflow BEGIN INSERT INTO simulated_change (kind) VALUES ('workflow'); END;
  CREATE TEMP TRIGGER s8 AFTER INSERT ON main.pool BEGIN INSERT INTO simulated_change (kind) VALUES ('pool'); END;
  CREATE TEMP TRIGGER s9 AFTER UPDATE ON main.pool BEGIN INSERT INTO simulated_change (kind) VALUES ('pool'); END;
  CREATE TEMP TRIGGER s10 AFTER INSERT ON main.limit_use BEGIN INSERT INTO simulated_change (kind, new) VALUES ('limit', NEW.key); END;
  CREATE TEMP TRIGGER s11 AFTER UPDATE ON main.limit_use BEGIN INSERT INTO simulated_change (kind, new) VALUES ('limit', NEW.key); END;
  CREATE TEMP TRIGGER s12 AFTER DELETE ON main.limit_use BEGIN INSERT INTO simulated_change (kind, new) VALUES ('limit', OLD.key); END;
  CREATE TEMP TRIGGER s13 AFTER INSERT ON main.event BEGIN INSERT INTO simulated_change (kind) VALUES ('event'); END;
`;

interface Note {
  readonly kind: 'instance' | 'run' | 'attempt' | 'workflow' | 'pool' | 'limit' | 'event';
  readonly run: number;
  readonly task: number;
  readonly idx: number;
  readonly old: string | null;
  readonly new: string | null;
}

/** The committed state of the database in memory, brought up to date after each commit from what its triggers noted. */
export class Mirror {
  readonly runs = new Map<number, RunRow>();
  /** Runs that a backfill made or ran again: once it is completed, they no longer count in its limit. */
  readonly everOfBackfill = new Set<number>();
  readonly limits = new Map<string, LimitRow>();
  readonly pools = new Map<string, number>();
  readonly workflows = new Map<number, WorkflowFacts>();
  readonly events: EventRow[] = [];
  readonly #database: Database;
  readonly #instances = new Map<number, Map<string, InstanceRow>>();
  /** Calls of flows, which are in no spec: they are watched apart from the instances of tasks. */
  readonly #steps = new Map<number, Map<string, InstanceRow>>();
  readonly #specs = new Map<number, WorkflowSpec>();

  constructor(database: Database) {
    this.#database = database;
    database.connection.exec(TRIGGERS);
    this.#readPools();
  }

  instances(run: number): ReadonlyMap<string, InstanceRow> {
    return this.#instances.get(run) ?? NO_ROWS;
  }

  instance(run: number, task: number, index: number): InstanceRow | undefined {
    return this.#instances.get(run)?.get(rowName(task, index));
  }

  step(run: number, task: number, index: number): InstanceRow | undefined {
    return this.#steps.get(run)?.get(rowName(task, index));
  }

  steps(run: number): ReadonlyMap<string, InstanceRow> {
    return this.#steps.get(run) ?? NO_ROWS;
  }

  /** Whether a call of this name that was given the same has succeeded, whatever its number. */
  hasSucceeded(run: number, name: string, inputHash: string): boolean {
    const found = `SELECT 1 AS found FROM task_instance i JOIN step_name n ON n.run_id = i.run_id AND n.task = i.task
      WHERE i.run_id = ? AND n.name = ? AND i.input_hash = ? AND i.state = 'success'`;
    return this.#one(found, run, name, inputHash) !== undefined;
  }

  /** Whether this is a call of a flow, not its body or a task of a DAG. */
  isStep(run: number, task: number): boolean {
    const { version_id } = this.#one('SELECT version_id FROM run WHERE id = ?', run) as { version_id: number };
    return task >= this.version(version_id).tasks.length;
  }

  /** The spec that a run follows. */
  spec(run: RunRow): WorkflowSpec {
    return this.version(run.versionId);
  }

  version(id: number): WorkflowSpec {
    let spec = this.#specs.get(id);
    if (!spec) {
      const row = this.#one('SELECT spec FROM workflow_version WHERE id = ?', id) as { spec: string };
      spec = JSON.parse(row.spec) as WorkflowSpec;
      this.#specs.set(id, spec);
    }
    return spec;
  }

  /** Timers that were due at `now`, soonest first. */
  dueTimers(now: number): readonly { readonly id: number; readonly kind: string; readonly run_id: number }[] {
    return this.#database.prepare('SELECT id, kind, run_id FROM timer WHERE due <= ? ORDER BY due').all(now) as never;
  }

  /** A retry waits for its time, which back-off may put an hour away when a task was cleared before. */
  awaitsRetry(now: number): boolean {
    return this.#one("SELECT 1 FROM timer WHERE kind = 'retry' AND due > ? LIMIT 1", now) !== undefined;
  }

  /** Expansions of a run that are to go on. */
  expansions(run: number): number {
    const count = `SELECT count(*) AS count FROM timer WHERE kind = 'expand' AND run_id = ?`;
    return this.#database.prepare(count).get(run)!.count as number;
  }

  /** Backfills that are not completed. */
  openBackfills(): readonly { readonly id: number; readonly paused: boolean; readonly limit: number }[] {
    const rows = this.#database
      .prepare('SELECT id, paused, max_active_runs FROM backfill WHERE completed_at IS NULL AND cancelled_at IS NULL')
      .all();
    return rows.map((row) => ({
      id: row.id as number,
      paused: row.paused === 1,
      limit: row.max_active_runs as number,
    }));
  }

  backfill(id: number): { readonly paused: boolean; readonly cancelledAt: number | null; readonly limit: number } {
    const row = this.#one('SELECT paused, cancelled_at, max_active_runs FROM backfill WHERE id = ?', id)!;
    return {
      paused: row.paused === 1,
      cancelledAt: row.cancelled_at as number | null,
      limit: row.max_active_runs as number,
    };
  }

  slots(): readonly {
    readonly backfill: number;
    readonly ordinal: number;
    readonly outcome: string;
    readonly run: number | null;
  }[] {
    return this.#database
      .prepare(
        'SELECT backfill_id AS backfill, ordinal, outcome, run_id AS run FROM backfill_slot ORDER BY backfill_id, ordinal',
      )
      .all() as never;
  }

  countTimers(): number {
    return (this.#one('SELECT count(*) AS n FROM timer') as { n: number }).n;
  }

  /** Null when the transaction wrote nothing that matters. */
  refresh(): Change | null {
    const notes = this.#database.prepare('SELECT * FROM simulated_change ORDER BY n').all() as unknown as Note[];
    if (notes.length === 0) return null;
    this.#database.prepare('DELETE FROM simulated_change').run();
    const before = new Map<number, ReadonlyMap<string, InstanceRow>>();
    const moves: InstanceMove[] = [];
    const stepMoves: InstanceMove[] = [];
    const runMoves: RunMove[] = [];
    const attempts: AttemptRow[] = [];
    const runs = new Set<number>();
    const rows = new Map<string, Note>();
    const limitsBefore = new Map<string, LimitRow>();
    const seen = new Set<string>();
    for (const note of notes) {
      seen.add(note.kind);
      const { kind, run, task, idx: index } = note;
      if (kind === 'run') {
        runs.add(run);
        if (note.old !== note.new) runMoves.push({ run, from: note.old as RunState | null, to: note.new as RunState });
      } else if (kind === 'instance') {
        runs.add(run);
        rows.set(`${run}.${task}.${index}`, note);
        if (note.old !== note.new) {
          const move = { run, task, index, from: note.old as TaskState | null, to: note.new as TaskState | null };
          (this.isStep(run, task) ? stepMoves : moves).push(move);
        }
      } else if (kind === 'attempt') {
        if (this.isStep(run, task)) continue;
        const attempt = this.#one(
          'SELECT * FROM attempt WHERE run_id = ? AND task = ? AND map_index = ? AND attempt = ?',
          ...[run, task, index, Number(note.new)],
        );
        if (attempt) attempts.push(parseAttempt(attempt as never));
      } else if (kind === 'limit' && !limitsBefore.has(note.new!)) {
        limitsBefore.set(note.new!, this.limits.get(note.new!) ?? { key: note.new!, used: 0, parked: 0 });
      }
    }
    for (const run of runs) {
      before.set(run, new Map(this.instances(run)));
      const row = parseRun(this.#one('SELECT * FROM run WHERE id = ?', run) as never);
      if (row.backfillId !== null) this.everOfBackfill.add(run);
      this.runs.set(run, row);
    }
    for (const { run, task, idx } of rows.values()) this.#readInstance(run, task, idx);
    for (const key of limitsBefore.keys()) this.#readLimit(key);
    if (seen.has('pool')) this.#readPools();
    if (seen.has('workflow')) this.#readWorkflows();
    const events = seen.has('event') ? this.#newEvents() : [];
    return { moves, stepMoves, runMoves, runs, before, limitsBefore, attempts, events };
  }

  #readInstance(run: number, task: number, index: number): void {
    const all = this.isStep(run, task) ? this.#steps : this.#instances;
    let ofRun = all.get(run);
    if (!ofRun) {
      ofRun = new Map();
      all.set(run, ofRun);
    }
    const row = this.#one(
      'SELECT * FROM task_instance WHERE run_id = ? AND task = ? AND map_index = ?',
      run,
      task,
      index,
    );
    if (row) ofRun.set(rowName(task, index), parseInstance(row as never));
    else ofRun.delete(rowName(task, index));
  }

  #readLimit(key: string): void {
    const row = this.#one('SELECT key, used, parked FROM limit_use WHERE key = ?', key) as LimitRow | undefined;
    if (row) this.limits.set(key, row);
    else this.limits.delete(key);
  }

  #readPools(): void {
    for (const { name, slots } of this.#database.prepare('SELECT name, slots FROM pool').all()) {
      this.pools.set(name as string, slots as number);
    }
  }

  #readWorkflows(): void {
    for (const row of this.#database.prepare('SELECT id, paused, version_id, next_due FROM workflow').all()) {
      this.workflows.set(row.id as number, {
        id: row.id as number,
        paused: row.paused === 1,
        versionId: row.version_id as number,
        nextDue: row.next_due as number | null,
      });
    }
  }

  #newEvents(): EventRow[] {
    const after = this.events.at(-1)?.id ?? 0;
    const rows = this.#database.prepare('SELECT * FROM event WHERE id > ? ORDER BY id').all(after);
    const events = rows.map((row) => parseEvent(row as never));
    this.events.push(...events);
    return events;
  }

  #one(text: string, ...values: unknown[]): Record<string, unknown> | undefined {
    return this.#database.prepare(text).get(...values);
  }
}
