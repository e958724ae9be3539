import type { TaskDefinition } from '../../sdk/definition.ts';
import type { FlowDefinition } from '../../sdk/flow-definition.ts';
import type { FlowCall } from '../../sdk/flow-output.ts';
import { type StopCause, stopError } from '../stop-cause.ts';
import type { StopSwitch } from '../stop-switch.ts';
import type { ChildCalls, ChildOptions, SharedByCalls, StepSurroundings } from './flow-surroundings.ts';
import { Occurrences } from './occurrences.ts';
import { Step } from './step.ts';
import { childFlowWork, type StepWork, taskWork } from './step-work.ts';

/** The calls of one body: that of the flow itself, or of a child flow. */
export class FlowScope implements StepSurroundings, ChildCalls {
  readonly attempt: SharedByCalls;
  readonly prints: boolean;
  readonly repeats: boolean;
  readonly params: () => Readonly<Record<string, unknown>>;
  readonly #prefix: string;
  readonly #stop: StopSwitch;
  readonly occurrences: Occurrences;
  readonly #running = new Set<Step>();

  constructor(attempt: SharedByCalls, options: ChildOptions) {
    this.attempt = attempt;
    this.occurrences = new Occurrences(attempt.journal);
    this.prints = options.prints;
    this.repeats = options.repeats;
    this.params = options.params;
    this.#prefix = options.prefix;
    this.#stop = options.stop;
  }

  call(definition: TaskDefinition, input: unknown): FlowCall {
    return this.#start(taskWork(definition), input);
  }

  callFlow(definition: FlowDefinition, input: unknown): FlowCall {
    return this.#start(childFlowWork(definition), input);
  }

  fullName(name: string, key: string | null): string {
    return `${this.#prefix}${name}${key === null ? '' : `[${key}]`}`;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  checkGoing(): void {
    if (!this.#stop.cause) return;
    this.attempt.interrupted = true;
    throw stopError(this.#stop.cause);
  }

  child(options: ChildOptions): FlowScope {
    return new FlowScope(this.attempt, options);
  }

  stop(cause: StopCause): void {
    for (const step of [...this.#running]) step.stop(cause);
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running].map((step) => step.state));
  }

  #start(work: StepWork, input: unknown): FlowCall {
    const step = new Step(this, work, input);
    this.#running.add(step);
    const remove = () => this.#running.delete(step);
    step.state.then(remove, remove);
    return step;
  }
}
