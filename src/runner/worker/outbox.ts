import type {
  Answer,
  LogLine,
  Outcome,
  Question,
  Report,
  RunnerQuestion,
  StepRef,
  StepReport,
} from '../../executor/executor.ts';
import type { FromWorker, Progress } from '../../executor/process/protocol.ts';
import type { AttemptTransport } from '../attempt-transport.ts';

/** Lines that go out before the turn of the event loop ends, so that a body that only prints does not fill the memory. */
const MOST_LINES = 1000;

/**
 * What the worker has to say. What comes together in one turn of the event loop goes out in one message, at its end;
 * what must be known before a body may block the loop goes out at once.
 */
export class Outbox implements AttemptTransport {
  readonly #send: (message: FromWorker) => void;
  readonly #questions = new Map<number, (answer: Answer) => void>();
  #reports: Report[] = [];
  #progress: [string, Progress, StepRef?][] = [];
  #names: [token: string, name: string][] = [];
  #unsent: [number, string, Question | RunnerQuestion][] = [];
  #logs = new Map<string, [token: string, lines: LogLine[], step?: StepRef]>();
  #steps = new Map<string, StepReport[]>();
  #lines = 0;
  #scheduled = false;
  #asked = 0;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  report(report: Report): void {
    this.#reports.push(report);
    this.#schedule();
  }

  log(token: string, line: LogLine, step?: StepRef): void {
    const whose = step ? `${token} ${step.task}.${step.index}.${step.attempt}` : token;
    const kept = this.#logs.get(whose);
    if (kept) kept[1].push(line);
    else this.#logs.set(whose, step ? [token, [line], step] : [token, [line]]);
    if (++this.#lines >= MOST_LINES) this.flush();
    else this.#schedule();
  }

  steps(token: string, step: StepReport): void {
    const steps = this.#steps.get(token);
    if (steps) steps.push(step);
    else this.#steps.set(token, [step]);
    this.#schedule();
  }

  progress(token: string, progress: Progress, step?: StepRef): void {
    this.#progress.push(step ? [token, progress, step] : [token, progress]);
    this.#schedule();
  }

  named(token: string, name: string): void {
    this.#names.push([token, name]);
    this.#schedule();
  }

  ask(token: string, question: Question | RunnerQuestion): Promise<Answer> {
    const number = ++this.#asked;
    this.#unsent.push([number, token, question]);
    this.#schedule();
    return new Promise((resolve) => this.#questions.set(number, resolve));
  }

  answer(number: number, answer: Answer): void {
    this.#questions.get(number)?.(answer);
    this.#questions.delete(number);
  }

  begun(token: string): void {
    this.#now({ begun: [token] });
  }

  stopping(token: string, outcome: Outcome): void {
    this.#now({ stopping: [[token, outcome]] });
  }

  pong(number: number): void {
    this.#now({ pong: number });
  }

  ready(): void {
    this.#now({ ready: true });
  }

  /** Sends what there is, now. */
  flush(): void {
    const message: FromWorker = {
      ...(this.#reports.length > 0 ? { reports: this.#reports } : {}),
      ...(this.#lines > 0 ? { logs: [...this.#logs.values()] } : {}),
      ...(this.#steps.size > 0 ? { steps: [...this.#steps] } : {}),
      ...(this.#names.length > 0 ? { names: this.#names } : {}),
      ...(this.#progress.length > 0 ? { progress: this.#progress } : {}),
      ...(this.#unsent.length > 0 ? { questions: this.#unsent } : {}),
    };
    if (Object.keys(message).length === 0) return;
    this.#reports = [];
    this.#progress = [];
    this.#names = [];
    this.#unsent = [];
    if (this.#lines > 0) this.#logs = new Map();
    if (this.#steps.size > 0) this.#steps = new Map();
    this.#lines = 0;
    this.#send(message);
  }

  /** Sends at once, after what there is. */
  #now(message: FromWorker): void {
    this.flush();
    this.#send(message);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}
