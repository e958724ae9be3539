import type { Answer, LogLine, Outcome, Question, Report } from '../../executor/executor.ts';
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
  #progress: [string, Progress][] = [];
  #unsent: [number, string, Question][] = [];
  #logs = new Map<string, LogLine[]>();
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

  log(token: string, line: LogLine): void {
    const lines = this.#logs.get(token);
    if (lines) lines.push(line);
    else this.#logs.set(token, [line]);
    if (++this.#lines >= MOST_LINES) this.flush();
    else this.#schedule();
  }

  progress(token: string, progress: Progress): void {
    this.#progress.push([token, progress]);
    this.#schedule();
  }

  ask(token: string, question: Question): Promise<Answer> {
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
      ...(this.#lines > 0 ? { logs: [...this.#logs] } : {}),
      ...(this.#progress.length > 0 ? { progress: this.#progress } : {}),
      ...(this.#unsent.length > 0 ? { questions: this.#unsent } : {}),
    };
    if (Object.keys(message).length === 0) return;
    this.#reports = [];
    this.#progress = [];
    this.#unsent = [];
    if (this.#lines > 0) this.#logs = new Map();
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
