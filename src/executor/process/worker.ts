import type { Clock } from '../../model/clock.ts';
import type { AttemptReason } from '../../model/states.ts';
import type { AttemptOrder, ExecutorEvents, LogLine, Outcome, Report, RunFacts } from '../executor.ts';
import type { HeldAttempt } from './held-attempt.ts';
import type { FromWorker, WorkerSetup } from './protocol.ts';
import { judgeExit, type WorkerExit } from './worker-exit.ts';
import { WorkerProcess } from './worker-process.ts';

export interface StopTimes {
  /** From the abort signal to the end of patience with a body, in milliseconds. */
  readonly graceMs: number;
  /** How long the neighbours of a body that does not stop may go on before the worker is ended. */
  readonly drainMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly killMs: number;
  /** A worker that does not answer a ping for so long has a blocked event loop. */
  readonly blockedMs: number;
}

export interface WorkerOptions {
  readonly setup: WorkerSetup;
  /** MiB, or null. */
  readonly memory: number | null;
  /** Made for one attempt alone: it ends with it. */
  readonly single: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly times: StopTimes;
  readonly events: ExecutorEvents;
  output(stream: 'stdout' | 'stderr', line: string): void;
  /** It can take orders. */
  ready(): void;
  /** It has room again. */
  room(): void;
  /** It takes no more orders, and ends once its neighbours are done. */
  draining(): void;
  gone(verdict: { readonly expected: boolean; readonly detail: string }): void;
}

