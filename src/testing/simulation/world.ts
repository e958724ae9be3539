import type { Ids } from '../../engine/ids.ts';
import { Database } from '../../store/sqlite/database.ts';
import { SqliteStore } from '../../store/sqlite/store.ts';
import type { Tx } from '../../store/store.ts';
import { checkBackfills, checkReruns } from './backfill-check.ts';
import { checkCounters } from './counter-check.ts';
import { checkDecisions } from './decision-check.ts';
import { checkLimits } from './limit-check.ts';
import { checkMappings } from './mapping-check.ts';
import { Mirror } from './mirror.ts';
import { checkMoves } from './move-check.ts';
import type { Profile } from './profile.ts';
import { Random } from './random.ts';
import { checkRuns } from './run-check.ts';
import { Process, Scheduler } from './scheduler.ts';
import type { Wall } from './simulated-clock.ts';
import { zeroTotals } from './totals.ts';
import { Trace } from './trace.ts';
import { Violation } from './violation.ts';
import { Witness } from './witness.ts';

/** Breaks the store's verbs, to show that the simulation would see it. */
export type Sabotage = (tx: Tx, database: Database) => Tx;

/** Beginning of simulated time: a Monday at midnight. */
export const EPOCH = Date.UTC(2026, 0, 5);

/** What all parts of one simulation share. */
export class World {
  readonly profile: Profile;
  readonly random: Random;
  readonly trace = new Trace();
  readonly scheduler: Scheduler;
  readonly witness = new Witness();
  readonly totals = zeroTotals();
  readonly database = new Database(':memory:');
  readonly store = SqliteStore.inMemory(this.database);
  /** For what belongs to nobody who can die. */
  readonly nature = new Process('world');
  readonly wall: Wall = { offset: EPOCH };
  readonly sabotage: Sabotage | null;
  /** The store cannot be reached. */
  away = false;
  /** Faults are over: what is left has to get done. */
  calm = false;
  violation: Violation | null = null;
  /** Mails that have been sent, by id. */
  readonly mails = new Set<string>();
  readonly ids: Ids;
  /** By instance: how often its body has begun. */
  readonly performances = new Map<string, number>();
  /** Told of each commit that another process makes. */
  readonly watchers = new Set<() => void>();
  #mirror: Mirror | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(profile: Profile, random: Random, sabotage: Sabotage | null) {
    this.profile = profile;
    this.random = random;
    this.sabotage = sabotage;
    this.scheduler = new Scheduler(random.fork(), this.trace);
    const chance = random.fork();
    let count = 0;
    this.ids = { random: () => `${(count++).toString(36)}${chance.int(0, 2 ** 30).toString(36)}` };
  }

  async open(): Promise<void> {
    await this.store.migrate();
    this.#mirror = new Mirror(this.database);
  }

  get mirror(): Mirror {
    return this.#mirror!;
  }

  /** Wall time of the world, without the error of any one machine's clock. */
  get now(): number {
    return this.wall.offset + this.scheduler.now;
  }

  note(who: string, what: string): void {
    this.trace.note(this.scheduler.now, who, what);
  }

  /** The first violation counts; it ends the simulation. */
  report(error: unknown): void {
    if (this.violation) return;
    this.violation =
      error instanceof Violation
        ? error
        : new Violation('simulation', error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.note('world', `VIOLATION ${this.violation.message}`);
  }

  /** One after the other, over every await: the database in memory has one connection. */
  exclusive<T>(body: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(body, body);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** A transaction has just been committed: the database must be right now, whoever did it. */
  committed(who: string, watcher?: () => void): void {
    try {
      const change = this.mirror.refresh();
      if (!change) return;
      for (const run of change.runs) {
        for (const [name, { parked }] of this.mirror.instances(run)) {
          if (parked !== null && change.before.get(run)?.get(name)?.parked !== parked) this.totals.parked += 1;
        }
      }
      for (const tell of this.watchers) if (tell !== watcher) tell();
      this.totals.commits += 1;
      this.totals.ends += change.attempts.length + change.runMoves.length;
      for (const { kind, run, task, index, attempt } of change.events) {
        this.note(
          who,
          `event ${kind} ${run ?? ''}${task === null ? '' : `.${task}.${index}`}${attempt === null ? '' : ` attempt ${attempt}`}`,
        );
      }
      checkReruns(change, this.mirror, this.witness);
      checkMoves(change, this.mirror, this.witness);
      checkCounters(change, this.mirror);
      checkMappings(change, this.mirror, this.witness);
      checkDecisions(change, this.mirror, this.witness);
      checkLimits(change, this.mirror);
      checkBackfills(change, this.mirror);
      checkRuns(change, this.mirror, this.witness);
    } catch (error) {
      this.report(error);
    }
  }

  /** Also with a transaction open: who was in it stands still for ever. */
  close(): void {
    this.database.close();
  }
}

export function newWorld(profile: Profile, seed: number, sabotage: Sabotage | null): World {
  return new World(profile, new Random(seed), sabotage);
}
