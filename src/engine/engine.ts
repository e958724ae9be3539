import type { Answer, Executor, ExecutorEvents, Question, RunnerQuestion } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import { MillraceError } from '../model/errors.ts';
import type { BackfillRow, InstanceKey, NewEvent, WorkflowRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { advanceBackfill } from './backfill-steps.ts';
import { pauseBackfill, tell } from './backfills.ts';
import { Catalog } from './catalog.ts';
import { type Acknowledged, Committer } from './committer.ts';
import { journalEntry } from './flow-steps.ts';
import { type Ids, keyText, parseToken } from './ids.ts';
import { Loop } from './lifecycle.ts';
import { type Mailer, mailAbout } from './mail.ts';
import { makeDueRuns, planUnplanned, setAside, startRuns } from './planner.ts';
import { askTogether } from './questions.ts';
import { deadServers, giveUp, reap } from './reaper.ts';
import { RunFactsCache } from './run-facts.ts';
import { type DueMail, takeDue } from './timers.ts';
import type { Aftermath, EngineTransaction } from './transaction.ts';

/** Looks up what a running body asks for. Null: there is no such thing. */
export interface Lookup {
  connection(name: string): Promise<string | null>;
  variable(name: string): Promise<string | null>;
  secret(name: string): Promise<string | null>;
}

export interface EngineOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly lookup: Lookup;
  readonly mailer: Mailer | null;
  /** Names this server to people. */
  readonly name: string;
  /** Who else may be on this store: nobody (an embedded store, which is locked), or servers with leases. */
  readonly peers: 'none' | 'leases';
  /** Whether runs are made that schedules say are due; default `kept`. What is queued already is started all the same. */
  readonly schedules?: 'kept' | 'ignored';
  /** A server that has not renewed its lease for so long is given up; milliseconds, default 30,000. */
  readonly leaseMs?: number;
  /** How often an instance may lose its worker before it is given up; default 3. */
  readonly maxLost?: number;
  /** Instances of one mapped task that are made in one transaction; default 2,000. */
  readonly expandedAtOnce?: number;
  readonly onError: (error: unknown) => void;
  readonly onEvents?: (events: readonly NewEvent[]) => void;
  readonly onHealth?: (problem: MillraceError | null) => void;
}

/** Scheduled runs made in one transaction. */
const PLANNED_AT_ONCE = 50;
/** Steps of one backfill in one sweep: others are not to wait for it. */
const BACKFILL_STEPS = 8;
/** Other servers' changes are looked for at least this often, whatever the store's watch says. */
const SWEEP_MS = 5000;
/** Workflows that nobody has planned, because who should have died over it, are looked for this often. */
const UNPLANNED_MS = 60_000;
/** A mail that cannot be sent is tried this often while this server lives. */
const MAIL_TRIES = 10;

