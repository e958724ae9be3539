import type { Random } from './random.ts';
import type { Trace } from './trace.ts';
import { demand } from './violation.ts';

const WINDOW_STEPS = 25_000;
const LEAST_WINDOW_MS = 20_000;

/** Who an operation belongs to: a server, a person, the world. What has gone never goes on; what is paused waits. */
export class Process {
  readonly name: string;
  readonly #gone = Promise.withResolvers<never>();
  gone = false;
  /** Milliseconds on the scheduler's clock until which it stands still. */
  pausedUntil = 0;

  constructor(name: string) {
    this.name = name;
    this.#gone.promise.catch(() => {});
  }

  /** Rejects when the process dies; never resolves. */
  get death(): Promise<never> {
    return this.#gone.promise;
  }

  die(): void {
    this.gone = true;
    this.#gone.reject(new Error(`${this.name} died`));
  }
}

interface Step {
  readonly process: Process;
  readonly label: string;
  go(): void;
}

interface Alarm extends Step {
  readonly due: number;
  readonly number: number;
  cancelled: boolean;
}

/**
 * Owns time and order. Every pending operation of every process is a step; the seed picks which one goes next, and
 * virtual time goes on when nothing is left to do. Between two steps everything that can go on by itself does, so a
 * process can be stopped between any two of its awaits.
 */
export class Scheduler {
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #ready: Step[] = [];
  readonly #alarms: Alarm[] = [];
  #numbers = 0;
  #windowStart = 0;
  /** Milliseconds since the beginning: the monotonic clock of every process. */
  now = 0;
  steps = 0;

  constructor(random: Random, trace: Trace) {
    this.#random = random;
    this.#trace = trace;
  }

  /** Waits until the seed lets it go on. */
  step(process: Process, label: string): Promise<void> {
    return new Promise((resolve) => this.soon(process, label, resolve));
  }

  soon(process: Process, label: string, go: () => void): void {
    if (!process.gone) this.#ready.push({ process, label, go });
  }

  /** Calls back after some time; the returned function cancels that. */
  after(process: Process, ms: number, label: string, go: () => void): () => void {
    const alarm = { process, label, go, due: this.now + Math.max(0, ms), number: this.#numbers++, cancelled: false };
    this.#push(alarm);
    return () => {
      alarm.cancelled = true;
    };
  }

  sleep(process: Process, ms: number, label: string): Promise<void> {
    return new Promise((resolve) => this.after(process, ms, label, resolve));
  }

  /** Lets operations go on until `done` says so, or the time is over. Returns whether it was done. */
  async run(until: number, done: () => boolean): Promise<boolean> {
    await settled();
    while (!done()) {
      if (!this.#next(until)) return done();
      await settled();
    }
    return true;
  }

  #next(until: number): boolean {
    for (;;) {
      this.#wakeDue();
      const step = this.#choose();
      if (step) {
        this.steps += 1;
        if (this.steps % WINDOW_STEPS === 0) this.#checkWindow();
        if (this.#random.chance(0.2)) this.now += 1;
        this.#trace.note(this.now, step.process.name, step.label);
        step.go();
        return true;
      }
      const next = this.#soonest(until);
      if (next === null) return false;
      this.now = Math.max(this.now, next);
    }
  }

  /** A cluster that is never idle although nothing happens: somebody goes round and round. */
  #checkWindow(): void {
    const took = this.now - this.#windowStart;
    this.#windowStart = this.now;
    demand(took >= LEAST_WINDOW_MS, 'livelock', () => `${WINDOW_STEPS} steps were done in ${took} ms`);
  }

  /** A ready step of a process that stands still is put off; one of a dead process is dropped. */
  #choose(): Step | null {
    while (this.#ready.length > 0) {
      const at = this.#random.int(0, this.#ready.length - 1);
      const step = this.#ready[at]!;
      this.#ready[at] = this.#ready.at(-1)!;
      this.#ready.pop();
      if (step.process.gone) continue;
      if (step.process.pausedUntil > this.now) {
        this.after(step.process, step.process.pausedUntil - this.now, step.label, step.go);
        continue;
      }
      return step;
    }
    return null;
  }

  #wakeDue(): void {
    for (let first = this.#alarms[0]; first && first.due <= this.now; first = this.#alarms[0]) {
      this.#pop();
      if (!first.cancelled && !first.process.gone) this.#ready.push(first);
    }
  }

  #soonest(until: number): number | null {
    for (let first = this.#alarms[0]; first; first = this.#alarms[0]) {
      if (!first.cancelled && !first.process.gone) return first.due > until ? null : first.due;
      this.#pop();
    }
    return null;
  }

  // A binary heap by due time, then by order of making.
  #push(alarm: Alarm): void {
    const heap = this.#alarms;
    let at = heap.push(alarm) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(alarm, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = alarm;
  }

  #pop(): void {
    const heap = this.#alarms;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Alarm, b: Alarm): boolean {
  return a.due < b.due || (a.due === b.due && a.number < b.number);
}

/** Everything that follows from promises that are resolved has happened when this resolves. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
