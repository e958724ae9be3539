import type { Clock } from '../../model/clock.ts';
import { MillraceError } from '../../model/errors.ts';
import type { AttemptReason } from '../../model/states.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import type { AttemptTransport } from '../../runner/attempt-transport.ts';
import { captureConsole } from '../../runner/console-capture.ts';
import { DEFAULT_INLINE_LIMIT } from '../../runner/encode-output.ts';
import { type AttemptEnvironment, RunningAttempt } from '../../runner/run-attempt.ts';
import type { StopCause } from '../../runner/stop-cause.ts';
import type { DrawnWorkflow } from '../../sdk/drawn.ts';
import type { AttemptOrder, BundleRef, Executor, ExecutorEvents, Outcome, RunFacts, Submission } from '../executor.ts';

export interface InlineExecutorOptions {
  readonly clock: Clock;
  readonly objects: ObjectStore;
  /** The workflows of a bundle, by its hash; undefined: there is no such bundle. */
  readonly workflows: (bundle: BundleRef) => Iterable<DrawnWorkflow> | undefined;
  /** Attempts at once. Default 64. */
  readonly concurrency?: number;
  /** Longest encoded output that is reported inline, in bytes. Default 64 KiB. */
  readonly inlineLimit?: number;
  /** From the abort signal to giving a body up, in milliseconds. Default 5 s. */
  readonly graceMs?: number;
}

interface Held {
  readonly attempt: RunningAttempt;
  readonly startedAt: number;
  ending: Outcome | undefined;
  disarm: (() => void) | undefined;
}

const DEFAULT_CONCURRENCY = 64;
const DEFAULT_GRACE_MS = 5_000;

/**
 * Runs attempts in this process, on the clock that it is given: for tests and for running a DAG from the command line.
 * Nothing can be killed here: a body that does not stop is given up after its grace and goes on unheard, and one that
 * blocks blocks everything. Isolation and memory limits do nothing.
 */
export class InlineExecutor implements Executor {
  readonly name = 'inline';
  readonly #options: InlineExecutorOptions;
  readonly #held = new Map<string, Held>();
  #events: ExecutorEvents | undefined;
  #environment: AttemptEnvironment | undefined;
  #releaseConsole: (() => void) | undefined;
  #emptied: (() => void) | undefined;

  constructor(options: InlineExecutorOptions) {
    this.#options = options;
  }

  async start(events: ExecutorEvents): Promise<void> {
    const { clock, objects, inlineLimit = DEFAULT_INLINE_LIMIT } = this.#options;
    this.#events = events;
    this.#releaseConsole = captureConsole();
    this.#environment = {
      clock,
      objects,
      inlineLimit,
      worker: 'inline',
      transport: this.#transport(events),
      load: (bundle, workflow) => this.#load(bundle, workflow),
    };
  }

  free(): number {
    if (!this.#environment) return 0;
    return Math.max(0, (this.#options.concurrency ?? DEFAULT_CONCURRENCY) - this.#held.size);
  }

  submit({ runs, orders }: Submission): void {
    const facts = new Map(runs.map((run) => [run.key, run]));
    for (const order of orders) {
      const run = facts.get(order.run);
      const missing = run ? 'the executor does not run' : `the facts of run ${order.run} did not come with the order`;
      if (run && this.#environment) this.#start(order, run, this.#environment);
      else this.#end(order.token, { kind: 'lost', reason: 'start_failed', detail: missing }, this.#options.clock.now());
    }
  }

  cancel(token: string, reason: AttemptReason): void {
    this.#stop(token, { kind: 'cancelled', reason });
  }

  /** Reports are handed over in this process: there is nothing to remember. */
  acknowledge(): void {}

  acknowledgeSteps(token: string, numbers: readonly number[]): void {
    this.#held.get(token)?.attempt.acknowledgeSteps(numbers);
  }

  async stop(graceMs: number): Promise<void> {
    this.#environment = undefined;
    if (this.#held.size > 0 && graceMs > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#emptied = resolve;
      const cancel = this.#options.clock.after(graceMs, resolve);
      await promise;
      cancel();
    }
    const detail = 'the executor stopped';
    for (const [token, { attempt, startedAt }] of [...this.#held]) {
      attempt.stop({ kind: 'shutdown', detail });
      this.#end(token, { kind: 'lost', reason: 'worker_exited', detail }, startedAt);
    }
    this.#releaseConsole?.();
    this.#releaseConsole = undefined;
  }

  #start(order: AttemptOrder, run: RunFacts, environment: AttemptEnvironment): void {
    // The body begins in a turn of its own, so that submit() has returned before anything is reported.
    const { promise: begin, resolve } = Promise.withResolvers<void>();
    const attempt = new RunningAttempt(order, run, {
      ...environment,
      load: (bundle, workflow) => begin.then(() => environment.load(bundle, workflow)),
    });
    this.#held.set(order.token, {
      attempt,
      startedAt: environment.clock.now(),
      ending: undefined,
      disarm: undefined,
    });
    void attempt.report.then((report) => {
      if (!this.#release(order.token)) return;
      this.#events?.report([report]);
      this.#events?.capacity();
    });
    queueMicrotask(resolve);
  }

  #load(bundle: BundleRef, id: string): DrawnWorkflow {
    for (const workflow of this.#options.workflows(bundle) ?? []) if (workflow.spec.id === id) return workflow;
    throw new MillraceError('not_found', `bundle ${bundle.hash} has no workflow '${id}'`, {
      fix: 'Give the executor the workflow under the hash of the bundle that its runs name.',
    });
  }

  #stop(token: string, cause: StopCause): void {
    const held = this.#held.get(token);
    if (!held) return;
    held.attempt.stop(cause);
    this.#expect(token, held.attempt.endingFor(cause));
  }

  /** Gives a body the grace to end by itself, then ends the attempt without it. */
  #expect(token: string, ending: Outcome): void {
    const held = this.#held.get(token);
    if (!held || held.ending) return;
    held.ending = ending;
    held.disarm = this.#options.clock.after(this.#options.graceMs ?? DEFAULT_GRACE_MS, () => {
      held.attempt.log.system('warn', 'the body did not stop; it goes on unheard, because it cannot be killed here');
      this.#end(token, ending, held.startedAt);
    });
  }

  #end(token: string, outcome: Outcome, startedAt: number): void {
    this.#release(token);
    this.#events?.report([{ token, outcome, startedAt, endedAt: this.#options.clock.now(), worker: 'inline' }]);
    this.#events?.capacity();
  }

  #release(token: string): boolean {
    this.#held.get(token)?.disarm?.();
    const released = this.#held.delete(token);
    if (this.#held.size === 0) this.#emptied?.();
    return released;
  }

  #transport(events: ExecutorEvents): AttemptTransport {
    return {
      log: (token, line, step) => events.log(token, [line], step),
      progress: (token, progress, step) => events.progress(token, progress, step),
      named: (token, name) => events.named(token, name),
      steps: (token, step) => events.steps(token, [step]),
      ask: (token, question) => events.ask(token, question),
      begun: () => {},
      stopping: (token, outcome) => this.#expect(token, outcome),
    };
  }
}
