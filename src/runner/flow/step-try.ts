import type { StepRef } from '../../executor/executor.ts';
import { withScope } from '../../sdk/scope.ts';
import { AttemptContext } from '../attempt-context.ts';
import { AttemptLog } from '../attempt-log.ts';
import { RunningScope } from '../attempt-scope.ts';
import { ProgressReporter } from '../progress-reporter.ts';
import { type StopCause, stopError } from '../stop-cause.ts';
import { StopSwitch } from '../stop-switch.ts';
import type { ChildCalls, StepPlace, StepSurroundings } from './flow-surroundings.ts';
import type { StepWork } from './step-work.ts';

/** One attempt of a call: its own log, context and signal. */
export class StepTry {
  readonly log: AttemptLog;
  readonly context: AttemptContext;
  readonly #work: StepWork;
  readonly #scope: StepSurroundings;
  readonly #child: ChildCalls | undefined;
  readonly #surroundings: RunningScope;
  readonly #stop: StopSwitch;
  readonly #progress: ProgressReporter;
  readonly #given = Promise.withResolvers<never>();
  #giveUp: (() => void) | undefined;

  constructor(
    scope: StepSurroundings,
    work: StepWork,
    at: { readonly place: StepPlace; readonly attempt: number; readonly maxAttempts: number; readonly input: unknown },
  ) {
    const { attempt: flow } = scope;
    const { clock, transport } = flow.environment;
    const { place, attempt, maxAttempts, input } = at;
    const ref: StepRef = { task: place.task, index: place.index, attempt };
    this.#scope = scope;
    this.#work = work;
    this.#given.promise.catch(() => {});
    this.#stop = new StopSwitch((cause) => this.#stopped(cause));
    this.log = new AttemptLog(clock, flow.masker.mask, (line) => transport.log(flow.token, line, ref));
    this.#progress = new ProgressReporter(clock, (progress) => transport.progress(flow.token, progress, ref));
    const prints = work.logPrints ?? scope.prints;
    const childParams = () => (input ?? {}) as Readonly<Record<string, unknown>>;
    if (work.kind === 'flow') {
      this.#child = scope.child({
        prefix: `${place.name}/${place.index}/`,
        stop: this.#stop,
        params: childParams,
        prints,
        repeats: scope.repeats || work.retries > 0,
      });
    }
    this.context = new AttemptContext({
      order: { taskId: place.name, mapIndex: -1, mapLength: null, attempt, maxAttempts },
      run: flow.run,
      log: this.log,
      stop: this.#stop,
      progress: this.#progress,
      params: this.#child && childParams,
    });
    this.#surroundings = new RunningScope({
      token: flow.token,
      context: this.context,
      log: this.log,
      masker: flow.masker,
      ask: flow.ask,
      stop: (cause) => this.stop(cause),
      flow: this.#child,
      prints,
    });
  }

  get timedOut(): boolean {
    return this.#stop.cause?.kind === 'timeout';
  }

  stop(cause: StopCause): void {
    this.#stop.stop(cause);
  }

  /**
   * What the body gives. Rejects as soon as it is told to stop: a call cannot be killed without its neighbours, so that
   * a body which does not heed its signal goes on unheard.
   */
  async value(input: unknown): Promise<unknown> {
    const { attempt } = this.#scope;
    const body = withScope(this.#surroundings, async () => {
      try {
        return await this.#work.run(input, this.context);
      } finally {
        await this.#child?.idle();
      }
    });
    this.#giveUp = attempt.began(body);
    const { timeout } = this.#work;
    const disarm =
      timeout === null
        ? undefined
        : attempt.environment.clock.after(timeout, () => this.stop({ kind: 'timeout', timeoutMs: timeout }));
    try {
      return await Promise.race([body, this.#given.promise]);
    } finally {
      disarm?.();
    }
  }

  end(): void {
    this.log.end();
    this.#progress.end(this.log);
  }

  #stopped(cause: StopCause): void {
    this.#child?.stop(cause);
    // A worker that ends lets what is nearly done be done.
    if (cause.kind === 'shutdown') return;
    // What was stopped for its own sake is not waited for: the flow goes on without it.
    if (!this.#scope.attempt.stopped) this.#giveUp?.();
    this.#given.reject(stopError(cause));
  }
}
