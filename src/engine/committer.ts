import type { LogLine, Report, StepRef, StepReport, Submission } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import { MillraceError } from '../model/errors.ts';
import type { InstanceName } from '../store/instance-names.ts';
import type { LogChunk } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import { claim } from './claims.ts';
import { type StepBatch, takeSteps } from './flow-steps.ts';
import { type Ids, parseToken } from './ids.ts';
import { Loop } from './lifecycle.ts';
import { askTogether } from './questions.ts';
import { takeReports } from './reports.ts';
import type { RunFactsCache } from './run-facts.ts';
import { type Aftermath, EngineTransaction } from './transaction.ts';

/** Work that is a transaction of its own: a trigger, a timer's round, the start of runs. */
interface Command {
  /** What becomes of it while the store is away: it waits, or its error is told to whoever asked. */
  readonly whenAway: 'waits' | 'fails';
  run(): Promise<void>;
  fail(error: unknown): void;
}

/** Tries that may fail, within a second or so, before the store counts as away to people. */
const BLIPS = 2;

export interface CommitterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly catalog: Catalog;
  readonly facts: RunFactsCache;
  readonly maxLost: number;
  readonly expandedAtOnce: number | undefined;
  /** This server's id in the store, once it is registered. */
  server(): number;
  /** Whether other servers may give this one up. */
  readonly fenced: boolean;
  /** Others have given this server up: it needs a new name before it can claim again. */
  givenUp(): void;
  /** How many attempts the executor takes right now. */
  room(): number;
  /** After each commit, before anything else is done with it. */
  committed(aftermath: Aftermath, acknowledged: Acknowledged): void;
  /** The store is away (an error), or back (null). */
  health(problem: MillraceError | null): void;
  onError(error: unknown): void;
}

