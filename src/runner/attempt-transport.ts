import type { Answer, LogLine, Outcome, Question, RunnerQuestion, StepRef, StepReport } from '../executor/executor.ts';

/** The way from a running attempt to the server. Calls return at once; none of them throws. */
export interface AttemptTransport {
  /** `step`: the call of a flow that the line belongs to. */
  log(token: string, line: LogLine, step?: StepRef): void;
  progress(token: string, progress: { readonly done: number; readonly total: number | null }, step?: StepRef): void;
  /** What a mapped instance is called, by its input. */
  named(token: string, name: string): void;
  ask(token: string, question: Question | RunnerQuestion): Promise<Answer>;
  /** News of a flow's call; acknowledged through RunningAttempt.acknowledgeSteps. Comes before the attempt's report. */
  steps(token: string, step: StepReport): void;
  /** A body with a time-out begins now. */
  begun(token: string): void;
  /** The runner told a body to stop; `outcome` is what it ends as when it has to be killed. */
  stopping(token: string, outcome: Outcome): void;
}
