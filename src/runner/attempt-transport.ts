import type { Answer, LogLine, Outcome, Question } from '../executor/executor.ts';

/** The way from a running attempt to the server. Calls return at once; none of them throws. */
export interface AttemptTransport {
  log(token: string, line: LogLine): void;
  progress(token: string, progress: { readonly done: number; readonly total: number | null }): void;
  ask(token: string, question: Question): Promise<Answer>;
  /** A body with a time-out begins now. */
  begun(token: string): void;
  /** The runner told a body to stop; `outcome` is what it ends as when it has to be killed. */
  stopping(token: string, outcome: Outcome): void;
}
