import type {
  AttemptOrder,
  Executor,
  ExecutorEvents,
  Outcome,
  Report,
  RunFacts,
  Submission,
} from '../../executor/executor.ts';
import type { AttemptReason } from '../../model/states.ts';
import type { DrawnWorkflow } from '../../sdk/drawn.ts';
import { FlowBody } from './flow-body.ts';
import type { Process } from './scheduler.ts';
import { perform, type Script } from './script.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** What bodies do. */
export interface Code {
  readonly scripts: (order: AttemptOrder) => Script;
  readonly flows: (order: AttemptOrder) => DrawnWorkflow;
}

interface Body {
  readonly order: AttemptOrder;
  readonly startedAt: number;
  /** Its report is on its way: whatever else happens to it, nothing more is said. */
  ended: boolean;
  cancelled: boolean;
  /** Says its report now rather than later. */
  deliver: (() => void) | null;
  /** Of a flow: its code at work. */
  flow: FlowBody | null;
}

const LOSSES: readonly AttemptReason[] = ['killed', 'out_of_memory', 'worker_exited', 'start_failed'];

/**
 * Workers of one server. Bodies follow their scripts in virtual time; workers die, aloud or silently; reports are
 * late, doubled, in any order, and said again until they are acknowledged. When the server dies its workers go with it.
 */
export class SimulatedExecutor implements Executor {
  readonly name = 'simulated';
  readonly #world: World;
  readonly #process: Process;
  readonly #scripts: (order: AttemptOrder) => Script;
  readonly #flowOf: (order: AttemptOrder) => DrawnWorkflow;
  readonly #bodies = new Map<string, Body>();
  /** Reports that were said and are not acknowledged. */
  readonly #unheard = new Map<string, Report>();
  #outbox: Report[] = [];
  #events: ExecutorEvents | null = null;
  #stopping = false;
  readonly #facts = new Map<number, RunFacts>();

  constructor(world: World, process: Process, code: Code) {
    this.#world = world;
    this.#process = process;
    this.#scripts = code.scripts;
    this.#flowOf = code.flows;
  }