/**
 * The engine: services that share one store, one executor and one clock. start() takes over what a dead server left,
 * then plans, claims and sends; stop() lets go of it in an orderly way.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #catalog = new Catalog();
  readonly #facts = new RunFactsCache(this.#catalog);
  readonly #committer: Committer;
  readonly #timers: Loop;
  readonly #sweep: Loop;
  readonly #lease: Loop;
  readonly #mailTries = new Map<number, number>();
  /** Attempts that the executor was given and whose end is not durable yet, by token. */
  readonly #live = new Map<string, InstanceKey>();
  /** Workflows of which a run has ended: they may start or plan another. */
  readonly #freed = new Set<number>();
  #server = 0;
  /** On the monotonic clock. */
  #lookedForUnplanned = Number.NEGATIVE_INFINITY;
  #lookedAround = Number.NEGATIVE_INFINITY;
  #accepting = false;
  #unwatch: () => void = () => {};

  constructor(options: EngineOptions) {
    this.#options = options;
    const { store, clock, ids, executor, onError, peers } = options;
    this.#committer = new Committer({
      store,
      clock,
      ids,
      catalog: this.#catalog,
      facts: this.#facts,
      maxLost: this.#maxLost,
      expandedAtOnce: options.expandedAtOnce,
      server: () => this.#server,
      fenced: peers === 'leases',
      givenUp: () => this.#lease.wake(),
      room: () => (this.#accepting ? executor.free() : 0),
      committed: (aftermath, acknowledged) => this.#committed(aftermath, acknowledged),
      health: (problem) => this.#health(problem),
      onError,
    });
    this.#timers = new Loop(clock, () => this.#timersRound(), onError);
    this.#sweep = new Loop(clock, () => this.#sweepRound(), onError);
    this.#lease = new Loop(clock, () => this.#leaseRound(), onError);
  }

  async start(): Promise<void> {
    const { store, clock, name, executor } = this.#options;
    this.#committer.start();
    this.#server = await this.#committer.command(({ tx }) =>
      tx.servers.register({ name, at: clock.now(), leaseUntil: clock.now() + this.#leaseMs }),
    );
    await this.#takeOver();
    await this.#planUnplanned();
    await executor.start(this.#executorEvents());
    this.#accepting = true;
    this.#unwatch = store.watch(() => {
      this.#lookedAround = Number.NEGATIVE_INFINITY;
      this.#sweep.wake();
    });
    this.#lease.start();
    this.#timers.start();
    this.#sweep.start();
    this.#committer.claimSoon();
  }

  /** Stops claiming at once, gives running bodies `graceMs` to end, hands back the rest, and leaves the store tidy. */
  async stop(graceMs: number): Promise<void> {
    this.#accepting = false;
    this.#unwatch();
    await Promise.all([this.#timers.stop(), this.#sweep.stop(), this.#lease.stop()]);
    await this.#options.executor.stop(graceMs);
    // Whoever leaves while an attempt is still its own would leave it to nobody: then its row stays, to be reaped.
    const written = await this.#committer.stop();
    if (!written || this.#live.size > 0) return;
    await this.#options.store.transaction(({ servers }) => servers.remove(this.#server)).catch(this.#options.onError);
  }

  /** Runs an operation (operations.ts) in a transaction of its own, as soon as there is a store. */
  command<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return this.#committer.command(body);
  }

  /** The same for somebody who waits for the answer: rejects with `store_unavailable` when it stays away. */
  commandNow<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return this.#committer.commandNow(body);
  }

  /** After a change that may have made something due, or a schedule sooner. */
  wake(): void {
    this.#timers.wake();
    this.#sweep.wake();
  }

  /** After an outage it is not known what the last commits did: what follows from them is looked for. */
  #health(problem: MillraceError | null): void {
    this.#options.onHealth?.(problem);
    if (problem) return;
    this.#lookedForUnplanned = Number.NEGATIVE_INFINITY;
    this.wake();
  }

  get #leaseMs(): number {
    return this.#options.leaseMs ?? 30_000;
  }

  get #maxLost(): number {
    return this.#options.maxLost ?? 3;
  }

  #executorEvents(): ExecutorEvents {
    return {
      report: (reports) => this.#committer.report(reports),
      log: (token, lines, step) => this.#committer.log(token, lines, step),
      named: (token, name) => this.#committer.named(token, name),
      steps: (token, steps) => this.#committer.steps(token, steps),
      progress: (token, progress, step) => {
        const { attempt, ...key } = { ...parseToken(token), ...step };
        const event = { at: this.#options.clock.now(), kind: 'instance.progress', workflowId: null, ...key, attempt };
        this.#options.onEvents?.([{ ...event, data: JSON.stringify(progress) }]);
      },
      ask: (token, question) => this.#answer(token, question),
      capacity: () => this.#committer.claimSoon(),
    };
  }

  async #answer(token: string, question: Question | RunnerQuestion): Promise<Answer> {
    try {
      const { run } = parseToken(token);
      switch (question.kind) {
        case 'collected': {
          const { task, offset, limit } = question;
          return { values: await this.command(({ tx }) => tx.outputs.collected(run, task, { offset, limit })) };
        }
        case 'journal': {
          const { offset, limit } = question;
          return {
            journal: (await this.command(({ tx }) => tx.steps.journal(run, { offset, limit }))).map(journalEntry),
          };
        }
        case 'cached': {
          const hit = await this.command((e) => e.tx.cache.get(question.key, e.at));
          return { hit: hit && { output: hit.value, length: hit.length } };
        }
        default:
          return { text: await this.#options.lookup[question.kind](question.name) };
      }
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A commit is durable: now the world may hear of it. */
  #committed(aftermath: Aftermath, acknowledged: Acknowledged): void {
    const { executor, onEvents } = this.#options;
    for (const token of acknowledged.reports) this.#live.delete(token);
    if (acknowledged.reports.length > 0) executor.acknowledge(acknowledged.reports);
    for (const { token, numbers } of acknowledged.steps) executor.acknowledgeSteps(token, numbers);
    for (const { token, reason } of aftermath.stops) executor.cancel(token, reason);
    if (aftermath.submission && aftermath.submission.orders.length > 0) {
      for (const { token, run, task, mapIndex } of aftermath.submission.orders) {
        this.#live.set(token, { run, task, index: mapIndex });
      }
      executor.submit(aftermath.submission);
    }
    if (aftermath.timer !== null) this.#timers.wake();
    for (const { workflowId } of aftermath.endedRuns) this.#freed.add(workflowId);
    if (this.#freed.size > 0) this.#sweep.wake();
    if (aftermath.events.length > 0) onEvents?.(aftermath.events);
  }

  async #timersRound(): Promise<number | null> {
    const { clock, schedules = 'kept' } = this.#options;
    const { mails, more, due, next } = await this.command((e) => takeDue(e, { schedules, most: PLANNED_AT_ONCE }));
    for (const mail of mails) void this.#sendMail(mail);
    if (due.length > 0) await this.#makeDue(due);
    if (more || due.length > 0) return 0;
    return next === null ? null : Math.max(1, next - clock.now());
  }

  /** Makes the scheduled runs that are due, together. */
  async #makeDue(due: readonly WorkflowRow[]): Promise<void> {
    const { ids } = this.#options;
    try {
      if (await this.command((e) => makeDueRuns(e, due, ids))) this.#sweep.wake();
    } catch (error) {
      if (isAway(error)) throw error;
      await this.#planOneByOne(due);
    }
  }

  /** A workflow that cannot be planned is set aside and holds up nobody. */
  async #planOneByOne(due: readonly WorkflowRow[]): Promise<void> {
    const { ids } = this.#options;
    for (const one of due) {
      try {
        if (await this.command((e) => makeDueRuns(e, [one], ids))) this.#sweep.wake();
      } catch (error) {
        if (isAway(error)) throw error;
        this.#options.onError(error);
        await this.command((e) => setAside(e, one, error));
      }
    }
  }

  /** Looks after what is not announced to this process: other processes' changes, ended runs, dead servers. */
  async #sweepRound(): Promise<number | null> {
    const freed = [...this.#freed];
    this.#freed.clear();
    const [waiting, backfills] = await this.command((e) =>
      askTogether([e.tx.runs.waiting(e.at), e.tx.backfills.open()]),
    );
    for (const id of new Set([...freed, ...waiting])) await this.command((e) => this.#startAndPlan(e, id));
    const more = await this.#advanceBackfills(backfills);
    if (this.#options.clock.monotonic() - this.#lookedAround >= SWEEP_MS) await this.#lookAround();
    if (this.#options.clock.monotonic() - this.#lookedForUnplanned > UNPLANNED_MS) await this.#planUnplanned();
    this.#committer.claimSoon();
    this.#timers.wake();
    return more ? 0 : SWEEP_MS;
  }

  /** Backfills go on after what is due by itself. One that cannot go on is paused and holds up nobody. */
  async #advanceBackfills(open: readonly BackfillRow[]): Promise<boolean> {
    let any = false;
    for (const { id, paused } of open) {
      try {
        let more = true;
        for (let step = 0; more && step < BACKFILL_STEPS; step++)
          more = await this.command((e) => advanceBackfill(e, id));
        any ||= more;
      } catch (error) {
        if (paused || isAway(error)) throw error;
        this.#options.onError(error);
        await this.command(async (e) => {
          const backfill = await e.tx.backfills.lock(id);
          if (!backfill || !(await pauseBackfill(e, id))) return;
          tell(e, backfill, 'failed', { error: error instanceof Error ? error.message : String(error) });
        });
      }
    }
    return any;
  }

  /** What other processes may have done, or may have left by dying. */
  async #lookAround(): Promise<void> {
    this.#lookedAround = this.#options.clock.monotonic();
    await this.#stopUnowned();
    if (this.#options.peers === 'leases') await this.#takeOver();
  }

  /** Tells workers to stop what another process has ended: cancelled or cleared, timed out, or taken over. */
  async #stopUnowned(): Promise<void> {
    const live = [...this.#live];
    if (live.length === 0) return;
    const rows = await this.command(({ tx }) => tx.instances.get(live.map(([, key]) => key)));
    const byKey = new Map(rows.map((row) => [keyText(row), row]));
    for (const [token, key] of live) {
      const row = byKey.get(keyText(key));
      if (row?.token === token && row.state === 'running') continue;
      this.#options.executor.cancel(token, row?.reason ?? 'run_ended');
    }
  }

  /** Plans workflows for which nothing is planned: whoever should have done it may have died over it. */
  async #planUnplanned(): Promise<void> {
    this.#lookedForUnplanned = this.#options.clock.monotonic();
    const ids = await this.command(async (e) => {
      const open = (await e.tx.workflows.scheduled()).filter(({ next }) => next === null);
      const found: number[] = [];
      for (const { id, versionId } of open) {
        const { graph } = await e.catalog.version(e.tx, versionId);
        if (graph.timetable.canBeScheduled) found.push(id);
      }
      return found;
    });
    for (let from = 0; from < ids.length; from += PLANNED_AT_ONCE) {
      await this.command(async (e) => {
        for (const id of ids.slice(from, from + PLANNED_AT_ONCE)) await this.#plan(e, id);
      });
    }
    if (ids.length > 0) this.#timers.wake();
  }

  async #plan(e: EngineTransaction, id: number): Promise<WorkflowRow | null> {
    const workflow = await e.tx.workflows.byId(id);
    if (!workflow || workflow.paused) return null;
    await planUnplanned(e, workflow, await e.catalog.version(e.tx, workflow.versionId));
    return workflow;
  }

  async #startAndPlan(e: EngineTransaction, workflowId: number): Promise<void> {
    const workflow = await this.#plan(e, workflowId);
    if (workflow) await startRuns(e, workflow);
  }

  async #takeOver(): Promise<void> {
    const only = this.#options.peers === 'none' ? 'this server' : 'leases';
    for (const server of await this.command((e) => deadServers(e, this.#server, only))) {
      if (!(await this.command((e) => giveUp(e, server, only)))) continue;
      let after: number | null = 0;
      while (after !== null) {
        const page: number = after;
        after = await this.command((e) => reap(e, server, { after: page, maxLost: this.#maxLost }));
      }
      await this.#planUnplanned();
    }
  }

  async #leaseRound(): Promise<number | null> {
    const { clock, onError } = this.#options;
    const alive = await this.command(({ tx }) => tx.servers.renew(this.#server, clock.now() + this.#leaseMs));
    if (!alive) {
      // Others have given this server up and taken over its attempts: it goes on under a new name, with what is new.
      onError(new MillraceError('conflict', 'this server was given up by another one; it goes on as a new one'));
      const { name } = this.#options;
      const at = clock.now();
      this.#server = await this.command(({ tx }) => tx.servers.register({ name, at, leaseUntil: at + this.#leaseMs }));
      this.#committer.claimSoon();
    }
    return this.#leaseMs / 3;
  }

  async #sendMail(due: DueMail): Promise<void> {
    const { store, mailer, onError } = this.#options;
    const done = () => this.command(({ tx }) => tx.timers.remove([due.timer]));
    try {
      const mail = mailer && (await mailAbout(store, due));
      if (mail) await mailer.send(mail);
      await done();
    } catch (error) {
      onError(error);
      const tries = (this.#mailTries.get(due.timer) ?? 0) + 1;
      this.#mailTries.set(due.timer, tries);
      if (tries >= MAIL_TRIES) await done().catch(onError);
    }
  }
}

function isAway(error: unknown): boolean {
  return MillraceError.is(error) && error.code === 'store_unavailable';
}
