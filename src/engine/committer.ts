import type { LogLine, Report, Submission } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import { MillraceError } from '../model/errors.ts';
import type { LogChunk } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import { claim } from './claims.ts';
import { type Ids, parseToken } from './ids.ts';
import { Loop } from './lifecycle.ts';
import { takeReports } from './reports.ts';
import type { RunFactsCache } from './run-facts.ts';
import { type Aftermath, EngineTransaction } from './transaction.ts';

/** Work that is a transaction of its own: a trigger, a timer's round, the start of runs. */
interface Command {
  run(): Promise<void>;
  fail(error: unknown): void;
}

export interface CommitterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly catalog: Catalog;
  readonly facts: RunFactsCache;
  readonly maxLost: number;
  /** This server's id in the store, once it is registered. */
  server(): number;
  /** How many attempts the executor takes right now. */
  room(): number;
  /** After each commit, before anything else is done with it. */
  committed(aftermath: Aftermath, acknowledged: readonly string[]): void;
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
  #reports: Report[] = [];
  #logs: LogChunk[] = [];
  #claimWanted = false;
  #away = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#loop = new Loop(options.clock, () => this.#round(), options.onError);
  }

  start(): void {
    this.#loop.start();
  }

  /** Stops after what was collected is written, or at once when the store is away. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    if (this.#away === 0 && this.#hasWork()) await this.#round();
  }

  /** Runs `body` in a transaction of its own, between two batches. Rejects with what it throws; nothing is written then. */
  command<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#commands.push({
        run: async () => {
          const { result, aftermath } = await this.#transaction(async (e) => {
            const result = await body(e);
            return { result, aftermath: await e.finish() };
          });
          this.#committed(aftermath, []);
          resolve(result);
        },
        fail: reject,
      });
      this.#loop.wake();
    });
  }

  report(reports: readonly Report[]): void {
    for (const report of reports) this.#reports.push(report);
    this.#loop.wake();
  }

  log(token: string, lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    const { attempt, ...key } = parseToken(token);
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    this.#logs.push({ ...key, attempt, at: lines[0]!.at, lines: text });
    this.#loop.wake();
  }

  /** Something may have become claimable, or there is room again. */
  claimSoon(): void {
    this.#claimWanted = true;
    this.#loop.wake();
  }

  #hasWork(): boolean {
    return this.#reports.length > 0 || this.#logs.length > 0 || this.#commands.length > 0;
  }

  async #round(): Promise<number | null> {
    // What is on its way comes into this batch rather than the next one.
    await this.#options.clock.yield();
    try {
      await this.#runCommands();
      await this.#batch();
    } catch (error) {
      if (!MillraceError.is(error) || error.code !== 'store_unavailable') throw error;
      this.#options.health(error);
      this.#away += 1;
      return Math.min(100 * 2 ** this.#away, 5000);
    }
    if (this.#away > 0) {
      this.#away = 0;
      this.#options.health(null);
    }
    return this.#hasWork() || (this.#claimWanted && this.#options.room() > 0) ? 0 : null;
  }

  async #runCommands(): Promise<void> {
    while (this.#commands.length > 0) {
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

  async #batch(): Promise<void> {
    const reports = this.#reports;
    const logs = this.#logs;
    const room = this.#options.room();
    const claiming = room > 0 && (this.#claimWanted || reports.length > 0);
    if (reports.length === 0 && logs.length === 0 && !claiming) return;
    this.#reports = [];
    this.#logs = [];
    this.#claimWanted = false;
    try {
      await this.#write(reports, logs, claiming);
    } catch (error) {
      if (MillraceError.is(error) && error.code === 'store_unavailable') {
        this.#reports = [...reports, ...this.#reports];
        this.#logs = [...logs, ...this.#logs];
        this.#claimWanted = true;
        throw error;
      }
      await this.#oneByOne(reports, logs, error);
    }
  }

  async #write(reports: readonly Report[], logs: readonly LogChunk[], claiming: boolean): Promise<void> {
    const { ids, facts, catalog, maxLost } = this.#options;
    const aftermath = await this.#transaction(async (e) => {
      if (reports.length > 0) {
        await e.lockRuns(reports.map(({ token }) => parseToken(token).run));
        await takeReports(reports, e, maxLost);
        await e.settleRuns();
      }
      if (logs.length > 0) await e.tx.logs.append(logs);
      if (!claiming) return e.finish();
      const book = await e.limits();
      const claimed = await claim({
        tx: e.tx,
        ledger: e.ledger,
        book,
        catalog,
        facts,
        ids,
        server: this.#options.server(),
        room: this.#options.room(),
      });
      const after = await e.finish();
      // What this transaction made ready is among what it could claim: only more of it is left for the next.
      return { ...after, ready: claimed.more, submission: claimed.submission };
    });
    this.#committed(
      aftermath,
      reports.map(({ token }) => token),
    );
  }

  async #oneByOne(reports: readonly Report[], logs: readonly LogChunk[], error: unknown): Promise<void> {
    this.#options.onError(error);
    if (reports.length + logs.length <= 1) {
      if (reports.length === 1) this.#committed(NOTHING, [reports[0]!.token]);
      return;
    }
    for (const report of reports)
      await this.#write([report], [], false).catch((cause) => this.#oneByOne([report], [], cause));
    for (const chunk of logs)
      await this.#write([], [chunk], false).catch((cause) => this.#oneByOne([], [chunk], cause));
    this.#claimWanted = true;
  }

  async #transaction<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    const { store, catalog, facts, clock } = this.#options;
    return store.transaction((tx) => {
      facts.beginTransaction();
      return body(new EngineTransaction(tx, catalog, clock.now()));
    });
  }

  #committed(aftermath: Aftermath, acknowledged: readonly string[]): void {
    if (aftermath.ready) this.#claimWanted = true;
    for (const run of aftermath.endedRuns) this.#options.facts.forget(run.id);
    this.#options.committed(aftermath, acknowledged);
  }
}

const EMPTY: Submission = { runs: [], orders: [] };
const NOTHING: Aftermath = { events: [], stops: [], endedRuns: [], ready: false, timer: null, submission: EMPTY };
