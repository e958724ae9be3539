import type {
  AttemptOrder,
  Executor,
  ExecutorEvents,
  LogLine,
  Outcome,
  Report,
  RunFacts,
  Submission,
} from '../../executor/executor.ts';
import type { Clock } from '../../model/clock.ts';
import type { StoredValue } from '../../model/expression.ts';
import { elementsOfMappable } from '../../model/mappable.ts';
import type { AttemptReason } from '../../model/states.ts';
import { encodeValue } from '../../model/value.ts';

/** What an attempt is answered with; `hold`: nothing until the test says so. */
export type Answering = Outcome | 'hold';

export interface HeldAttempt {
  /** `task`, or `task[index]` where it is mapped. */
  readonly name: string;
  readonly order: AttemptOrder;
  readonly facts: RunFacts;
}

/** An executor that answers orders as a test says, by task: at once, or when the test releases them. */
export class ScriptedExecutor implements Executor {
  readonly name = 'scripted';
  readonly #clock: Clock;
  readonly #answers = new Map<string, (order: AttemptOrder) => Answering>();
  readonly #held = new Map<string, HeldAttempt>();
  readonly #stopping = new Set<string>();
  #events: ExecutorEvents | null = null;
  #ordinary: Answering = succeeds();
  /** Attempts at once. */
  capacity: number;
  /** Every order ever given, as `task[index]#attempt`, in the order in which they came. */
  readonly started: string[] = [];
  readonly orders: AttemptOrder[] = [];
  /** What was told of the run with each of them. */
  readonly told: RunFacts[] = [];
  readonly cancelled: { readonly name: string; readonly reason: AttemptReason }[] = [];
  readonly acknowledged: string[] = [];

  constructor(clock: Clock, capacity = 64) {
    this.#clock = clock;
    this.capacity = capacity;
  }

  /** What the attempts of a task are answered with, until something else is said. */
  answer(taskId: string, answer: Answering | ((order: AttemptOrder) => Answering)): this {
    this.#answers.set(taskId, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  /** What attempts are answered with of which nothing else is said: success unless this is called. */
  answerOthers(answer: Answering): this {
    this.#ordinary = answer;
    return this;
  }

  /** Names of the attempts that have not been answered, in the order in which they began. */
  get running(): string[] {
    return [...this.#held.values()].map(({ name }) => name);
  }

  held(name: string): HeldAttempt {
    const found = [...this.#held.values()].find((attempt) => attempt.name === name);
    if (!found) throw new Error(`${name} does not run; what runs: ${this.running.join(', ') || 'nothing'}`);
    return found;
  }

  /** What the held attempts of a task were told of their runs, in the order in which they began. */
  heldFacts(taskId: string): RunFacts[] {
    return [...this.#held.values()].flatMap(({ order, facts }) => (order.taskId === taskId ? [facts] : []));
  }

  /** Answers the one held attempt that is meant. */
  finishWhere(isMeant: (attempt: HeldAttempt) => boolean, outcome: Outcome = succeeds()): void {
    const found = [...this.#held.values()].filter(isMeant);
    if (found.length !== 1) throw new Error(`${found.length} held attempts are meant`);
    const { token } = found[0]!.order;
    this.#held.delete(token);
    this.#events?.report([this.reportOf(token, outcome)]);
    this.#events?.capacity();
  }

  /** Answers an attempt that is held. Returns its report, so that it can be sent again. */
  finish(name: string, outcome: Outcome = succeeds()): Report {
    const { order } = this.held(name);
    const report = this.reportOf(order.token, outcome);
    this.#held.delete(order.token);
    this.#events?.report([report]);
    this.#events?.capacity();
    return report;
  }

  /** Reports of several held attempts that arrive together. */
  finishTogether(...ends: readonly (readonly [name: string, outcome: Outcome])[]): void {
    const reports = ends.map(([name, outcome]) => this.reportOf(this.held(name).order.token, outcome));
    for (const { token } of reports) this.#held.delete(token);
    this.#events?.report(reports);
  }

  reportOf(token: string, outcome: Outcome): Report {
    return { token, outcome, startedAt: this.#clock.now(), endedAt: this.#clock.now(), worker: 'script' };
  }

  /** Sends reports as they are: again, late, or about nothing. */
  send(...reports: Report[]): void {
    this.#events?.report(reports);
  }

  log(name: string, ...lines: LogLine[]): void {
    this.#events?.log(this.held(name).order.token, lines);
  }

  get events(): ExecutorEvents {
    if (!this.#events) throw new Error('the executor has not been started');
    return this.#events;
  }

  async start(events: ExecutorEvents): Promise<void> {
    this.#events = events;
  }

  free(): number {
    return Math.max(0, this.capacity - this.#held.size);
  }

  submit({ runs, orders }: Submission): void {
    for (const order of orders) {
      const name = order.mapIndex < 0 ? order.taskId : `${order.taskId}[${order.mapIndex}]`;
      this.orders.push(order);
      const facts = runs.find(({ key }) => key === order.run)!;
      this.told.push(facts);
      this.started.push(`${name}#${order.attempt}`);
      this.#held.set(order.token, { name, order, facts });
      const answer = this.#answers.get(order.taskId)?.(order) ?? this.#ordinary;
      if (answer !== 'hold') queueMicrotask(() => this.#held.has(order.token) && this.finish(name, answer));
    }
  }

  cancel(token: string, reason: AttemptReason): void {
    const held = this.#held.get(token);
    // To be told again is nothing new.
    if (!held || this.#stopping.has(token)) return;
    this.#stopping.add(token);
    this.cancelled.push({ name: held.name, reason });
  }

  acknowledge(tokens: readonly string[]): void {
    this.acknowledged.push(...tokens);
  }

  acknowledgeSteps(): void {}

  /** The bodies that are held do not end by themselves: they are given back as lost. */
  async stop(): Promise<void> {
    this.capacity = 0;
    const left = [...this.#held.values()].map(({ order }) =>
      this.reportOf(order.token, { kind: 'lost', reason: 'server_lost', detail: 'the executor stopped' }),
    );
    this.#held.clear();
    if (left.length > 0) this.#events?.report(left);
  }

  /** Dies without a word: what it held is never reported. */
  die(): void {
    this.capacity = 0;
    this.#events = null;
    this.#held.clear();
  }
}

export function succeeds(value?: unknown, skip: Extract<Outcome, { kind: 'success' }>['skip'] = null): Outcome {
  if (value === undefined) return { kind: 'success', output: null, length: null, skip };
  const inline: StoredValue = { kind: 'inline', data: encodeValue(value) };
  const output: StoredValue = Array.isArray(value)
    ? { kind: 'list', elements: value.map((element) => encodeValue(element)) }
    : inline;
  const length = typeof value === 'object' && value !== null ? elementsOfMappable(value).length : null;
  return { kind: 'success', output, length, skip };
}

export function fails(retry: Extract<Outcome, { kind: 'failed' }>['retry'] = 'normal'): Outcome {
  const error = { name: 'Error', message: 'it broke', stack: null, code: null };
  return { kind: 'failed', reason: retry === 'never' ? 'no_retry' : 'error', error, retry };
}

export const skips: Outcome = { kind: 'skipped', message: 'not today' };

export function isLost(reason: AttemptReason = 'worker_exited'): Outcome {
  return { kind: 'lost', reason, detail: 'the worker is gone' };
}
