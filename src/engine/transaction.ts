import type { Submission } from '../executor/executor.ts';
import { finalRunState } from '../model/run-state.ts';
import type { AttemptReason } from '../model/states.ts';
import type { NewEvent, OutputRow, RunCounters, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import { type Alarm, AttemptJournal } from './attempt-journal.ts';
import type { Catalog, Version } from './catalog.ts';
import { instantiate } from './instantiate.ts';
import { Ledger } from './ledger.ts';
import { LimitBook, limitKeys, limitsOfRun } from './limits.ts';
import { RunValues } from './mapping.ts';
import { Propagation } from './propagation.ts';
import { stopInstances } from './stops.ts';

/** What must happen outside, once a transaction is durable and not before. */
export interface Aftermath {
  readonly events: readonly NewEvent[];
  readonly stops: readonly { readonly token: string; readonly reason: AttemptReason }[];
  readonly endedRuns: readonly RunRow[];
  /** Something became claimable, or room came free. */
  readonly ready: boolean;
  /** The soonest timer that was added, or null. */
  readonly timer: number | null;
  readonly submission: Submission | null;
}

/**
 * One transaction of the engine: the verbs of the store together with what is added up on the way and written at the
 * end. The order inside is always the same and is the lock order: lock runs, change instances, settle runs, then limits.
 */
export class EngineTransaction {
  readonly tx: Tx;
  readonly ledger: Ledger;
  readonly journal: AttemptJournal;
  readonly catalog: Catalog;
  readonly #runs = new Map<number, RunRow>();
  readonly #ended: RunRow[] = [];
  readonly propagation: Propagation;
  /** Runs of flows whose bodies ended as cancelled of their own accord. */
  readonly cancelledFlows = new Set<number>();
  /** By instance, what attempts that this transaction ends have returned. */
  readonly outputs = new Map<string, OutputRow>();
  #book: LimitBook | null = null;

  /** @param kind another kind of propagation, for a harness that takes it apart into its waves. */
  constructor(
    tx: Tx,
    catalog: Catalog,
    now: number,
    { kind = Propagation, expandedAtOnce }: { kind?: typeof Propagation; expandedAtOnce?: number | undefined } = {},
  ) {
    this.tx = tx;
    this.catalog = catalog;
    this.ledger = new Ledger(now);
    this.journal = new AttemptJournal(this.ledger);
    this.propagation = new kind(tx, this.ledger, catalog, this.#runs, expandedAtOnce);
  }

  get at(): number {
    return this.ledger.at;
  }

  get runs(): ReadonlyMap<number, RunRow> {
    return this.#runs;
  }

  /** Locks runs; all that a transaction needs in one call, or in ascending order. */
  async lockRuns(ids: Iterable<number>): Promise<readonly RunRow[]> {
    const rows = await this.tx.runs.lock([...new Set(ids)]);
    for (const row of rows) this.#runs.set(row.id, row);
    return rows;
  }

  /** A queued run begins: it gets its instances, and what has nothing to wait for is queued. */
  async startRun(run: RunRow): Promise<boolean> {
    const { id, workflowId } = run;
    if (!(await this.tx.runs.move({ id, from: ['queued'], to: 'running', at: this.at, reason: null }))) return false;
    const started: RunRow = { ...run, state: 'running', startedAt: this.at };
    this.#runs.set(id, started);
    const version = await this.catalog.ofRun(this.tx, started);
    const { runTimeout } = version.graph.spec;
    if (runTimeout !== null) {
      this.ledger.timer({
        due: this.at + runTimeout,
        kind: 'run_timeout',
        run: id,
        task: null,
        index: null,
        attempt: null,
      });
    }
    this.ledger.limit(limitKeys.activeRuns(run), { used: 1 });
    this.ledger.event('run.running', { run: id, workflowId });
    // A run that was cleared has its instances already.
    const there = version.graph.declared(await this.tx.instances.ofRun(id));
    if (there.length > 0) await this.propagation.consider(there);
    else await this.#instantiate(started, version);
    await this.propagation.settle();
    // Also a run without instances, or with nothing that can move, is to be looked at.
    this.ledger.count(id, {});
    return true;
  }

  /** A finished run is to go on: it waits for its turn, as a new one does. Nobody starts it for a backfill that is over. */
  async requeueRun(run: RunRow): Promise<void> {
    const from = [run.state];
    if (run.state === 'queued' || run.state === 'running') return;
    await this.settleRuns();
    if (!(await this.tx.runs.move({ id: run.id, from, to: 'queued', at: this.at, reason: null }))) return;
    await this.tx.workflows.countRerun(run.workflowId);
    let { backfillId } = run;
    if (backfillId !== null && (await this.tx.backfills.lock(backfillId))?.completedAt !== null) {
      await this.tx.runs.release(run.id);
      backfillId = null;
    }
    const at = { startedAt: null, endedAt: null, queuedAt: this.at };
    this.#runs.set(run.id, { ...run, ...at, state: 'queued', backfillId });
    this.ledger.event('run.queued', {
      run: run.id,
      workflowId: run.workflowId,
      data: JSON.stringify({ cleared: true }),
    });
  }

  async #instantiate(run: RunRow, version: Version): Promise<void> {
    const values = new RunValues(this.tx, run.id, version.graph, JSON.parse(run.params) as Record<string, string>);
    const empty = await instantiate(this.tx, run, values, this.ledger);
    await this.propagation.end(empty, 'skipped', ['none'], null);
  }

  /** Ends a run before its instances do: what has not finished gets `to`. */
  async endRun(
    run: RunRow,
    end: { readonly state: 'failed' | 'cancelled'; readonly to: 'skipped' | 'failed'; readonly reason: AttemptReason },
  ): Promise<void> {
    const version = await this.catalog.ofRun(this.tx, run);
    // A queued run has instances, too, when it was cleared.
    const rows = version.graph.declared(await this.tx.instances.ofRun(run.id));
    if (version.graph.spec.kind === 'flow') await this.tx.steps.endRunning(run.id, this.at, end.reason);
    await stopInstances(rows, { run, version, to: end.to, reason: end.reason }, this);
    await this.#end(run, end.state, end.reason);
  }

  /** Ends a run as somebody wants it ended, or gives a finished one another end. */
  async concludeRun(run: RunRow, state: 'success' | 'failed', reason: string | null): Promise<void> {
    if (run.state !== state) await this.#end(run, state, reason);
  }

  /**
   * Writes the counters of the runs and ends those that are done: nothing unfinished, or nothing left that moves by
   * itself (a deadlock: what waits can never become ready, as with `all_skipped` over a removed upstream).
   */
  async settleRuns(): Promise<void> {
    const deltas = this.ledger.takeRuns();
    if (deltas.length === 0) return;
    for (const after of await this.tx.runs.count(deltas)) {
      const run = this.#runs.get(after.id);
      if (!run || after.state !== 'running' || this.propagation.isUnsettled) continue;
      const end = verdict(after);
      if (end) await this.#end(run, this.cancelledFlows.has(run.id) ? 'cancelled' : end.state, end.reason);
    }
  }

  /** Opens the limits: lets go what waited for what was given back. From here on no run is locked. */
  async limits(): Promise<LimitBook> {
    if (this.#book) return this.#book;
    this.#book = await LimitBook.open(this.tx, this.ledger);
    await this.#book.passOn(this.ledger.freedLimits);
    return this.#book;
  }

  /** Writes all that was added up. The last thing of a transaction. */
  async finish(alarms: (alarms: readonly Alarm[]) => void = () => {}): Promise<Aftermath> {
    await this.settleRuns();
    if (this.#book || this.ledger.hasLimits) {
      const book = await this.limits();
      await book.close();
    }
    for (const run of this.#ended) {
      const { graph } = await this.catalog.ofRun(this.tx, run);
      await this.tx.limits.forget(limitsOfRun(graph, run.id));
    }
    for (const { run, key, attempt, kind } of this.journal.alarms) {
      this.ledger.timer({
        due: this.at,
        kind: kind === 'failure' ? 'mail_failure' : 'mail_retry',
        ...key,
        run: run.id,
        attempt,
      });
    }
    alarms(this.journal.alarms);
    await this.journal.write(this.tx);
    await this.ledger.write(this.tx);
    await this.propagation.confirm();
    const dues = this.ledger.timers.map(({ due }) => due);
    return {
      events: this.ledger.events,
      stops: this.journal.stops,
      endedRuns: this.#ended,
      ready: this.ledger.events.some(({ kind }) => READY.has(kind)) || this.ledger.freedLimits.size > 0,
      timer: dues.length === 0 ? null : Math.min(...dues),
      submission: null,
    };
  }

  async #end(run: RunRow, state: 'success' | 'failed' | 'cancelled', reason: string | null): Promise<void> {
    if (!(await this.tx.runs.move({ id: run.id, from: [run.state], to: state, at: this.at, reason }))) return;
    this.ledger.event(`run.${state}`, {
      run: run.id,
      workflowId: run.workflowId,
      data: reason && JSON.stringify({ reason }),
    });
    if (run.state === 'running') {
      this.ledger.limit(limitKeys.activeRuns(run), { used: -1 });
    }
    const ended: RunRow = { ...run, state, endedAt: this.at };
    this.#runs.set(run.id, ended);
    this.#ended.push(ended);
  }
}

const READY = new Set(['instance.queued', 'limit.freed', 'run.success', 'run.failed', 'run.cancelled']);

function verdict(run: RunCounters): { state: 'success' | 'failed'; reason: string | null } | null {
  if (run.unfinished <= 0) return { state: finalRunState({ anyFailed: run.bad > 0 }), reason: null };
  return run.active <= 0 ? { state: 'failed', reason: 'deadlock' } : null;
}
