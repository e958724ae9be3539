import type { Clock } from '../../model/clock.ts';

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

/** Turns without anybody in yield() after which nothing is on its way any more. */
const QUIET_TURNS = 3;

/** A clock that stands still until a test moves it. Nothing waits for real time. */
export class VirtualClock implements Clock {
  readonly #start: number;
  #now: number;
  #yielding = 0;
  #alarms: Alarm[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  after(ms: number, callback: () => void): () => void {
    const alarm = { at: this.#now + Math.max(0, ms), callback };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  async yield(): Promise<void> {
    this.#yielding += 1;
    await turn();
    this.#yielding -= 1;
  }

  /** Lets everything come to rest that can go on without time passing. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = this.#yielding > 0 ? 0 : quiet + 1) await turn();
  }

  /** Moves on, from one alarm to the next, letting each have its effect at its own time. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.settle();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms = this.#alarms.filter((other) => other !== next);
      next.callback();
      await this.settle();
    }
    this.#now = until;
    await this.settle();
  }

  /** When the next alarm is due, or null. */
  next(): number | null {
    return this.#next(Number.POSITIVE_INFINITY)?.at ?? null;
  }

  /** Moves the wall clock without letting anything that was due meanwhile notice: a machine that slept. */
  async jump(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  #next(until: number): Alarm | undefined {
    return this.#alarms
      .filter(({ at }) => at <= until)
      .reduce<Alarm | undefined>((best, alarm) => (best && best.at <= alarm.at ? best : alarm), undefined);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
