import type { WorkflowSpec } from '../../model/spec.ts';
import type { EventRow, NewEvent, RunRow } from '../../store/rows.ts';
import type { Store } from '../../store/store.ts';
import { Engine, type EngineOptions } from '../engine.ts';
import { type Publication, publish, type Trigger, trigger } from '../operations.ts';
import type { EngineTransaction } from '../transaction.ts';
import { ScriptedExecutor } from './scripted-executor.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface WorldOptions extends Partial<Omit<EngineOptions, 'store' | 'executor' | 'clock'>> {
  readonly clock?: VirtualClock;
  readonly capacity?: number;
}

/** An engine with a scripted executor and a clock that stands still, on a store that the test brings. */
export class EngineWorld {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly executor: ScriptedExecutor;
  readonly engine: Engine;
  readonly errors: unknown[] = [];
  readonly events: NewEvent[] = [];
  readonly health: (string | null)[] = [];
  #tokens = 0;

  private constructor(store: Store, { clock = new VirtualClock(), capacity = 64, ...options }: WorldOptions) {
    this.store = store;
    this.clock = clock;
    this.executor = new ScriptedExecutor(clock, capacity);
    this.engine = new Engine({
      store,
      clock,
      executor: this.executor,
      ids: { random: () => this.#random() },
      lookup: { connection: async () => null, variable: async () => null, secret: async () => null },
      mailer: null,
      name: 'test',
      peers: 'none',
      onError: (error) => this.errors.push(error),
      onEvents: (events) => this.events.push(...events),
      onHealth: (problem) => this.health.push(problem?.code ?? null),
      ...options,
    });
  }

  /** Makes the world without starting its engine. */
  static on(store: Store, options: WorldOptions = {}): EngineWorld {
    return new EngineWorld(store, options);
  }

  static async start(store: Store, options: WorldOptions = {}): Promise<EngineWorld> {
    const world = new EngineWorld(store, options);
    await world.engine.start();
    await world.settle();
    return world;
  }

  settle(): Promise<void> {
    return this.clock.settle();
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Runs an operation as the API would, and lets everything that follows from it happen. */
  async do<T>(operation: (e: EngineTransaction) => Promise<T>): Promise<T> {
    const result = await this.engine.command(operation);
    this.engine.wake();
    await this.settle();
    return result;
  }

  /** Publishes workflows, each as a file of its own. */
  async publish(...specs: readonly WorkflowSpec[]): Promise<void> {
    for (const spec of specs) await this.do((e) => publish(e, publication([spec])));
  }

  async trigger(workflow: string, request: Partial<Trigger> = {}): Promise<RunRow> {
    const ids = { random: () => this.#random() };
    const full: Trigger = { workflow, conf: {}, triggeredBy: 'test', logicalDate: null, ...request };
    return this.do((e) => trigger(e, ids, { runId: `run_${this.#random()}`, ...full }));
  }

  async run(run: Pick<RunRow, 'id'>): Promise<RunRow> {
    return (await this.store.queries.run(run.id))!;
  }

  async runs(workflow: string): Promise<readonly RunRow[]> {
    const found = await this.store.queries.workflow(workflow);
    const rows = found ? await this.store.queries.runs({ workflowId: found.id, limit: 1000 }) : [];
    return [...rows].sort((a, b) => a.id - b.id);
  }

  /** The run's state, and by `task` or `task[index]` the instances'. Waiting instances are `none`. */
  async states(run: Pick<RunRow, 'id'>): Promise<Record<string, string>> {
    const instances = await this.#named(run);
    return Object.fromEntries(instances.map(({ name, row }) => [name, row.state]));
  }

  /** By `task` or `task[index]`: the number of the latest attempt. */
  async attempts(run: Pick<RunRow, 'id'>): Promise<Record<string, number>> {
    const instances = await this.#named(run);
    return Object.fromEntries(instances.map(({ name, row }) => [name, row.attempt]));
  }

  /** What keeps instances from being claimed, by `task` or `task[index]`. */
  async parked(run: Pick<RunRow, 'id'>): Promise<Record<string, string>> {
    const instances = await this.#named(run);
    return Object.fromEntries(instances.flatMap(({ name, row }) => (row.parked ? [[name, row.parked]] : [])));
  }

  /** The system's own lines in an attempt's log. */
  async logOf(run: Pick<RunRow, 'id'>, taskId: string, attempt = 1, index = -1): Promise<string[]> {
    const { spec } = (await this.store.queries.version((await this.run(run)).versionId))!;
    const task = spec.tasks.findIndex(({ id }) => id === taskId);
    const chunks = await this.store.queries.logs({ run: run.id, task, index, attempt });
    return chunks.flatMap(({ lines }) =>
      lines.split('\n').map((line) => (JSON.parse(line) as { message: string }).message),
    );
  }

  async eventsOf(kind: string): Promise<readonly EventRow[]> {
    const rows = await this.store.queries.events({ after: 0, limit: 100_000 });
    return rows.filter((row) => row.kind === kind);
  }

  async #named(run: Pick<RunRow, 'id'>) {
    const { spec } = (await this.store.queries.version((await this.run(run)).versionId))!;
    const rows = await this.store.queries.instances(run.id);
    return rows.map((row) => {
      const { id } = spec.tasks[row.task]!;
      return { name: row.index < 0 ? id : `${id}[${row.index}]`, row };
    });
  }

  #random(): string {
    this.#tokens += 1;
    return `r${this.#tokens}`;
  }
}

export function publication(specs: readonly WorkflowSpec[], file = `${specs[0]?.id}.ts`): Publication {
  return {
    file,
    bundleHash: 'bundle',
    bundlePath: 'bundle.js',
    workflows: specs.map((spec) => ({ spec, canonical: JSON.stringify(spec) })),
    errors: [],
  };
}
