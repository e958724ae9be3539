import type { Answer, AttemptOrder, BundleRef, Outcome, Question, Report, RunFacts } from '../executor/executor.ts';
import type { Clock } from '../model/clock.ts';
import { createMasker } from '../model/mask.ts';
import type { ObjectStore } from '../objects/objects.ts';
import type { DrawnWorkflow, TaskFunctions } from '../sdk/drawn.ts';
import { withScope } from '../sdk/scope.ts';
import { AttemptContext } from './attempt-context.ts';
import { AttemptLog } from './attempt-log.ts';
import { RunningScope } from './attempt-scope.ts';
import type { AttemptTransport } from './attempt-transport.ts';
import { encodeOutput } from './encode-output.ts';
import { errorReport } from './error-report.ts';
import { failureOutcome } from './failure.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { resolveInput } from './resolve-input.ts';
import { type StopCause, stopError, stopOutcome } from './stop-cause.ts';
import { StopSwitch } from './stop-switch.ts';

/** What attempts of one process share. */
export interface AttemptEnvironment {
  readonly clock: Clock;
  readonly objects: ObjectStore;
  /** Longest encoded output that is reported inline, in bytes. */
  readonly inlineLimit: number;
  /** Name of the process, for people. */
  readonly worker: string;
  readonly transport: AttemptTransport;
  /** The code of a workflow. Throws when the bundle cannot be imported, or has no such workflow. */
  load(bundle: BundleRef, workflow: string): DrawnWorkflow | Promise<DrawnWorkflow>;
}

/** An attempt from its order to its report. */
export class RunningAttempt {
  readonly token: string;
  /** When the body has ended; never rejects. */
  readonly report: Promise<Report>;
  readonly log: AttemptLog;
  readonly #order: AttemptOrder;
  readonly #run: RunFacts;
  readonly #environment: AttemptEnvironment;
  readonly #masker = createMasker();
  readonly #stop: StopSwitch;
  readonly #progress: ProgressReporter;
  #task: TaskFunctions | undefined;

  constructor(order: AttemptOrder, run: RunFacts, environment: AttemptEnvironment) {
    const { clock, transport } = environment;
    this.token = order.token;
    this.#order = order;
    this.#run = run;
    this.#environment = environment;
    this.log = new AttemptLog(clock, this.#masker.mask, (line) => transport.log(order.token, line));
    this.#stop = new StopSwitch((cause) => this.#stopped(cause));
    this.#progress = new ProgressReporter(clock, (progress) => transport.progress(order.token, progress));
    this.report = this.#toReport();
  }

  /** Tells the body to stop; the report comes when it has. */
  stop(cause: StopCause): void {
    this.#stop.stop(cause);
  }

  /** What it ends as when its body never stops. */
  endingFor(cause: StopCause): Outcome {
    const error = () => errorReport(stopError(cause), this.#masker.mask);
    const reason = cause.kind === 'timeout' ? 'timeout' : 'error';
    return stopOutcome(cause) ?? { kind: 'failed', reason, error: error(), retry: this.#retry(stopError(cause)) };
  }

  async #toReport(): Promise<Report> {
    const { clock, worker } = this.#environment;
    const startedAt = clock.now();
    const outcome = await this.#toOutcome();
    this.log.end();
    this.#progress.end();
    return { token: this.token, outcome, startedAt, endedAt: clock.now(), worker };
  }

  /** The whole way of an attempt. */
  async #toOutcome(): Promise<Outcome> {
    try {
      const workflow = await this.#loadWorkflow();
      const scope = this.#openScope();
      return await withScope(scope, async () => {
        const input = await this.#resolveInput(workflow);
        const returned = await this.#runBody(input, scope);
        return await this.#describe(returned);
      });
    } catch (thrown) {
      return this.#describeFailure(thrown);
    }
  }

  async #loadWorkflow(): Promise<DrawnWorkflow> {
    const loaded = this.#environment.load(this.#run.bundle, this.#run.workflow);
    const workflow = loaded instanceof Promise ? await loaded : loaded;
    this.#task = workflow.taskFunctions(this.#order.task);
    return workflow;
  }

  #openScope(): RunningScope {
    const context = new AttemptContext({
      order: this.#order,
      run: this.#run,
      log: this.log,
      stop: this.#stop,
      progress: this.#progress,
    });
    return new RunningScope({ context, log: this.log, masker: this.#masker, ask: this.#ask });
  }

  async #resolveInput({ functions }: DrawnWorkflow): Promise<unknown> {
    return resolveInput(this.#order.input, { functions, objects: this.#environment.objects, ask: this.#ask });
  }

  async #runBody(input: unknown, { context }: RunningScope): Promise<unknown> {
    const { timeout } = this.#order;
    if (this.#stop.cause) throw stopError(this.#stop.cause);
    if (timeout === null) return this.#task?.run(input, context);
    const { clock, transport } = this.#environment;
    const disarm = clock.after(timeout, () => this.stop({ kind: 'timeout', timeoutMs: timeout }));
    transport.begun(this.token);
    try {
      return await this.#task?.run(input, context);
    } finally {
      disarm();
    }
  }

  async #describe(returned: unknown): Promise<Outcome> {
    const { cause } = this.#stop;
    if (cause && cause.kind !== 'shutdown') throw stopError(cause);
    const { inlineLimit, objects } = this.#environment;
    const { output, length } = await encodeOutput(returned, { mappable: this.#order.mappable, inlineLimit, objects });
    return { kind: 'success', output, length, skip: this.#task?.skip(returned) ?? null };
  }

  #describeFailure(thrown: unknown): Outcome {
    const { cause } = this.#stop;
    const decided = cause && stopOutcome(cause);
    if (decided) return decided;
    return failureOutcome(cause ? stopError(cause) : thrown, {
      retry: (error) => this.#retry(error),
      log: this.log,
      mask: this.#masker.mask,
      reason: cause?.kind === 'timeout' ? 'timeout' : this.#task ? 'error' : 'start_failed',
    });
  }

  #retry(error: unknown): ReturnType<TaskFunctions['retry']> {
    return this.#task?.retry(error) ?? 'normal';
  }

  #stopped(cause: StopCause): void {
    const { transport } = this.#environment;
    if (cause.kind === 'cancelled') this.log.system('warn', `told to stop: ${cause.reason}`);
    else if (cause.kind !== 'shutdown') transport.stopping(this.token, this.endingFor(cause));
  }

  readonly #ask = (question: Question): Promise<Answer> => this.#environment.transport.ask(this.token, question);
}