/**
 * The engine's only writer: one transaction at a time, and while it is being made durable the next one collects. So a
 * commit costs the same for one report as for five hundred, and a chain of tasks needs one commit a step: the finish of
 * one task and the claim of the next are in the same transaction.
 *
 * When the store is away, what was collected is kept and tried again; nothing is given up and nothing was acknowledged.
 * When a batch cannot be written for another reason, its reports are tried one by one, so that one bad report does not
 * hold up the rest.
 */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #loop: Loop;
  readonly #commands: Command[] = [];
  #collected: Collected = nothing();
  /** Claims of transactions of which nobody knows whether they were done. */
  #doubtful: Submission[] = [];
  #claimWanted = false;
  #away = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#loop = new Loop(options.clock, () => this.#round(), options.onError);
  }

  start(): void {
    this.#loop.start();
  }

  /** Stops after what was collected is written, or at once when the store is away; says whether all was written. */
  async stop(): Promise<boolean> {
    await this.#loop.stop();
    while (this.#away === 0 && this.#hasWork()) await this.#round();
    return !this.#hasWork();
  }

  /**
   * Runs `body` in a transaction of its own, between two batches, as soon as there is a store. Rejects with what it
   * throws; nothing is written then.
   */
  command<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return this.#enqueue(body, 'waits');
  }

  /**
   * The same for somebody who waits for the answer: rejects with `store_unavailable` when the store stays away for more
   * than a second. If the connection ended during the commit, nobody knows whether it was done.
   */
  commandNow<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return this.#enqueue(body, 'fails');
  }

  #enqueue<T>(body: (e: EngineTransaction) => Promise<T>, whenAway: Command['whenAway']): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#commands.push({
        whenAway,
        run: async () => {
          const { result, aftermath } = await this.#transaction(async (e) => {
            const result = await body(e);
            return { result, aftermath: await e.finish() };
          });
          this.#committed(aftermath, NONE);
          resolve(result);
        },
        fail: reject,
      });
      this.#loop.wake();
    });
  }

  report(reports: readonly Report[]): void {
    for (const report of reports) this.#collected.reports.push(report);
    this.#loop.wake();
  }

  /** Lines of an attempt, or of one of the calls that it makes as a flow. */
  log(token: string, lines: readonly LogLine[], step?: StepRef): void {
    if (lines.length === 0) return;
    const { attempt, ...key } = { ...parseToken(token), ...step };
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    this.#collected.logs.push({ ...key, attempt, at: lines[0]!.at, lines: text });
    this.#loop.wake();
  }

  named(token: string, name: string): void {
    const { run, task, index } = parseToken(token);
    this.#collected.names.push({ run, task, index, name });
    this.#loop.wake();
  }

  /** News of a flow's calls; a report of the same attempt that comes later is taken after them. */
  steps(token: string, steps: readonly StepReport[]): void {
    this.#collected.steps.push({ token, steps });
    this.#loop.wake();
  }

  /** Something may have become claimable, or there is room again. */
  claimSoon(): void {
    this.#claimWanted = true;
    this.#loop.wake();
  }

  #hasWork(): boolean {
    return size(this.#collected) > 0 || this.#commands.length > 0 || this.#doubtful.length > 0;
  }

  async #round(): Promise<number | null> {
    // What is on its way comes into this batch rather than the next one.
    await this.#options.clock.yield();
    try {
      await this.#resolveDoubts();
      await this.#runCommands();
      await this.#batch();
    } catch (error) {
      if (!MillraceError.is(error) || error.code !== 'store_unavailable') throw error;
      this.#options.health(error);
      this.#away += 1;
      if (this.#away > BLIPS) this.#tellWhoCannotWait(error);
      return Math.min(100 * 2 ** this.#away, 5000);
    }
    if (this.#away > 0) {
      this.#away = 0;
      this.#options.health(null);
    }
    return this.#hasWork() || (this.#claimWanted && this.#options.room() > 0) ? 0 : null;
  }

  /**
   * When the connection ends during a commit, its claims may be durable all the same: then their orders are sent now,
   * or nobody would ever run them. Whoever still commits holds the limits' lock, so that the answer is final. What
   * somebody has cleared since is sent as well, and told to stop: its report is what lets it begin anew.
   */
  async #resolveDoubts(): Promise<void> {
    if (this.#doubtful.length === 0) return;
    const doubtful = this.#doubtful;
    const orders = doubtful.flatMap((submission) => submission.orders);
    const rows = await this.#options.store.transaction(async (tx) => {
      await tx.limits.lock();
      return tx.instances.get(orders.map(({ run, task, mapIndex }) => ({ run, task, index: mapIndex })));
    });
    this.#doubtful = [];
    const claimed = new Map(rows.map(({ state, token }) => [token, state]));
    for (const { runs, orders } of doubtful) {
      const submission = { runs, orders: orders.filter(({ token }) => claimed.has(token)) };
      this.#committed({ ...NOTHING, submission }, NONE);
      const stops = submission.orders.filter(({ token }) => claimed.get(token) === 'restarting');
      this.#committed({ ...NOTHING, stops: stops.map(({ token }) => ({ token, reason: 'cancelled' })) }, NONE);
    }
  }

  /** Those that are there now: what follows them has its turn after the batch, or many of them would hold it up. */
  async #runCommands(): Promise<void> {
    for (let left = this.#commands.length; left > 0; left--) {
      const command = this.#commands[0]!;
      try {
        await command.run();
        this.#commands.shift();
      } catch (error) {
        if (MillraceError.is(error) && error.code === 'store_unavailable') throw error;
        this.#commands.shift();
        command.fail(error);
      }
    }
  }

  #tellWhoCannotWait(error: MillraceError): void {
    const waiting = this.#commands.splice(0);
    for (const command of waiting) {
      if (command.whenAway === 'waits') this.#commands.push(command);
      else command.fail(error);
    }
  }

  async #batch(): Promise<void> {
    const collected = this.#collected;
    const claiming = this.#options.room() > 0 && (this.#claimWanted || collected.reports.length > 0);
    if (size(collected) === 0 && !claiming) return;
    this.#collected = nothing();
    this.#claimWanted = false;
    try {
      await this.#write(collected, claiming);
    } catch (error) {
      if (MillraceError.is(error) && error.code === 'store_unavailable') {
        this.#collected = together(collected, this.#collected);
        this.#claimWanted = true;
        throw error;
      }
      await this.#oneByOne(collected, error);
    }
  }

  async #write({ reports, steps, logs, names }: Collected, claiming: boolean): Promise<void> {
    const { maxLost } = this.#options;
    let claimed: Submission | null = null;
    let recorded: readonly StepBatch[] = [];
    const aftermath = await this.#transaction(async (e) => {
      claimed = null;
      const runs = [...reports, ...steps].map(({ token }) => parseToken(token).run);
      // A flow's report comes after its calls; else the lock and the first guarded moves are asked for together.
      const locked = runs.length > 0 ? e.lockRuns(runs) : Promise.resolve([]);
      locked.catch(() => {});
      if (steps.length > 0) {
        await locked;
        recorded = await takeSteps(steps, e);
      }
      if (reports.length > 0) await takeReports(reports, e, { maxLost, locked });
      if (logs.length > 0) await e.tx.logs.append(logs);
      if (names.length > 0) await e.tx.instanceNames.put(names);
      if (!claiming) return e.finish();
      const after = await this.#claim(e);
      claimed = after.submission;
      return after;
    }).catch((error: unknown) => {
      if (claimed && claimed.orders.length > 0) this.#doubtful.push(claimed);
      throw error;
    });
    this.#committed(aftermath, {
      reports: reports.map(({ token }) => token),
      steps: recorded.map((batch) => ({ token: batch.token, numbers: batch.steps.map(({ number }) => number) })),
    });
  }

  async #claim(e: EngineTransaction): Promise<Aftermath> {
    const { ids, facts, catalog, server, room } = this.#options;
    const { tx, ledger } = e;
    // Of a report that came since, the worker's place is free again, but what it holds of limits is not yet.
    const places = Math.max(0, room() - this.#collected.reports.length);
    // Asked together, in this order: what is claimable is looked for under the limits' lock. The runs' counters are no
    // lock more, since the runs are locked.
    const [, book, held, first] = await askTogether([
      e.settleRuns(),
      e.limits(),
      this.#options.fenced ? tx.servers.hold(server()) : true,
      tx.instances.claimable(places),
      facts.expect(tx, e.runs.keys()),
    ]);
    if (!held) {
      this.#options.givenUp();
      return { ...(await e.finish()), ready: false, submission: EMPTY };
    }
    // What a limit has let go since is not among them.
    const candidates = book.hasLetGo ? null : first;
    const values = e.outputs;
    const claimed = await claim(candidates, {
      tx,
      ledger,
      book,
      catalog,
      facts,
      ids,
      values,
      server: server(),
      room: places,
    });
    const after = await e.finish();
    // What this transaction made ready is among what it could claim: only more of it is left for the next.
    return { ...after, ready: claimed.more, submission: claimed.submission };
  }

  async #oneByOne(collected: Collected, error: unknown): Promise<void> {
    this.#options.onError(error);
    if (size(collected) <= 1) {
      const [report] = collected.reports;
      const [batch] = collected.steps;
      // What cannot be written alone is given up: the report as if it had been taken, the flow's attempt by stopping it.
      if (report) this.#committed(NOTHING, { reports: [report.token], steps: [] });
      if (batch) this.#committed({ ...NOTHING, stops: [{ token: batch.token, reason: 'error' }] }, NONE);
      return;
    }
    for (const part of parts(collected)) {
      await this.#write(part, false).catch((cause) => this.#oneByOne(part, cause));
    }
    this.#claimWanted = true;
  }

  async #transaction<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    const { store, catalog, facts, clock, expandedAtOnce } = this.#options;
    return store.transaction((tx) => {
      facts.beginTransaction();
      return body(new EngineTransaction(tx, catalog, clock.now(), { expandedAtOnce }));
    });
  }

  #committed(aftermath: Aftermath, acknowledged: Acknowledged): void {
    if (aftermath.ready) this.#claimWanted = true;
    for (const run of aftermath.endedRuns) this.#options.facts.forget(run.id);
    this.#options.committed(aftermath, acknowledged);
  }
}

