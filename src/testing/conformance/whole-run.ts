import { Catalog } from '../../engine/catalog.ts';
import { claim } from '../../engine/claims.ts';
import { clear } from '../../engine/clearing.ts';
import { publish, trigger } from '../../engine/operations.ts';
import { type Finished, Propagation } from '../../engine/propagation.ts';
import { takeReports } from '../../engine/reports.ts';
import { RunFactsCache } from '../../engine/run-facts.ts';
import { VirtualClock } from '../../engine/testing/virtual-clock.ts';
import { fireTimers } from '../../engine/timers.ts';
import { EngineTransaction } from '../../engine/transaction.ts';
import type { AttemptOrder, Report, RunFacts, Submission } from '../../executor/executor.ts';
import { MillraceError } from '../../model/errors.ts';
import { memoryObjects } from '../../objects/memory.ts';
import { RunningAttempt } from '../../runner/run-attempt.ts';
import type { DrawnWorkflow } from '../../sdk/drawn.ts';
import type { InstanceName } from '../../store/instance-names.ts';
import type { InstanceKey, InstanceRow, RunRow } from '../../store/rows.ts';
import { SqliteStore } from '../../store/sqlite/store.ts';
import type { Store, Tx } from '../../store/store.ts';

const INLINE_LIMIT = 64 * 1024;
const MOST_READY = 10_000;

/**
 * When what follows from an attempt's end is decided. `at once`, as the engine does it: whatever can be decided, until
 * nothing moves. `pass by pass`, as the cases do it: one level of the graph, then another attempt, then the next level;
 * so the levels race with the attempts as they do in Airflow's scheduler.
 */
export type Pace = 'at once' | 'pass by pass';

/** Notes ends and leaves it to the caller when they are counted. */
class PassByPass extends Propagation {
  override async settle(): Promise<void> {}
}

/**
 * One run of a workflow, moved by hand: the engine's own transactions on a real store, each attempt run by the real
 * runner, one at a time and in an order that the caller chooses.
 */
export class WholeRun {
  readonly #store: Store;
  readonly #workflow: DrawnWorkflow;
  readonly #pace: Pace;
  #unsettled: readonly Finished[] = [];
  readonly #named: InstanceName[] = [];
  readonly #clock = new VirtualClock();
  readonly #objects = memoryObjects(this.#clock);
  readonly #catalog = new Catalog();
  readonly #facts = new RunFactsCache(this.#catalog);
  #server = 0;
  #run = 0;
  #tokens = 0;

  private constructor(store: Store, workflow: DrawnWorkflow, pace: Pace) {
    this.#store = store;
    this.#workflow = workflow;
    this.#pace = pace;
  }

