import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../../model/clock.ts';
import { MillraceError } from '../../model/errors.ts';
import type { AttemptReason } from '../../model/states.ts';
import type { AttemptOrder, Executor, ExecutorEvents, Outcome, RunFacts, Submission } from '../executor.ts';
import { type StopTimes, Worker } from './worker.ts';
import { workerEnvironment } from './worker-environment.ts';

export interface ProcessExecutorOptions extends Partial<StopTimes> {
  /** Where stored values lie: a folder, or `s3://bucket/prefix`; workers open it for themselves. */
  readonly objects: string;
  /** Number of warm worker processes. Default: the number of cores. */
  readonly size?: number;
  /** Attempts at once in one worker. Default 64. */
  readonly concurrency?: number;
  /** Processes at once for attempts with `isolation: 'process'`. Default: `size`. */
  readonly isolatedSize?: number;
  /** Longest encoded output that travels inline, in bytes. Default 64 KiB. */
  readonly inlineLimit?: number;
  /** Heap of a warm worker in MiB. Default: what the platform gives. */
  readonly memory?: number | null;
  /** Longest start of a worker before start() gives up, in milliseconds. Default 30 s. */
  readonly startMs?: number;
  /** Environment of the workers. Default: this process's, without Millrace's own variables. */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** What workers print outside of any attempt. Default: to stderr, with the worker's name. */
  readonly output?: (worker: string, stream: 'stdout' | 'stderr', line: string) => void;
}

const DEFAULT_TIMES: StopTimes = { graceMs: 5_000, drainMs: 30_000, killMs: 2_000, blockedMs: 2_000 };
const DEFAULT_CONCURRENCY = 64;
const DEFAULT_INLINE_LIMIT = 64 * 1024;
const DEFAULT_START_MS = 30_000;

/** A worker that died young is replaced after a wait that doubles from death to death. */
const FIRST_RESPAWN_MS = 100;
const LONGEST_RESPAWN_MS = 10_000;
const YOUNG_MS = 10_000;

interface Waiting {
  readonly run: RunFacts;
  readonly order: AttemptOrder;
}