/** What has become durable, for those who wait for that. */
export interface Acknowledged {
  readonly reports: readonly string[];
  readonly steps: readonly { readonly token: string; readonly numbers: readonly number[] }[];
}

interface Collected {
  readonly reports: Report[];
  readonly steps: StepBatch[];
  readonly logs: LogChunk[];
  readonly names: InstanceName[];
}

function nothing(): Collected {
  return { reports: [], steps: [], logs: [], names: [] };
}

function size({ reports, steps, logs, names }: Collected): number {
  return reports.length + steps.length + logs.length + names.length;
}

function together(a: Collected, b: Collected): Collected {
  return {
    reports: [...a.reports, ...b.reports],
    steps: [...a.steps, ...b.steps],
    logs: [...a.logs, ...b.logs],
    names: [...a.names, ...b.names],
  };
}

/** The same, one thing at a time; a flow's steps before its report. */
function parts({ reports, steps, logs, names }: Collected): Collected[] {
  return [
    ...steps.map((batch) => ({ ...nothing(), steps: [batch] })),
    ...reports.map((report) => ({ ...nothing(), reports: [report] })),
    ...logs.map((chunk) => ({ ...nothing(), logs: [chunk] })),
    ...names.map((name) => ({ ...nothing(), names: [name] })),
  ];
}

const NONE: Acknowledged = { reports: [], steps: [] };
const EMPTY: Submission = { runs: [], orders: [] };
const NOTHING: Aftermath = { events: [], stops: [], endedRuns: [], ready: false, timer: null, submission: EMPTY };