  /** Publishes the workflow in a store of its own and triggers a run. */
  static async start(workflow: DrawnWorkflow, pace: Pace): Promise<WholeRun> {
    const store = SqliteStore.open(':memory:');
    await store.migrate();
    const run = new WholeRun(store, workflow, pace);
    await run.#begin();
    return run;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** Instances that may be claimed now. */
  async ready(): Promise<readonly { readonly taskId: string; readonly index: number; readonly attempt: number }[]> {
    const candidates = await this.#store.transaction((tx) => tx.instances.claimable(MOST_READY));
    return candidates.map(({ task, index, attempt }) => ({ taskId: this.#taskId(task), index, attempt }));
  }

  /** Claims this instance and runs the attempt to its end, with all that follows. */
  async attempt(taskId: string, index: number): Promise<void> {
    const task = this.#workflow.spec.tasks.findIndex(({ id }) => id === taskId);
    const { runs, orders } = await this.#claim({ run: this.#run, task, index });
    const [order] = orders;
    if (!order) throw new MillraceError('internal', `${taskId}[${index}] could not be claimed`);
    const report = await this.#execute(order, runs[0]!);
    await this.#transaction(async (e) => {
      await e.lockRuns([this.#run]);
      await takeReports([report], e, { maxLost: 3 });
      await e.tx.instanceNames.put(this.#named.splice(0));
      await e.settleRuns();
    });
    // Retries without delay are due at once.
    await this.#transaction(fireTimers);
    await this.#nextPass();
  }

  /** A scheduling pass; and where nothing is ready after it, another one, as long as there is something to decide. */
  async #nextPass(): Promise<void> {
    while (this.#unsettled.length > 0) {
      await this.#transaction(async (e) => {
        await e.lockRuns([this.#run]);
        await e.propagation.pass();
        // The run is looked at although its counters may be as they were.
        e.ledger.count(this.#run, {});
      });
      if ((await this.ready()).length > 0) return;
    }
  }

  /** Clears the chosen instances of the run, which goes on. Returns how many were cleared. */
  async clear(chosen: (instance: { readonly taskId: string; readonly row: InstanceRow }) => boolean): Promise<number> {
    const { run } = await this.state();
    const select = (row: InstanceRow, taskId: string) => chosen({ taskId, row });
    const cleared = await this.#transaction((e) => clear(e, run, { select, scope: 'only these' }));
    await this.#nextPass();
    return cleared.length;
  }

  async state(): Promise<{
    readonly run: RunRow;
    readonly instances: readonly (InstanceRow & { readonly taskId: string; readonly name: string | undefined })[];
  }> {
    const run = await this.#store.queries.run(this.#run);
    if (!run) throw new MillraceError('internal', 'the run is gone');
    const rows = await this.#store.queries.instances(this.#run);
    const names = await this.#store.readings.instanceNames([this.#run]);
    const nameOf = ({ run, task, index }: InstanceKey) => names.get(`${run}.${task}.${index}`);
    return { run, instances: rows.map((row) => ({ ...row, taskId: this.#taskId(row.task), name: nameOf(row) })) };
  }

  async #begin(): Promise<void> {
    const { spec } = this.#workflow;
    const run = await this.#transaction(async (e) => {
      this.#server = await e.tx.servers.register({ name: 'conformance', at: e.at, leaseUntil: e.at });
      const bundle = { bundleHash: 'case', bundlePath: 'case' };
      const workflows = [{ spec, canonical: JSON.stringify(spec) }];
      await publish(e, { file: 'case.ts', ...bundle, workflows, errors: [] });
      const ids = { random: () => this.#random() };
      return trigger(e, ids, { workflow: spec.id, conf: {}, triggeredBy: 'conformance' });
    });
    this.#run = run.id;
    await this.#nextPass();
  }

  async #claim(key: InstanceKey): Promise<Submission> {
    return this.#transaction(async (e) => {
      const { submission } = await claim(null, {
        tx: onlyClaiming(e.tx, key),
        ledger: e.ledger,
        book: await e.limits(),
        catalog: this.#catalog,
        values: e.outputs,
        facts: this.#facts,
        ids: { random: () => this.#random() },
        server: this.#server,
        room: 1,
      });
      return submission;
    });
  }

  #execute(order: AttemptOrder, facts: RunFacts): Promise<Report> {
    return new RunningAttempt(order, facts, {
      clock: this.#clock,
      objects: this.#objects,
      inlineLimit: INLINE_LIMIT,
      worker: 'conformance',
      load: () => this.#workflow,
      transport: {
        log: () => {},
        progress: () => {},
        named: (_, name) => this.#named.push({ run: order.run, task: order.task, index: order.mapIndex, name }),
        begun: () => {},
        stopping: () => {},
        steps: () => {},
        ask: async () => ({ error: 'the cases ask for nothing' }),
      },
    }).report;
  }

  #transaction<T>(body: (e: EngineTransaction) => Promise<T>): Promise<T> {
    return this.#store.transaction(async (tx) => {
      this.#facts.beginTransaction();
      const kind = this.#pace === 'at once' ? Propagation : PassByPass;
      const e = new EngineTransaction(tx, this.#catalog, this.#clock.now(), { kind });
      for (const end of this.#unsettled) e.propagation.ended(end);
      const result = await body(e);
      this.#unsettled = e.propagation.unsettled;
      await e.finish();
      return result;
    });
  }

  #random(): string {
    this.#tokens += 1;
    return String(this.#tokens);
  }

  #taskId(task: number): string {
    return this.#workflow.spec.tasks[task]!.id;
  }
}

/** A transaction in which nothing but this instance can be claimed. */
function onlyClaiming(tx: Tx, { run, task, index }: InstanceKey): Tx {
  const claimable = async () =>
    (await tx.instances.claimable(MOST_READY)).filter(
      (candidate) => candidate.run === run && candidate.task === task && candidate.index === index,
    );
  return { ...tx, instances: { ...tx.instances, claimable } };
}
