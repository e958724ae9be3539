import type { ResolvedExpression } from '../../model/expression.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { encodeValue } from '../../model/value.ts';
import type {
  Answer,
  AttemptOrder,
  BundleRef,
  ExecutorEvents,
  LogLine,
  Question,
  Report,
  RunFacts,
  RunnerQuestion,
  StepRef,
  StepReport,
  Submission,
} from '../executor.ts';

interface Waiter {
  readonly met: () => boolean;
  readonly resolve: () => void;
}

/** The engine's side of an executor, for tests: remembers everything that it hears and waits for it. */
export class Probe implements ExecutorEvents {
  readonly reports = new Map<string, Report[]>();
  readonly lines = new Map<string, LogLine[]>();
  readonly progressed = new Map<string, { readonly done: number; readonly total: number | null }[]>();
  readonly questions: { readonly token: string; readonly question: Question | RunnerQuestion }[] = [];
  /** Names of mapped instances, by token. */
  readonly names = new Map<string, string>();
  capacities = 0;
  readonly stepReports = new Map<string, StepReport[]>();
  /** The engine would say here that they are durable. */
  onSteps: ((token: string, steps: readonly StepReport[]) => void) | undefined;
  readonly #answers: (question: Question | RunnerQuestion) => Answer | Promise<Answer>;
  #waiters: Waiter[] = [];

  constructor(answers: (question: Question | RunnerQuestion) => Answer | Promise<Answer> = () => ({ text: null })) {
    this.#answers = answers;
  }

  report(reports: readonly Report[]): void {
    for (const report of reports) this.reports.set(report.token, [...(this.reports.get(report.token) ?? []), report]);
    this.#look();
  }

  /** Lines of a flow's call are kept under `token task.index`. */
  log(token: string, lines: readonly LogLine[], step?: StepRef): void {
    const whose = step ? `${token} ${step.task}.${step.index}` : token;
    this.lines.set(whose, [...(this.lines.get(whose) ?? []), ...lines]);
    this.#look();
  }

  named(token: string, name: string): void {
    this.names.set(token, name);
    this.#look();
  }

  steps(token: string, steps: readonly StepReport[]): void {
    this.stepReports.set(token, [...(this.stepReports.get(token) ?? []), ...steps]);
    this.onSteps?.(token, steps);
    this.#look();
  }

  progress(token: string, progress: { readonly done: number; readonly total: number | null }): void {
    this.progressed.set(token, [...(this.progressed.get(token) ?? []), progress]);
    this.#look();
  }

  async ask(token: string, question: Question | RunnerQuestion): Promise<Answer> {
    this.questions.push({ token, question });
    this.#look();
    return this.#answers(question);
  }

  capacity(): void {
    this.capacities++;
    this.#look();
  }

  /** The report of an attempt, once it is there. */
  async reported(token: string): Promise<Report> {
    await this.until(() => this.reports.has(token));
    return this.reports.get(token)?.[0] as Report;
  }

  /** The first line of an attempt's log that contains a text, once it is there. */
  async logged(token: string, text: string): Promise<LogLine> {
    const find = () => this.lines.get(token)?.find(({ message }) => message.includes(text));
    await this.until(() => find() !== undefined);
    return find() as LogLine;
  }

  /** Once an attempt has asked for something. */
  asked(token: string): Promise<void> {
    return this.until(() => this.questions.some((asked) => asked.token === token));
  }

  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ met, resolve }));
  }

  #look(): void {
    const met = this.#waiters.filter((waiter) => waiter.met());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }
}

let orders = 0;

/** An order for one task of a workflow, under a token of its own. */
export function orderFor(spec: WorkflowSpec, taskId: string, rest: Partial<AttemptOrder> = {}): AttemptOrder {
  const task = spec.tasks.findIndex(({ id }) => id === taskId);
  if (task < 0) throw new Error(`workflow '${spec.id}' has no task '${taskId}'`);
  return {
    token: `token-${++orders}`,
    run: 1,
    task,
    taskId,
    mapIndex: -1,
    mapLength: null,
    attempt: 1,
    maxAttempts: 1,
    input: null,
    mappable: false,
    timeout: null,
    isolation: 'shared',
    memory: null,
    flow: null,
    ...rest,
  };
}

/** Orders of one manual run. */
export function submission(spec: WorkflowSpec, bundle: BundleRef, orders: readonly AttemptOrder[]): Submission {
  const run: RunFacts = {
    key: 1,
    runId: 'manual__1',
    workflow: spec.id,
    kind: 'dag',
    type: 'manual',
    logicalDate: Date.UTC(2026, 0, 2),
    intervalStart: Date.UTC(2026, 0, 1),
    intervalEnd: Date.UTC(2026, 0, 2),
    runAfter: Date.UTC(2026, 0, 2),
    startedAt: Date.UTC(2026, 0, 2),
    params: spec.params.defaults,
    conf: '{"from":"test"}',
    bundle,
    previousSuccess: null,
  };
  return { runs: [run], orders };
}

/** A value as an input. */
export function valueInput(value: unknown): ResolvedExpression {
  return { kind: 'value', value: { kind: 'inline', data: encodeValue(value) } };
}