/** A worker process and the attempts that it has. Every attempt given to it ends in exactly one report. */
export class Worker {
  readonly name: string;
  readonly #options: WorkerOptions;
  readonly #process: WorkerProcess;
  readonly #held = new Map<string, HeldAttempt>();
  #state: 'starting' | 'ready' | 'draining' | 'ending' | 'gone' = 'starting';
  #pings = 0;
  #pong: { number: number; answered: () => void } | undefined;
  #timers: (() => void)[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.name = options.setup.name;
    this.#process = new WorkerProcess({
      ...options,
      message: (message) => this.#receive(message),
      exit: (exit) => this.#exited(exit),
    });
  }

  /** For people: `worker-2 (pid 4711)`. */
  get label(): string {
    return `${this.name} (pid ${this.#process.pid ?? 'none'})`;
  }

  get load(): number {
    return this.#held.size;
  }

  get takesOrders(): boolean {
    return this.#state === 'ready' || (this.#options.single && this.#state === 'starting');
  }

  has(token: string): boolean {
    return this.#held.has(token);
  }

  run(run: RunFacts, order: AttemptOrder): void {
    const sentAt = this.#options.clock.now();
    this.#held.set(order.token, { order, sentAt, ending: null, overdue: false, disarm: undefined });
    this.#process.run(run, order);
  }

  cancel(token: string, reason: AttemptReason): void {
    if (!this.#held.has(token)) return;
    this.#process.send({ kind: 'cancel', token, reason });
    this.#stopping(token, { kind: 'cancelled', reason });
  }

  acknowledgeSteps(token: string, numbers: readonly number[]): void {
    if (this.#held.has(token)) this.#process.send({ kind: 'steps', token, numbers });
  }

  /** Abort signals to all bodies and SIGTERM to the group, then SIGKILL. What did not end by itself is lost. */
  end(why: string): void {
    if (this.#state === 'ending' || this.#state === 'gone') return;
    this.#state = 'ending';
    this.#process.terminate(why);
    this.#after(this.#options.times.killMs, () => this.#process.kill(why));
  }

  #receive(message: FromWorker): void {
    const { events } = this.#options;
    for (const [token, lines, step] of message.logs ?? []) events.log(token, lines, step ?? undefined);
    for (const [token, name] of message.names ?? []) events.named(token, name);
    for (const [token, progress, step] of message.progress ?? []) events.progress(token, progress, step ?? undefined);
    for (const token of message.begun ?? []) this.#begun(token);
    for (const [token, outcome] of message.stopping ?? []) this.#stopping(token, outcome);
    for (const [number, token, question] of message.questions ?? []) {
      events.ask(token, question).then(
        (answer) => this.#process.send({ kind: 'answer', question: number, answer }),
        (error) => this.#process.send({ kind: 'answer', question: number, answer: { error: String(error) } }),
      );
    }
    if (message.pong !== undefined && message.pong === this.#pong?.number) this.#pong.answered();
    for (const [token, steps] of message.steps ?? []) if (this.#held.has(token)) events.steps(token, steps);
    if (message.reports) this.#finished(message.reports);
    if (message.ready && this.#state === 'starting') {
      this.#state = 'ready';
      this.#options.ready();
    }
  }

  #finished(reports: readonly Report[]): void {
    const held = reports.filter(({ token }) => this.#release(token));
    if (held.length > 0) this.#options.events.report(held);
    if (this.#options.single && this.load === 0) this.end('its attempt has ended');
    else if (this.#state === 'draining') this.#endWhenDrained();
    else if (this.#state === 'ready') this.#options.room();
  }

  #release(token: string): boolean {
    this.#held.get(token)?.disarm?.();
    return this.#held.delete(token);
  }

  /** The body's own time-out is the worker's business; this one is for an event loop that the body blocks. */
  #begun(token: string): void {
    const held = this.#held.get(token);
    if (!held || held.order.timeout === null || held.disarm) return;
    const { timeout } = held.order;
    held.disarm = this.#options.clock.after(timeout + this.#options.times.graceMs, () => {
      held.ending ??= timeoutOutcome(timeout);
      this.#overdue(held);
    });
  }

  #stopping(token: string, outcome: Outcome): void {
    const held = this.#held.get(token);
    if (!held || held.ending) return;
    held.ending = outcome;
    held.disarm?.();
    held.disarm = this.#options.clock.after(this.#options.times.graceMs, () => this.#overdue(held));
  }

  /** A body did not stop when it was told to: only the end of its process ends it. */
  #overdue(held: HeldAttempt): void {
    held.overdue = true;
    const { taskId } = held.order;
    if (this.#state === 'ending' || this.#state === 'gone') return;
    this.#log(held, 'warn', `the body did not stop within ${this.#options.times.graceMs} ms; its process is ended`);
    if (this.#options.single) this.end(`the body of '${taskId}' did not stop`);
    else if (this.#state === 'draining') this.#endWhenDrained();
    else this.#drain(taskId);
  }

  /** Takes no more orders; ends once only bodies that do not stop are left, or when their neighbours took too long. */
  #drain(taskId: string): void {
    this.#state = 'draining';
    this.#options.draining();
    this.#endWhenDrained();
    this.#ping(() => this.end(`the body of '${taskId}' blocks the event loop of ${this.name} and did not stop`));
    this.#after(this.#options.times.drainMs, () =>
      this.end(`the body of '${taskId}', which ran in ${this.name} too, did not stop`),
    );
  }

  #endWhenDrained(): void {
    const overdue = [...this.#held.values()].filter((held) => held.overdue);
    if (overdue.length < this.load) return;
    const [first] = overdue;
    this.end(first ? `the body of '${first.order.taskId}' did not stop` : 'it is replaced');
  }

  #ping(blocked: () => void): void {
    const number = ++this.#pings;
    const cancel = this.#options.clock.after(this.#options.times.blockedMs, blocked);
    this.#timers.push(cancel);
    this.#pong = { number, answered: cancel };
    this.#process.send({ kind: 'ping', number });
  }

  #after(ms: number, callback: () => void): void {
    this.#timers.push(this.#options.clock.after(ms, callback));
  }

  #exited(exit: WorkerExit): void {
    const started = this.#state !== 'starting';
    this.#state = 'gone';
    for (const cancel of this.#timers) cancel();
    const judged = judgeExit(exit);
    const verdict = started ? judged : { reason: 'start_failed' as const, detail: judged.detail };
    const endedAt = this.#options.clock.now();
    const reports: Report[] = [];
    for (const [token, held] of this.#held) {
      held.disarm?.();
      const outcome: Outcome = held.ending ?? { kind: 'lost', ...verdict };
      if (outcome.kind === 'lost') this.#log(held, 'error', `lost: ${outcome.detail}`);
      reports.push({ token, outcome, startedAt: held.sentAt, endedAt, worker: this.label });
    }
    this.#held.clear();
    if (reports.length > 0) this.#options.events.report(reports);
    this.#options.gone({ expected: exit.endedFor !== null, detail: verdict.detail });
  }

  #log({ order }: HeldAttempt, level: LogLine['level'], message: string): void {
    const line: LogLine = { at: this.#options.clock.now(), level, source: 'millrace', message };
    this.#options.events.log(order.token, [line]);
  }
}

function timeoutOutcome(timeout: number): Outcome {
  return {
    kind: 'failed',
    reason: 'timeout',
    error: { name: 'MillraceError', message: `timed out after ${timeout} ms`, stack: null, code: 'task_timeout' },
    retry: 'normal',
  };
}
