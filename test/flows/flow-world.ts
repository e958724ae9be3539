import { clear } from '../../src/engine/clearing.ts';
import { Engine } from '../../src/engine/engine.ts';
import { cancelRun, publish, trigger } from '../../src/engine/operations.ts';
import { VirtualClock } from '../../src/engine/testing/virtual-clock.ts';
import type { BundleRef, Executor, ExecutorEvents, Submission } from '../../src/executor/executor.ts';
import { InlineExecutor } from '../../src/executor/inline/inline-executor.ts';
import type { AnyFlow, Dag } from '../../src/index.ts';
import { isRunFinished } from '../../src/model/states.ts';
import { decodeValue } from '../../src/model/value.ts';
import { memoryObjects } from '../../src/objects/memory.ts';
import { canonicalSpec, drawnWorkflow } from '../../src/sdk/drawn.ts';
import type { RunRow } from '../../src/store/rows.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import type { Store } from '../../src/store/store.ts';

/** What the run has of one call. */
export interface RecordedCall {
  readonly name: string;
  readonly state: string;
  readonly attempt: number;
  readonly value: unknown;
}

/** Cuts the way between engine and executor: as if the server's process had died there. */
class Severable implements Executor {
  readonly name = 'inline';
  readonly #inner: Executor;
  #cut = false;
  /** Asked before each acknowledgement of steps; true: the process dies before it gets through. */
  diesAt: (acknowledged: number) => boolean = () => false;
  #acknowledged = 0;
  readonly #severed: (() => void)[] = [];

  constructor(inner: Executor) {
    this.#inner = inner;
  }

  get cut(): boolean {
    return this.#cut;
  }

