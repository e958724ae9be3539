import type { Answer, Question, RunFacts, RunnerQuestion } from '../../executor/executor.ts';
import type { Masker } from '../../model/mask.ts';
import type { AttemptEnvironment } from '../attempt-environment.ts';
import { type StopCause, stopError } from '../stop-cause.ts';
import type { StopSwitch } from '../stop-switch.ts';
import { FlowScope } from './flow-scope.ts';
import type { SharedByCalls } from './flow-surroundings.ts';
import { Journal } from './journal.ts';
import { StepReports } from './step-reports.ts';

export interface FlowAttemptOptions {
  readonly token: string;
  readonly run: RunFacts;
  readonly environment: AttemptEnvironment;
  readonly masker: Masker;
  readonly stop: StopSwitch;
  /** How many calls the run has met before. */
  readonly recorded: number;
  /** The run's params. */
  readonly params: () => Readonly<Record<string, unknown>>;
  /** Whether what is printed goes into the log. */
  readonly prints: boolean;
  ask(question: Question | RunnerQuestion): Promise<Answer>;
}

/** Turns of the event loop without a move after which the code waits for something else than the record. */
const QUIET_TURNS = 2;

/** What all calls of one attempt of a flow's body share: the journal, their reports, and the bodies that run. */
export class FlowAttempt implements SharedByCalls {
  readonly token: string;
  readonly run: RunFacts;
  readonly environment: AttemptEnvironment;
  readonly masker: Masker;
  readonly ask: (question: Question | RunnerQuestion) => Promise<Answer>;
  readonly journal: Journal;
  readonly reports: StepReports;
  /** The calls of the flow's own body. */
  readonly scope: FlowScope;
  interrupted = false;
  readonly #stop: StopSwitch;
  #moves = 0;
  readonly #bodies = new Set<Promise<unknown>>();

  private constructor(options: FlowAttemptOptions, journal: Journal) {
    const { token, run, environment, masker, ask, stop, params, prints } = options;
    this.#stop = stop;
    this.token = token;
    this.run = run;
    this.environment = environment;
    this.masker = masker;
    this.ask = ask;
    this.journal = journal;
    this.reports = new StepReports((report) => environment.transport.steps(token, report));
    this.scope = new FlowScope(this, { prefix: '', stop, params, prints, repeats: false });
  }

  /** Fetches what the run has met before. Throws JournalUnavailable. */
  static async open(options: FlowAttemptOptions): Promise<FlowAttempt> {
    return new FlowAttempt(options, await Journal.fetch(options.recorded, options.ask));
  }

  moved(): void {
    this.#moves += 1;
  }

  async quiet(): Promise<void> {
    const { clock } = this.environment;
    for (let seen = -1; seen !== this.#moves; ) {
      seen = this.#moves;
      for (let turn = 0; turn < QUIET_TURNS; turn++) await clock.yield();
    }
  }

  began(body: Promise<unknown>): () => void {
    const ended: Promise<unknown> = body.then(
      () => this.#bodies.delete(ended),
      () => this.#bodies.delete(ended),
    );
    this.#bodies.add(ended);
    return () => this.#bodies.delete(ended);
  }

  get stopped(): boolean {
    return this.#stop.cause !== undefined;
  }

  /** The flow's body has ended: waits for the calls that it left behind, and for their bodies. */
  async idle(): Promise<void> {
    await this.scope.idle();
    while (this.#bodies.size > 0) await Promise.all(this.#bodies);
  }

  /** Tells all running calls to stop. Those of a worker that ends may still finish and be recorded. */
  stop(cause: StopCause): void {
    this.scope.stop(cause);
    if (cause.kind !== 'shutdown') this.reports.stop(stopError(cause));
  }
}
