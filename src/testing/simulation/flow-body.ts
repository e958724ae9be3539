import type { AttemptOrder, ExecutorEvents, Outcome, RunFacts, StepReport } from '../../executor/executor.ts';
import type { AttemptReason } from '../../model/states.ts';
import { memoryObjects } from '../../objects/memory.ts';
import { RunningAttempt } from '../../runner/run-attempt.ts';
import type { DrawnWorkflow } from '../../sdk/drawn.ts';
import { type FlowWorker, onWorker } from './flow-workload.ts';
import type { Process } from './scheduler.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

interface FlowBodyOptions {
  readonly world: World;
  /** The server whose worker this is. */
  readonly process: Process;
  readonly order: AttemptOrder;
  readonly facts: RunFacts;
  readonly drawn: DrawnWorkflow;
  readonly events: () => ExecutorEvents | null;
}

/**
 * An attempt of a flow's body: the real runner, in virtual time, between it and the server a channel that keeps the order
 * and takes its time. When the worker dies nothing more is said; or it goes on unseen, and what it still says comes late.
 */
export class FlowBody {
  readonly outcome: Promise<Outcome>;
  readonly #options: FlowBodyOptions;
  readonly #attempt: RunningAttempt;
  /** Reports of calls on their way, in order. */
  #outbox: StepReport[] = [];
  readonly #said = new Map<number, StepReport>();
  #dead = false;

  constructor(options: FlowBodyOptions) {
    this.#options = options;
    const { world, process, order, facts, drawn } = options;
    const clock = new SimulatedClock(world.scheduler, process, world.wall);
    const worker: FlowWorker = {
      run: order.run,
      begin: (call) => this.#begin(call),
      check: (rule) => this.#check(rule),
      sleep: (ms) =>
        new Promise((resolve) => world.scheduler.after(process, ms, 'body', () => !this.#dead && resolve())),
    };
    this.#attempt = onWorker.run(
      worker,
      () =>
        new RunningAttempt(order, facts, {
          clock,
          objects: memoryObjects(clock),
          inlineLimit: 1_000_000,
          worker: `${process.name}'s worker`,
          load: () => drawn,
          transport: {
            log: () => {},
            progress: () => {},
            named: () => {},
            begun: () => {},
            stopping: () => {},
            ask: async (_, question) => {
              await world.scheduler.step(process, 'asks');
              const events = options.events();
              if (this.#dead || !events) return new Promise(() => {});
              return await events.ask(order.token, question);
            },
            steps: (_, report) => this.#check(() => this.#say(report)),
          },
        }),
    );
    this.outcome = this.#attempt.report.then(({ outcome }) => outcome);
  }

  stop(reason: AttemptReason): void {
    this.#attempt.stop({ kind: 'cancelled', reason });
  }

  /** Its worker was killed: nothing more is said, and nothing more begins. */
  die(): void {
    this.#dead = true;
  }

  /** What is acknowledged is in the database: only now may the flow's code see it. */
  acknowledge(numbers: readonly number[]): void {
    const { world, order } = this.#options;
    for (const number of numbers) {
      const report = this.#said.get(number);
      if (!report) continue;
      const row = world.mirror.step(order.run, report.task, report.index);
      const isOwn = world.mirror.instance(order.run, order.task, order.mapIndex)?.token === order.token;
      demand(
        !isOwn ||
          (row !== undefined &&
            (row.attempt > report.attempt || row.state === report.state || report.state === 'running')),
        'calls are durable first',
        () =>
          `${report.name}[${report.index}] of run ${order.run} was acknowledged as ${report.state}, the database says ${row?.state ?? 'nothing'}`,
      );
    }
    world.scheduler.soon(this.#options.process, 'calls acknowledged', () => {
      if (!this.#dead) this.#attempt.acknowledgeSteps(numbers);
    });
  }

  /** A broken rule is the world's to know: the flow that breaks it would just fail. */
  #check(rule: () => void): void {
    try {
      rule();
    } catch (error) {
      this.#options.world.report(error);
    }
  }

  #begin(call: string): number {
    const { world, order } = this.#options;
    world.totals.calls += 1;
    const key = `${order.run} ${call}`;
    const times = world.performances.get(key) ?? 0;
    world.performances.set(key, times + 1);
    return times;
  }

  #say(report: StepReport): void {
    const { world, process, order } = this.#options;
    if (this.#dead) return;
    // A worker that was given up may not know yet what another has done since.
    const isOwn = world.mirror.instance(order.run, order.task, order.mapIndex)?.token === order.token;
    demand(
      !isOwn ||
        report.state !== 'running' ||
        report.inputHash === null ||
        !world.mirror.hasSucceeded(order.run, report.name, report.inputHash),
      'finished calls do not run again',
      () => `${report.name}[${report.index}] of run ${order.run} begins, and has succeeded before`,
    );
    this.#said.set(report.number, report);
    this.#outbox.push(report);
    if (this.#outbox.length > 1) return;
    world.scheduler.after(process, world.random.pick([0, 0, 3, 50]), 'calls', () => {
      const reports = this.#outbox;
      this.#outbox = [];
      if (!this.#dead) this.#options.events()?.steps(order.token, reports);
    });
  }
}
