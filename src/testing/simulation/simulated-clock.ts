import type { Clock } from '../../model/clock.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** The wall clock of the simulated world: it may jump, while the monotonic time goes on. */
export interface Wall {
  /** Wall time minus monotonic time, milliseconds. */
  offset: number;
}

/** The clock of one process. */
export class SimulatedClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #process: Process;
  readonly #wall: Wall;

  constructor(scheduler: Scheduler, process: Process, wall: Wall) {
    this.#scheduler = scheduler;
    this.#process = process;
    this.#wall = wall;
  }

  now(): number {
    return this.#wall.offset + this.#scheduler.now;
  }

  monotonic(): number {
    return this.#scheduler.now;
  }

  after(ms: number, callback: () => void): () => void {
    return this.#scheduler.after(this.#process, ms, 'alarm', callback);
  }

  yield(): Promise<void> {
    return this.#scheduler.step(this.#process, 'yield');
  }
}
