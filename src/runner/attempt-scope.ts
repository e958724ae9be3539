import type { Answer, Question } from '../executor/executor.ts';
import { type Connection, parseConnection } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import type { Masker } from '../model/mask.ts';
import type { Context } from '../sdk/context.ts';
import type { AttemptScope } from '../sdk/scope.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { PrintingScope } from './console-capture.ts';

/** What surrounds one running attempt: everything that it asks for goes to the server, everything secret is masked. */
export class RunningScope implements AttemptScope, PrintingScope {
  readonly context: Context;
  readonly attemptLog: AttemptLog;
  readonly #masker: Masker;
  readonly #ask: (question: Question) => Promise<Answer>;

  constructor(options: {
    readonly context: Context;
    readonly log: AttemptLog;
    readonly masker: Masker;
    readonly ask: (question: Question) => Promise<Answer>;
  }) {
    this.context = options.context;
    this.attemptLog = options.log;
    this.#masker = options.masker;
    this.#ask = options.ask;
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