/** Runs attempts in warm child processes, several at once in each, and in a process of their own where they ask for it. */
export class ProcessExecutor implements Executor {
  readonly name = 'process';
  readonly #options: ProcessExecutorOptions;
  readonly #clock: Clock;
  readonly #size: number;
  readonly #concurrency: number;
  readonly #workers = new Set<Worker>();
  readonly #isolated = new Set<Worker>();
  readonly #waiting: Waiting[] = [];
  readonly #waitingIsolated: Waiting[] = [];
  readonly #respawns = new Set<() => void>();
  #events: ExecutorEvents | undefined;
  /** Workers that were started ahead have nothing to say before somebody listens. */
  readonly #toEngine: ExecutorEvents = {
    report: (reports) => this.#events?.report(reports),
    log: (token, lines, step) => this.#events?.log(token, lines, step),
    named: (token, name) => this.#events?.named(token, name),
    steps: (token, steps) => this.#events?.steps(token, steps),
    progress: (token, progress, step) => this.#events?.progress(token, progress, step),
    ask: async (token, question) => this.#events?.ask(token, question) ?? { error: 'nobody listens yet' },
    capacity: () => this.#events?.capacity(),
  };
  #state: 'new' | 'running' | 'stopping' = 'new';
  #spawned = 0;
  #youngDeaths = 0;
  /** Why the first workers died, as long as none has started. */
  readonly #lastWords: string[] = [];
  #changed: (() => void)[] = [];

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#size = options.size ?? availableParallelism();
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  }

  /**
   * Starts the first worker ahead of start(), which then finds it ready, or nearly so. The others start when it is: all
   * at once would take the processor from the server, which starts at the same time.
   */
  warm(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#spawn();
  }

  #fill(): void {
    while (this.#state === 'running' && this.#workers.size + this.#respawns.size < this.#size) this.#spawn();
  }

  /** Resolves when the first worker takes orders; the others follow, each announced by `capacity`. */
  async start(events: ExecutorEvents): Promise<void> {
    this.#events = events;
    this.warm();
    const lastWords = this.#lastWords;
    const limit = this.#options.startMs ?? DEFAULT_START_MS;
    let late = false;
    const cancel = this.#clock.after(limit, () => {
      late = true;
      this.#tell();
    });
    while (!late && lastWords.length < this.#size && !this.#ready().length) await this.#change();
    cancel();
    if (this.#ready().length > 0) return;
    await this.stop(0);
    throw new MillraceError('worker_lost', `no worker process started: ${lastWords[0] ?? `not within ${limit} ms`}`, {
      fix: 'Read the reason above; "millrace doctor" checks Node, memory and the installation.',
    });
  }

  free(): number {
    if (this.#state !== 'running') return 0;
    const places = this.#ready().length * this.#concurrency;
    const taken = this.#ready().reduce((sum, worker) => sum + worker.load, 0);
    return Math.max(0, places - taken - this.#isolated.size - this.#waitingIsolated.length - this.#waiting.length);
  }

  submit({ runs, orders }: Submission): void {
    const facts = new Map(runs.map((run) => [run.key, run]));
    for (const order of orders) {
      const run = facts.get(order.run);
      if (!run) this.#end(order, lost('start_failed', `the facts of run ${order.run} did not come with the order`));
      else if (this.#state !== 'running') this.#end(order, lost('worker_exited', 'the server is stopping'));
      else if (order.isolation === 'process') this.#isolate({ run, order });
      else this.#assign({ run, order });
    }
  }

  cancel(token: string, reason: AttemptReason): void {
    for (const queue of [this.#waiting, this.#waitingIsolated]) {
      const index = queue.findIndex(({ order }) => order.token === token);
      const [waiting] = index < 0 ? [] : queue.splice(index, 1);
      if (!waiting) continue;
      this.#end(waiting.order, { kind: 'cancelled', reason });
      return;
    }
    for (const worker of [...this.#workers, ...this.#isolated]) worker.cancel(token, reason);
  }

  /** Reports go straight to the server in the same process: there is nothing to remember. */
  acknowledge(): void {}

  acknowledgeSteps(token: string, numbers: readonly number[]): void {
    for (const worker of [...this.#workers, ...this.#isolated]) worker.acknowledgeSteps(token, numbers);
  }

  async stop(graceMs: number): Promise<void> {
    if (this.#state === 'new') return;
    this.#state = 'stopping';
    for (const cancel of this.#respawns) cancel();
    this.#respawns.clear();
    for (const { order } of [...this.#waiting.splice(0), ...this.#waitingIsolated.splice(0)]) {
      this.#end(order, lost('worker_exited', 'the server stopped before it began'));
    }
    let over = graceMs <= 0;
    const cancel = this.#clock.after(graceMs, () => {
      over = true;
      this.#tell();
    });
    const all = () => [...this.#workers, ...this.#isolated];
    while (!over && all().some((worker) => worker.load > 0)) await this.#change();
    cancel();
    for (const worker of all()) worker.end('the server stopped');
    while (all().length > 0) await this.#change();
  }

  #ready(): Worker[] {
    return [...this.#workers].filter((worker) => worker.takesOrders);
  }

  #assign(waiting: Waiting): void {
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.takesOrders && (!best || worker.load < best.load)) best = worker;
    }
    if (best) best.run(waiting.run, waiting.order);
    else this.#waiting.push(waiting);
  }

  #isolate(waiting: Waiting): void {
    if (this.#isolated.size >= (this.#options.isolatedSize ?? this.#size)) {
      this.#waitingIsolated.push(waiting);
      return;
    }
    const worker = this.#start(true, waiting.order.memory, this.#isolated, () => {});
    worker.run(waiting.run, waiting.order);
  }

  #spawn(): void {
    const died = (detail: string) => {
      // For who waits for the first worker. Later deaths are told of by their attempts.
      if (this.#lastWords.length < this.#size) this.#lastWords.push(detail);
    };
    this.#start(false, this.#options.memory ?? null, this.#workers, died);
  }

  #start(single: boolean, memory: number | null, pool: Set<Worker>, died: (detail: string) => void): Worker {
    const name = `worker-${++this.#spawned}`;
    const bornAt = this.#clock.monotonic();
    const { output = printOutput } = this.#options;
    const worker: Worker = new Worker({
      setup: {
        name,
        objects: this.#options.objects,
        inlineLimit: this.#options.inlineLimit ?? DEFAULT_INLINE_LIMIT,
      },
      single,
      memory,
      env: workerEnvironment(this.#options.env ?? process.env),
      clock: this.#clock,
      times: {
        graceMs: this.#options.graceMs ?? DEFAULT_TIMES.graceMs,
        drainMs: this.#options.drainMs ?? DEFAULT_TIMES.drainMs,
        killMs: this.#options.killMs ?? DEFAULT_TIMES.killMs,
        blockedMs: this.#options.blockedMs ?? DEFAULT_TIMES.blockedMs,
      },
      events: this.#toEngine,
      output: (stream, line) => output(name, stream, line),
      ready: () => {
        if (!single) this.#fill();
        this.#room();
      },
      room: () => this.#room(),
      draining: () => {
        if (!single && this.#state === 'running') this.#spawn();
      },
      gone: ({ expected, detail }) => {
        pool.delete(worker);
        died(detail);
        if (single) this.#nextIsolated();
        else if (!expected) this.#replace(this.#clock.monotonic() - bornAt);
        else if (this.#workers.size < this.#size && this.#state === 'running') this.#spawn();
        this.#tell();
      },
    });
    pool.add(worker);
    return worker;
  }

  /** A worker died by itself. */
  #replace(age: number): void {
    if (this.#state !== 'running') return;
    this.#youngDeaths = age < YOUNG_MS ? this.#youngDeaths + 1 : 0;
    const wait =
      this.#youngDeaths < 2 ? 0 : Math.min(FIRST_RESPAWN_MS * 2 ** (this.#youngDeaths - 2), LONGEST_RESPAWN_MS);
    const cancel = this.#clock.after(wait, () => {
      this.#respawns.delete(cancel);
      this.#spawn();
    });
    this.#respawns.add(cancel);
  }

  #nextIsolated(): void {
    const next = this.#waitingIsolated.shift();
    if (next) this.#isolate(next);
  }

  #room(): void {
    if (this.#waiting.length > 0) for (const waiting of this.#waiting.splice(0)) this.#assign(waiting);
    this.#tell();
    this.#events?.capacity();
  }

  #end({ token }: AttemptOrder, outcome: Outcome): void {
    const now = this.#clock.now();
    this.#events?.report([{ token, outcome, startedAt: now, endedAt: now, worker: 'none' }]);
  }

  /** Resolves at the next change of a worker. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve));
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}

function lost(reason: AttemptReason, detail: string): Outcome {
  return { kind: 'lost', reason, detail };
}

function printOutput(worker: string, _stream: 'stdout' | 'stderr', line: string): void {
  process.stderr.write(`${worker}: ${line}\n`);
}