  /** Attempts that it still has; none when all is done. */
  get held(): readonly string[] {
    return [...this.#bodies.keys()];
  }

  async start(events: ExecutorEvents): Promise<void> {
    await this.#world.scheduler.step(this.#process, 'executor starts');
    this.#events = events;
  }

  free(): number {
    return this.#stopping || !this.#events ? 0 : Math.max(0, this.#world.profile.capacity - this.#bodies.size);
  }

  submit({ runs, orders }: Submission): void {
    const known = new Set(runs.map(({ key }) => key));
    for (const facts of runs) this.#facts.set(facts.key, facts);
    for (const order of orders) {
      if (this.#stopping) {
        // Too late: the order is owned all the same, and ends as every order does.
        const lost: Outcome = { kind: 'lost', reason: 'start_failed', detail: 'the executor has stopped' };
        this.#world.witness.reported(order.token, lost);
        this.#events?.report([this.#reportOf(order.token, lost, this.#now())]);
        continue;
      }
      this.#world.totals.attempts += 1;
      try {
        this.#checkOrder(order, known);
      } catch (error) {
        this.#world.report(error);
      }
      this.#bodies.set(order.token, {
        order,
        startedAt: this.#now(),
        ended: false,
        cancelled: false,
        deliver: null,
        flow: null,
      });
      const wait = this.#world.random.int(0, 30);
      this.#later(wait, `start ${order.token}`, () => this.#perform(order.token));
    }
  }

  cancel(token: string, reason: AttemptReason): void {
    const body = this.#bodies.get(token);
    if (!body || body.ended || body.cancelled) return;
    body.cancelled = true;
    if (body.flow) {
      body.flow.stop(reason);
      return;
    }
    this.#later(this.#world.random.int(0, 2000), `stop ${token}`, () =>
      this.#end(token, { kind: 'cancelled', reason }),
    );
  }

  acknowledge(tokens: readonly string[]): void {
    for (const token of tokens) {
      this.#unheard.delete(token);
      const [run, task, index] = token.split('.', 3).map(Number);
      const row = this.#world.mirror.instance(run!, task!, index!);
      const open = row?.token === token && (row.state === 'running' || row.state === 'restarting');
      if (open) this.#world.report(new Error(`${token} was acknowledged and still runs in the database`));
    }
  }

  acknowledgeSteps(token: string, numbers: readonly number[]): void {
    try {
      this.#bodies.get(token)?.flow?.acknowledge(numbers);
    } catch (error) {
      this.#world.report(error);
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#bodies.size > 0) await this.#world.scheduler.sleep(this.#process, graceMs, 'grace');
    for (const [token, body] of [...this.#bodies]) {
      if (body.ended) body.deliver?.();
      else this.#end(token, { kind: 'lost', reason: 'worker_exited', detail: 'the executor stopped' });
    }
    this.#flush();
  }

  /** The claim is durable, it is the first order for it, and the attempt has not been ordered under another token. */
  #checkOrder(order: AttemptOrder, runs: ReadonlySet<number>): void {
    const { witness } = this.#world;
    const { token, run, task, mapIndex, attempt } = order;
    demand(
      witness.claimed.has(token),
      'durable claims',
      () => `${token} was ordered and is not claimed in the database`,
    );
    demand(runs.has(run), 'orders', () => `the facts of run ${run} did not come with ${token}`);
    const name = `attempt ${attempt} of ${run}.${task}.${mapIndex}`;
    demand(!witness.ordered.has(name), 'bodies start once', () => `${name} was ordered twice, now as ${token}`);
    witness.ordered.add(name);
  }

  #perform(token: string): void {
    const body = this.#bodies.get(token);
    if (!body || body.ended) return;
    const { random, profile, calm } = this.#world;
    const { order } = body;
    if (order.flow) {
      this.#performFlow(token, body);
      return;
    }
    const key = `${order.run}.${order.task}.${order.mapIndex}`;
    const times = this.#world.performances.get(key) ?? 0;
    this.#world.performances.set(key, times + 1);
    const { ms, outcome } = perform(this.#scripts(order), order, times, random, this.#now());
    if (random.chance(0.3)) {
      const line = { at: this.#now(), level: 'info', source: 'task', message: 'begun' } as const;
      this.#events?.log(token, [line]);
    }
    if (!calm && random.chance(profile.workerDies)) {
      this.#die(token, outcome, ms);
      return;
    }
    if (order.timeout !== null && (outcome === null || ms >= order.timeout)) {
      const error = { name: 'TaskTimeout', message: 'too long', stack: null, code: 'task_timeout' };
      const late: Outcome = { kind: 'failed', reason: 'timeout', error, retry: 'normal' };
      this.#later(order.timeout, `time-out ${token}`, () => this.#end(token, late));
      return;
    }
    if (outcome) this.#later(ms, `done ${token}`, () => this.#end(token, outcome));
  }

  /** The flow's own code runs, until it ends, is stopped, or its worker dies. */
  #performFlow(token: string, body: Body): void {
    const { random, profile, calm, totals } = this.#world;
    const { order } = body;
    const flow = new FlowBody({
      world: this.#world,
      process: this.#process,
      order,
      facts: this.#facts.get(order.run)!,
      drawn: this.#flowOf(order),
      events: () => this.#events,
    });
    body.flow = flow;
    // One that is stopped does not always answer.
    flow.outcome.then(
      (outcome) => this.#end(token, outcome),
      (error) => this.#world.report(error),
    );
    if (calm || !random.chance(profile.workerDies * 2)) return;
    totals.losses += 1;
    const silent = random.chance(0.4);
    const lost: Outcome = { kind: 'lost', reason: random.pick(LOSSES), detail: 'its worker died' };
    this.#later(random.int(0, 6000), `lost ${token}`, () => {
      // Unseen, it goes on for a while: what it still says is nobody's any more.
      if (silent) this.#later(random.int(0, 8000), `gone ${token}`, () => flow.die());
      else flow.die();
      this.#end(token, lost);
    });
  }

  /** Its worker dies somewhere on the way; a silent death is noticed later, and the dead may still come back. */
  #die(token: string, outcome: Outcome | null, ms: number): void {
    const { random, profile, totals } = this.#world;
    totals.losses += 1;
    const silent = random.chance(profile.diesSilently / Math.max(profile.workerDies, 0.001));
    const detail = silent ? 'its worker did not answer' : 'its worker died';
    const noticed = random.int(0, ms) + (silent ? random.int(1000, 8000) : 0);
    const lost: Outcome = { kind: 'lost', reason: random.pick(LOSSES), detail };
    this.#later(noticed, `lost ${token}`, () => this.#end(token, lost));
    if (!outcome || !random.chance(0.5)) return;
    this.#later(noticed + random.int(0, 8000), `back ${token}`, () => {
      totals.lateReports += 1;
      this.#world.witness.reported(token, outcome);
      this.#say(this.#reportOf(token, outcome, this.#now()));
    });
  }

  #end(token: string, outcome: Outcome): void {
    const body = this.#bodies.get(token);
    if (!body || body.ended) return;
    body.ended = true;
    const { random, profile, calm, witness } = this.#world;
    witness.reported(token, outcome);
    const report = this.#reportOf(token, outcome, body.startedAt);
    const late = !calm && !this.#stopping && random.chance(profile.reportLate) ? random.int(10, 4000) : 0;
    const go = () => {
      if (!this.#bodies.delete(token)) return;
      this.#unheard.set(token, report);
      this.#say(report);
      if (!calm && random.chance(profile.reportTwice))
        this.#later(random.int(0, 3000), 'again', () => this.#say(report));
      this.#repeat(report);
      this.#events?.capacity();
    };
    body.deliver = go;
    if (late > 0) this.#later(late, `late ${token}`, go);
    else go();
  }

  /** Says it again until it is acknowledged. */
  #repeat(report: Report): void {
    this.#later(5000, `repeat ${report.token}`, () => {
      if (this.#unheard.get(report.token) !== report) return;
      this.#say(report);
      this.#repeat(report);
    });
  }

  #say(report: Report): void {
    this.#outbox.push(report);
    if (this.#outbox.length > 1) return;
    this.#later(this.#world.random.pick([0, 0, 5, 200]), 'reports', () => this.#flush());
  }

  #flush(): void {
    const reports = this.#world.random.shuffled(this.#outbox);
    this.#outbox = [];
    if (reports.length > 0) this.#events?.report(reports);
  }

  #reportOf(token: string, outcome: Outcome, startedAt: number): Report {
    return { token, outcome, startedAt, endedAt: this.#now(), worker: `${this.#process.name}'s worker` };
  }

  #now(): number {
    return this.#world.now;
  }

  #later(ms: number, label: string, go: () => void): void {
    this.#world.scheduler.after(this.#process, ms, label, go);
  }
}
