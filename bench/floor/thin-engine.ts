import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ThinGraph } from './thin-graph.ts';
import type { ThinReport, ThinStep, ThinStore } from './thin-store.ts';
import type { FromThinWorker, ToThinWorker } from './thin-worker-main.ts';

export interface ThinOptions {
  readonly store: ThinStore;
  /** What every task does; `flow_…` makes calls. */
  readonly body: string;
  /** Attempts at once in the worker. */
  readonly capacity: number;
  readonly onReports?: (reports: readonly ThinReport[]) => void;
}

/**
 * The floor: what DESIGN calls the thin engine. The same processes, messages and durable commits as the real one (a
 * worker over IPC, group commit, guarded claim and finish, counters, outputs, attempts, two events a task, the end of
 * the run), and nothing else: no limits, no logs, no values to resolve, no versions, no retries.
 */
export class ThinEngine {
  readonly #options: ThinOptions;
  readonly #worker: ChildProcess;
  readonly #ends = new Map<number, () => void>();
  #reports: ThinReport[] = [];
  #steps: ThinStep[] = [];
  #running = 0;
  #claimWanted = false;
  #busy = false;

  private constructor(options: ThinOptions, worker: ChildProcess) {
    this.#options = options;
    this.#worker = worker;
    worker.on('message', (message) => {
      const { reports, steps } = message as FromThinWorker;
      this.#reports.push(...reports);
      this.#steps.push(...steps);
      this.#wake();
    });
  }

  static async start(options: ThinOptions): Promise<ThinEngine> {
    const worker = fork(new URL('./thin-worker-main.ts', import.meta.url), { serialization: 'json' });
    await once(worker, 'message');
    return new ThinEngine(options, worker);
  }

  get workerPid(): number {
    return this.#worker.pid!;
  }

  /** Resolves when the end of the run is durable. */
  async run(graph: ThinGraph): Promise<void> {
    const run = await this.#options.store.trigger(graph);
    const ended = new Promise<void>((resolve) => this.#ends.set(run, resolve));
    this.#claimWanted = true;
    this.#wake();
    await ended;
  }

  async stop(): Promise<void> {
    this.#worker.disconnect();
    await once(this.#worker, 'exit');
    await this.#options.store.close();
  }

  #wake(): void {
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    const { store, body, capacity, onReports } = this.#options;
    while (this.#reports.length > 0 || this.#steps.length > 0 || this.#claimWanted) {
      const reports = this.#reports;
      const steps = this.#steps;
      this.#reports = [];
      this.#steps = [];
      this.#claimWanted = false;
      this.#running -= reports.length;
      const { claimed, ended } = await store.batch({ reports, steps, room: capacity - this.#running });
      this.#running += claimed.length;
      if (claimed.length > 0) this.#send({ kind: 'orders', orders: claimed.map((order) => ({ ...order, body })) });
      if (steps.length > 0) this.#send({ kind: 'steps', tasks: steps.map(({ task }) => task) });
      onReports?.(reports);
      for (const run of ended) {
        this.#ends.get(run)?.();
        this.#ends.delete(run);
      }
      // What is on its way comes into the next batch.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#busy = false;
  }

  #send(message: ToThinWorker): void {
    this.#worker.send(message);
  }
}
