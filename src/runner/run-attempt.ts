import type {
  Answer,
  AttemptOrder,
  Outcome,
  Question,
  Report,
  RunFacts,
  RunnerQuestion,
} from '../executor/executor.ts';
import type { StoredValue } from '../model/expression.ts';
import { createMasker } from '../model/mask.ts';
import { encodeValue } from '../model/value.ts';
import type { Context } from '../sdk/context.ts';
import type { DrawnWorkflow, TaskFunctions } from '../sdk/drawn.ts';
import { withScope } from '../sdk/scope.ts';
import { AttemptContext } from './attempt-context.ts';
import type { AttemptEnvironment } from './attempt-environment.ts';
import { AttemptLog } from './attempt-log.ts';
import { RunningScope } from './attempt-scope.ts';
import { type CacheLookup, cacheEntry, lookUp } from './cached-answer.ts';
import { encodeOutput } from './encode-output.ts';
import { errorReport } from './error-report.ts';
import { failureOutcome } from './failure.ts';
import { FlowAttempt, type FlowAttemptOptions } from './flow/flow-attempt.ts';
import { JournalUnavailable } from './flow/journal.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { resolveInput } from './resolve-input.ts';
import { type StopCause, stopError, stopOutcome } from './stop-cause.ts';
import { StopSwitch } from './stop-switch.ts';

export type { AttemptEnvironment };

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
  #flow: FlowAttempt | undefined;

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

  /** These steps of its flow are durable. */
  acknowledgeSteps(numbers: readonly number[]): void {
    this.#flow?.reports.acknowledge(numbers);
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
    this.#progress.end(this.log);
    return { token: this.token, outcome, startedAt, endedAt: clock.now(), worker };
  }

  /** The whole way of an attempt. */
  async #toOutcome(): Promise<Outcome> {
    try {
      const workflow = await this.#loadWorkflow();
      const scope = await this.#openScope(workflow);
      return await withScope(scope, async () => {
        const input = await this.#resolveInput(workflow);
        this.#nameInstance(input);
        const lookup = await this.#lookUp(input, scope);
        const returned = lookup.hit ? lookup.hit.value : await this.#runBody(input, scope);
        return await this.#describe(returned, lookup);
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

  async #openScope({ flow }: DrawnWorkflow): Promise<RunningScope> {
    const context = new AttemptContext({
      order: this.#order,
      run: this.#run,
      log: this.log,
      stop: this.#stop,
      progress: this.#progress,
    });
    const prints = flow?.definition.options.logPrints ?? true;
    if (flow) this.#flow = await this.#openFlow(() => context.params, prints);
    return new RunningScope({
      token: this.token,
      context,
      log: this.log,
      masker: this.#masker,
      ask: this.#ask,
      stop: (cause) => this.stop(cause),
      flow: this.#flow?.scope,
      prints,
    });
  }

  #openFlow(params: FlowAttemptOptions['params'], prints: boolean): Promise<FlowAttempt> {
    return FlowAttempt.open({
      token: this.token,
      run: this.#run,
      environment: this.#environment,
      masker: this.#masker,
      stop: this.#stop,
      ask: this.#ask,
      recorded: this.#order.flow?.recorded ?? 0,
      params,
      prints,
    });
  }

  async #lookUp(input: unknown, { context }: RunningScope): Promise<CacheLookup> {
    const cache = this.#task?.cache ?? null;
    if (!cache) return { key: null, hit: null };
    const { mappable } = this.#order;
    const call = { cache, input, context, mappable, flowParams: context.params, log: this.log };
    return lookUp(call, { objects: this.#environment.objects, ask: this.#ask });
  }

  async #resolveInput({ functions }: DrawnWorkflow): Promise<unknown> {
    return resolveInput(this.#order.input, { functions, objects: this.#environment.objects, ask: this.#ask });
  }

  /** A name that cannot be made is no reason not to run. */
  #nameInstance(input: unknown): void {
    const { mapIndex } = this.#order;
    const name = this.#task?.instanceName;
    if (!name || mapIndex < 0) return;
    try {
      const text = this.#masker.mask(String(name(input))).slice(0, LONGEST_NAME);
      this.#environment.transport.named(this.token, text);
    } catch (error) {
      this.log.system('warn', `instanceName threw: ${this.#masker.mask(String(error))}`);
    }
  }

  async #runBody(input: unknown, { context }: RunningScope): Promise<unknown> {
    const { timeout } = this.#order;
    if (this.#stop.cause) throw stopError(this.#stop.cause);
    if (timeout === null) return this.#toItsEnd(input, context);
    const { clock, transport } = this.#environment;
    const disarm = clock.after(timeout, () => this.stop({ kind: 'timeout', timeoutMs: timeout }));
    transport.begun(this.token);
    try {
      return await this.#toItsEnd(input, context);
    } finally {
      disarm();
    }
  }

  /** A flow has not ended before its calls have, whether its body waits for them or not. */
  async #toItsEnd(input: unknown, context: Context): Promise<unknown> {
    if (!this.#flow) return this.#task?.run(input, context);
    try {
      return await this.#task?.run(input, context);
    } finally {
      await this.#flow.idle();
    }
  }

  async #describe(returned: unknown, { key, hit }: CacheLookup): Promise<Outcome> {
    const { cause } = this.#stop;
    if (cause && (cause.kind !== 'shutdown' || this.#flow?.interrupted)) throw stopError(cause);
    const skip = this.#task?.skip(returned) ?? null;
    if (hit) return { kind: 'success', output: hit.output, length: hit.length, skip, cached: true };
    const { inlineLimit, objects, clock } = this.#environment;
    const { output, length } = await encodeOutput(returned, { mappable: this.#order.mappable, inlineLimit, objects });
    const cache = cacheEntry(this.#task?.cache ?? null, key, clock);
    const success = { kind: 'success', output, length, skip } as const;
    return cache ? { ...success, output: output ?? NOTHING, cache } : success;
  }

  #describeFailure(thrown: unknown): Outcome {
    const { cause } = this.#stop;
    const decided = cause && stopOutcome(cause);
    if (decided) return decided;
    if (thrown instanceof JournalUnavailable) return { kind: 'lost', reason: 'start_failed', detail: thrown.message };
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
    this.#flow?.stop(cause);
    if (cause.kind === 'cancelled') this.log.system('warn', `told to stop: ${cause.reason}`);
    else if (cause.kind !== 'shutdown') transport.stopping(this.token, this.endingFor(cause));
  }

  readonly #ask = (question: Question | RunnerQuestion): Promise<Answer> =>
    this.#environment.transport.ask(this.token, question);
}

/** Characters of an instance's name, as in Airflow. */
const LONGEST_NAME = 250;

/** What the cache keeps of a body that returned nothing. */
const NOTHING: StoredValue = { kind: 'inline', data: encodeValue(undefined) };
