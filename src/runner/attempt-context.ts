import type { AttemptOrder, RunFacts } from '../executor/executor.ts';
import { decodeValue } from '../model/value.ts';
import { buildContext } from '../sdk/build-context.ts';
import type { Context, Logger } from '../sdk/context.ts';
import type { ProgressReporter } from './progress-reporter.ts';
import type { StopSwitch } from './stop-switch.ts';

export interface ContextParts {
  readonly order: Pick<AttemptOrder, 'taskId' | 'mapIndex' | 'mapLength' | 'attempt' | 'maxAttempts'>;
  readonly run: RunFacts;
  readonly log: Logger;
  readonly stop: StopSwitch;
  readonly progress: ProgressReporter;
  /** The params, where they are not the run's: those of a child flow. */
  readonly params?: (() => Readonly<Record<string, unknown>>) | undefined;
}

/**
 * What the body is told about its run and its attempt. Made on the hot path, once per attempt, for bodies that mostly
 * look at one or two members: the SDK's context is built when something is asked that is not at hand.
 */
export class AttemptContext implements Context {
  readonly #parts: ContextParts;
  #built: Context | undefined;

  constructor(parts: ContextParts) {
    this.#parts = parts;
  }

  get log(): Logger {
    return this.#parts.log;
  }

  get signal(): AbortSignal {
    return this.#parts.stop.signal;
  }

  get attempt(): number {
    return this.#parts.order.attempt;
  }

  get maxAttempts(): number {
    return this.#parts.order.maxAttempts;
  }

  get logicalDate(): Date {
    return this.#context.logicalDate;
  }

  get dataInterval(): Context['dataInterval'] {
    return this.#context.dataInterval;
  }

  get ds(): string {
    return this.#context.ds;
  }

  get dsNodash(): string {
    return this.#context.dsNodash;
  }

  get ts(): string {
    return this.#context.ts;
  }

  get tsNodash(): string {
    return this.#context.tsNodash;
  }

  get tsNodashWithTz(): string {
    return this.#context.tsNodashWithTz;
  }

  get params(): Context['params'] {
    return this.#context.params;
  }

  get run(): Context['run'] {
    return this.#context.run;
  }

  get task(): Context['task'] {
    return this.#context.task;
  }

  get map(): Context['map'] {
    return this.#context.map;
  }

  get taskInstanceKey(): string {
    return this.#context.taskInstanceKey;
  }

  get previousSuccess(): Context['previousSuccess'] {
    return this.#context.previousSuccess;
  }

  get progress(): Context['progress'] {
    return this.#context.progress;
  }

  get #context(): Context {
    this.#built ??= build(this.#parts);
    return this.#built;
  }
}

function build({ order, run, log, stop, progress, params }: ContextParts): Context {
  return buildContext({
    run,
    attempt: order,
    params: params ?? (() => decodeAll(run.params)),
    conf: () => JSON.parse(run.conf),
    log,
    signal: stop.signal,
    reportProgress: (done, total) => progress.report({ done, total }),
  });
}

function decodeAll(values: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, decodeValue(text)]));
}