  sever(): void {
    this.#cut = true;
    for (const end of this.#severed.splice(0)) end();
  }

  /** The store as this server has it: nothing reaches it any more after the cut. */
  over(store: Store): Store {
    const overlaid: Partial<Store> = {
      transaction: (body) => (this.#cut ? new Promise(() => {}) : store.transaction(body)),
      watch: (changed) => {
        const end = store.watch(changed);
        this.#severed.push(end);
        return end;
      },
    };
    return new Proxy(store, {
      get(target, name) {
        const own = overlaid[name as keyof Store] ?? (target[name as keyof Store] as unknown);
        return typeof own === 'function' ? own.bind(target) : own;
      },
    });
  }

  start(events: ExecutorEvents): Promise<void> {
    const guarded = Object.fromEntries(
      Object.entries(events).map(([name, fn]) => [
        name,
        (...args: unknown[]) => {
          if (!this.#cut) return (fn as (...args: unknown[]) => unknown)(...args);
          return name === 'ask' ? new Promise(() => {}) : undefined;
        },
      ]),
    );
    return this.#inner.start(guarded as unknown as ExecutorEvents);
  }

  free(): number {
    return this.#cut ? 0 : this.#inner.free();
  }

  submit(submission: Submission): void {
    if (!this.#cut) this.#inner.submit(submission);
  }

  cancel(...args: Parameters<Executor['cancel']>): void {
    if (!this.#cut) this.#inner.cancel(...args);
  }

  acknowledge(tokens: readonly string[]): void {
    if (!this.#cut) this.#inner.acknowledge(tokens);
  }

  acknowledgeSteps(token: string, numbers: readonly number[]): void {
    for (const number of numbers) {
      if (this.diesAt(this.#acknowledged)) this.sever();
      this.#acknowledged += 1;
      if (!this.#cut) this.#inner.acknowledgeSteps(token, [number]);
    }
  }

  stop(graceMs: number): Promise<void> {
    return this.#inner.stop(graceMs);
  }
}

/** The real engine on a store in memory, bodies in this process, a clock that stands still; servers come and go. */
export class FlowWorld {
  readonly clock = new VirtualClock();
  readonly errors: unknown[] = [];
  readonly #store = SqliteStore.open(':memory:');
  readonly #objects = memoryObjects(this.clock);
  readonly #workflows: readonly (AnyFlow | Dag)[];
  executor!: Severable;
  engine!: Engine;
  #tokens = 0;

  private constructor(workflows: readonly (AnyFlow | Dag)[]) {
    this.#workflows = workflows;
  }

  static async of(...workflows: readonly (AnyFlow | Dag)[]): Promise<FlowWorld> {
    const world = new FlowWorld(workflows);
    await world.#store.migrate();
    await world.server();
    const drawn = workflows.map(drawnWorkflow);
    await world.engine.command((e) =>
      publish(e, {
        file: 'flows.ts',
        bundleHash: 'bundle',
        bundlePath: '',
        errors: [],
        workflows: drawn.map(({ spec }) => ({ spec, canonical: canonicalSpec(spec) })),
      }),
    );
    return world;
  }

  /** A new server on the same store; the one before, if any, is gone without a word. */
  async server(diesAt: (acknowledged: number) => boolean = () => false): Promise<void> {
    this.executor?.sever();
    this.executor = new Severable(
      new InlineExecutor({
        clock: this.clock,
        objects: this.#objects,
        workflows: ({ hash }: BundleRef) => (hash === 'bundle' ? this.#workflows.map(drawnWorkflow) : undefined),
      }),
    );
    this.executor.diesAt = diesAt;
    const { executor } = this;
    this.engine = new Engine({
      store: executor.over(this.#store),
      executor,
      clock: this.clock,
      ids: { random: () => `r${++this.#tokens}` },
      lookup: { connection: async () => null, variable: async () => null, secret: async (name) => `secret of ${name}` },
      mailer: null,
      name: 'test',
      peers: 'none',
      onError: (error) => {
        if (!executor.cut) this.errors.push(error);
      },
    });
    await this.engine.start();
  }

  async start(workflow: AnyFlow | Dag, conf: Readonly<Record<string, unknown>> = {}): Promise<RunRow> {
    const { id } = drawnWorkflow(workflow).spec;
    const ids = { random: () => `t${++this.#tokens}` };
    const run = await this.engine.command((e) =>
      trigger(e, ids, { workflow: id, conf, runId: ids.random(), logicalDate: null, triggeredBy: 'test' }),
    );
    this.engine.wake();
    return run;
  }

  /** Starts a run and lets time pass until it has ended. */
  async run(workflow: AnyFlow | Dag, conf: Readonly<Record<string, unknown>> = {}): Promise<RunRow> {
    return this.ended(await this.start(workflow, conf));
  }

  /** The run, once it has ended; time passes as it must. */
  async ended({ id }: Pick<RunRow, 'id'>): Promise<RunRow> {
    for (let rounds = 0; rounds < 1000; rounds++) {
      await this.clock.settle();
      const run = (await this.#store.queries.run(id))!;
      if (isRunFinished(run.state)) return run;
      if (this.executor.cut) throw new Error('the server is dead');
      await this.clock.advance(1000);
    }
    throw new Error(`run ${id} does not end`);
  }

  resume(run: RunRow, record: 'kept' | 'forgotten' = 'kept'): Promise<unknown> {
    return this.engine.command((e) => clear(e, run, { scope: 'only these', record }));
  }

  cancel(run: RunRow): Promise<boolean> {
    return this.engine.command((e) => cancelRun(e, run));
  }

  /** Every call of the run, in order of task and index. */
  async calls({ id }: Pick<RunRow, 'id'>): Promise<RecordedCall[]> {
    const rows = await this.#store.transaction((tx) => tx.steps.journal(id, { offset: 0, limit: 10_000 }));
    return rows.map(({ name, state, attempt, value }) => ({
      name,
      state,
      attempt,
      value: value?.kind === 'inline' ? decodeValue(value.data) : (value?.kind ?? null),
    }));
  }

  /** What the flow, or a task, returned. */
  async output({ id }: Pick<RunRow, 'id'>, task = 0): Promise<unknown> {
    const [row] = await this.#store.transaction((tx) => tx.outputs.get([{ run: id, task, index: -1 }]));
    return row?.value.kind === 'inline' ? decodeValue(row.value.data) : undefined;
  }

  async attempts({ id }: Pick<RunRow, 'id'>): Promise<number> {
    const [row] = await this.#store.transaction((tx) => tx.instances.get([{ run: id, task: 0, index: -1 }]));
    return row?.attempt ?? 0;
  }

  /** The log of the flow's body, or of one of its calls. */
  async log({ id }: Pick<RunRow, 'id'>, task = 0, index = -1): Promise<string[]> {
    const chunks = await this.#store.queries.logs({ run: id, task, index });
    return chunks.flatMap(({ lines }) =>
      lines.split('\n').map((line) => {
        const { source, message } = JSON.parse(line) as { source: string; message: string };
        return `${source}: ${message}`;
      }),
    );
  }

  async close(): Promise<void> {
    this.executor.sever();
    await this.#store.close();
  }
}
