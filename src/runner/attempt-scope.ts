import type { Answer, Question } from '../executor/executor.ts';
import { type Connection, parseConnection } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import type { Masker } from '../model/mask.ts';
import type { Context } from '../sdk/context.ts';
import type { AttemptScope, FlowRuntime } from '../sdk/scope.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { PrintingScope } from './console-capture.ts';
import type { StopCause } from './stop-cause.ts';

/** What surrounds one running attempt: everything that it asks for goes to the server, everything secret is masked. */
export class RunningScope implements AttemptScope, PrintingScope {
  readonly context: Context;
  readonly attemptLog: AttemptLog;
  /** Of the attempt; the calls of a flow have that of its body. */
  readonly token: string;
  readonly flow?: FlowRuntime;
  readonly prints: boolean;
  /** Tells what runs in the scope to stop: the attempt, or one call of a flow. */
  readonly stop: (cause: StopCause) => void;
  readonly #masker: Masker;
  readonly #ask: (question: Question) => Promise<Answer>;

  constructor(options: {
    readonly token: string;
    readonly context: Context;
    readonly log: AttemptLog;
    readonly masker: Masker;
    readonly ask: (question: Question) => Promise<Answer>;
    readonly stop: (cause: StopCause) => void;
    readonly flow?: FlowRuntime | undefined;
    /** Whether what is printed goes into the log. */
    readonly prints: boolean;
  }) {
    this.token = options.token;
    this.context = options.context;
    this.attemptLog = options.log;
    this.#masker = options.masker;
    this.#ask = options.ask;
    this.stop = options.stop;
    this.prints = options.prints;
    if (options.flow) this.flow = options.flow;
  }

  async connection(name: string): Promise<Connection | undefined> {
    const text = await this.#text({ kind: 'connection', name });
    if (text === undefined) return undefined;
    const connection = parseConnection(name, text);
    if (connection.password !== undefined) this.mask(connection.password);
    this.#masker.addFields(connection.extra);
    return connection;
  }

  variable(name: string): Promise<string | undefined> {
    return this.#text({ kind: 'variable', name });
  }

  async secret(name: string): Promise<string | undefined> {
    const text = await this.#text({ kind: 'secret', name });
    if (text !== undefined) this.mask(text);
    return text;
  }

  mask(value: string): void {
    this.#masker.add(value);
  }

  async #text(question: Question): Promise<string | undefined> {
    const answer = await this.#ask(question);
    if ('error' in answer) throw new MillraceError('store_unavailable', answer.error);
    if ('text' in answer) return answer.text ?? undefined;
    throw new MillraceError('internal', `the server answered a question about a ${question.kind} with values`);
  }
}
