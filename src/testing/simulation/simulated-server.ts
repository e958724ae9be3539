import { Engine } from '../../engine/engine.ts';
import type { Mail } from '../../engine/mail.ts';
import { MillraceError } from '../../model/errors.ts';
import { Process } from './scheduler.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type Code, SimulatedExecutor } from './simulated-executor.ts';
import { SimulatedStore } from './simulated-store.ts';
import type { World } from './world.ts';

class MailError extends Error {}

/** A server of the cluster through all its lives: each is a new process with a new engine and new workers. */
export class SimulatedServer {
  readonly #world: World;
  readonly #name: string;
  readonly #code: Code;
  #lives = 0;
  #process: Process | null = null;
  #executor: SimulatedExecutor | null = null;
  /** Set while it is up: started, and neither dead nor on its way out. */
  engine: Engine | null = null;

  constructor(world: World, name: string, code: Code) {
    this.#world = world;
    this.#name = name;
    this.#code = code;
  }

  get held(): readonly string[] {
    return this.#executor?.held ?? [];
  }

  start(): void {
    this.#lives += 1;
    const process = new Process(`${this.#name}.${this.#lives}`);
    this.#process = process;
    const { profile, scheduler, wall, random } = this.#world;
    const clock = new SimulatedClock(scheduler, process, wall);
    const executor = new SimulatedExecutor(this.#world, process, this.#code);
    this.#executor = executor;
    const lookup = async () => null;
    const engine = new Engine({
      store: new SimulatedStore(this.#world, process, () => this.crash()),
      executor,
      clock,
      ids: this.#world.ids,
      lookup: { connection: lookup, variable: lookup, secret: lookup },
      mailer: {
        send: async (mail) => {
          await scheduler.step(process, 'mail');
          if (!this.#world.calm && random.chance(0.2)) throw new MailError('the mail server does not answer');
          this.#sent(mail);
        },
      },
      name: process.name,
      peers: profile.peers,
      leaseMs: profile.leaseMs,
      // Few, so that most expansions are made in parts, between which anything can happen.
      expandedAtOnce: 2,
      onError: (error) => this.#heard(error),
    });
    this.#world.note(process.name, 'starts');
    engine.start().then(
      () => {
        if (!process.gone) this.engine = engine;
      },
      (error) => this.#world.report(error),
    );
  }

  /** Dies at once, with its workers. It is started again after a while. */
  crash(): void {
    const process = this.#process;
    if (!process || process.gone) return;
    this.#world.totals.crashes += 1;
    this.#world.note(process.name, 'dies');
    this.#leave(process);
  }

  /** Stands still, its workers too, while the others go on. */
  pause(ms: number): void {
    if (!this.#process || this.#process.gone) return;
    this.#world.totals.pauses += 1;
    this.#world.note(this.#process.name, `stands still for ${ms}`);
    this.#process.pausedUntil = this.#world.scheduler.now + ms;
  }

  /** Goes in an orderly way, and comes again. */
  stop(graceMs: number): void {
    const { engine } = this;
    const process = this.#process;
    if (!engine || !process || process.gone) return;
    this.engine = null;
    this.#world.note(process.name, 'stops');
    engine.stop(graceMs).then(
      () => {
        if (process.gone) return;
        this.#world.note(process.name, 'has stopped');
        this.#leave(process);
      },
      (error) => this.#world.report(error),
    );
  }

  #leave(process: Process): void {
    process.die();
    this.engine = null;
    this.#executor = null;
    const { scheduler, nature, random, calm } = this.#world;
    scheduler.after(nature, calm ? 100 : random.int(10, 20_000), `restart ${this.#name}`, () => this.start());
  }

  #heard(error: unknown): void {
    if (error instanceof MailError) return;
    if (MillraceError.is(error) && error.code === 'store_unavailable' && !this.#world.calm) return;
    const expected = MillraceError.is(error) && error.code === 'conflict' && error.message.includes('given up');
    if (expected) this.#world.totals.takeovers += 1;
    else this.#world.report(error);
  }

  #sent({ messageId }: Mail): void {
    this.#world.mails.add(messageId);
  }
}
