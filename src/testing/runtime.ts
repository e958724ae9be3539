import { Engine } from '../engine/engine.ts';
import { publish, putPool, trigger } from '../engine/operations.ts';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import { InlineExecutor } from '../executor/inline/inline-executor.ts';
import { systemClock } from '../model/clock.ts';
import { type DateInput, parseDate } from '../model/date.ts';
import { type Duration, parseDuration } from '../model/duration.ts';
import { MillraceError } from '../model/errors.ts';
import { isRunFinished } from '../model/states.ts';
import { memoryObjects } from '../objects/memory.ts';
import type { Context } from '../sdk/context.ts';
import type { Dag } from '../sdk/dag.ts';
import { canonicalSpec, type DrawnWorkflow, drawnWorkflow, replaceBody } from '../sdk/drawn.ts';
import type { AnyFlow } from '../sdk/flow.ts';
import type { Task } from '../sdk/task.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { readRun, type TestRun } from './test-run.ts';

export type { TestInstance, TestRun } from './test-run.ts';

export interface RunOptions {
  /** Default: the clock's date. Null: none. */
  readonly logicalDate?: DateInput | null;
  /** Params of a DAG; what is not given has its default. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Input of a flow. */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Attempts at once. */
const CONCURRENCY = 64;
/** A run that waits for longer than this of the test's time waits for ever. */
const LONGEST_WAIT_MS = 400 * 86_400_000;

/**
 * A whole Millrace in a test: the real engine on a store in memory, bodies in this process, a clock that stands still
 * until the test moves it. Whoever awaits a run moves it too: to the next retry or time-out, as often as it takes.
 */
export class TestRuntime implements AsyncDisposable {
  readonly clock: { now(): Date; advance(by: Duration | string): Promise<void> };
  readonly #time: VirtualClock;
  readonly #store: SqliteStore;
  readonly #executor: InlineExecutor;
  readonly #engine: Engine;
  readonly #workflows = new Map<string, DrawnWorkflow>();
  readonly #connections = new Map<string, string>();
  readonly #variables = new Map<string, string>();
  readonly #secrets = new Map<string, string>();
  readonly #undo: (() => void)[] = [];
  readonly #objects;
  #count = 0;

  /** @internal Use testRuntime(). */
  constructor(start: number) {
    const time = new VirtualClock(start);
    this.#time = time;
    this.clock = { now: () => new Date(time.now()), advance: (by) => time.advance(parseDuration(by)) };
    this.#objects = memoryObjects(time);
    this.#store = SqliteStore.open(':memory:', { clock: time });
    this.#executor = new InlineExecutor({
      clock: time,
      objects: this.#objects,
      concurrency: CONCURRENCY,
      workflows: ({ hash }) => {
        const workflow = this.#workflows.get(hash);
        return workflow && [workflow];
      },
    });
    this.#engine = new Engine({
      store: this.#store,
      executor: this.#executor,
      clock: time,
      ids: { random: () => `test${this.#count++}` },
      lookup: {
        connection: async (name) => this.#connections.get(name) ?? null,
        variable: async (name) => this.#variables.get(name) ?? null,
        secret: async (name) => this.#secrets.get(name) ?? null,
      },
      mailer: null,
      name: 'test',
      peers: 'none',
      onError: (error) => {
        throw error;
      },
    });
  }

  /** @internal Use testRuntime(). */
  async start(): Promise<void> {
    await this.#store.migrate();
    await this.#engine.start();
  }

  /** Gives tasks a connection, as a URI or as JSON. */
  connection(name: string, uri: string): void {
    this.#connections.set(name, uri);
  }

  variable(name: string, value: string): void {
    this.#variables.set(name, value);
  }

  secret(name: string, value: string): void {
    this.#secrets.set(name, value);
  }

  /** Runs `fn` in place of the task's own function, in DAGs and flows, until the runtime is disposed of. */
  replace<I, O>(task: Task<I, O, never> | Task<I, O>, fn: (input: I, context: Context) => O | Promise<O>): void {
    this.#undo.push(replaceBody(task, fn as (input: unknown, context: Context) => unknown));
  }

  /** Starts a run. Await it for its end; meanwhile the clock may be moved by hand. */
  run(workflow: Dag | AnyFlow, options: RunOptions = {}): Promise<TestRun> {
    return this.#run(drawnWorkflow(workflow), options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo) undo();
    const stopped = this.#engine.stop(0);
    await Promise.race([stopped, this.#time.advance(LONGEST_WAIT_MS).then(() => stopped)]);
    await this.#store.close();
  }

  async #run(drawn: DrawnWorkflow, options: RunOptions): Promise<TestRun> {
    const { spec } = drawn;
    const hash = `test-${spec.id}`;
    this.#workflows.set(hash, drawn);
    const { id } = await this.#engine.command(async (e) => {
      for (const pool of new Set(spec.tasks.map((task) => task.pool))) {
        if (!(await e.tx.pools.get(pool))) {
          await putPool(e, { name: pool, slots: -1, description: '', includeDeferred: false });
        }
      }
      // Only the runs that the test asks for: the schedule is over before it begins, its intervals stay.
      const unscheduled = { ...spec, startDate: null, endDate: Number.MIN_SAFE_INTEGER, pausedUponCreation: false };
      await publish(e, {
        file: hash,
        bundleHash: hash,
        bundlePath: hash,
        workflows: [{ spec: unscheduled, canonical: canonicalSpec(unscheduled) }],
        errors: [],
      });
      const { logicalDate } = options;
      return trigger(
        e,
        { random: () => `run${this.#count++}` },
        {
          workflow: spec.id,
          conf: options.params ?? options.input ?? {},
          logicalDate: logicalDate === undefined || logicalDate === null ? logicalDate : parseDate(logicalDate),
          // The clock stands still, so that ids made of the time would be the same.
          runId: `test_${this.#count++}`,
          triggeredBy: 'test',
        },
      );
    });
    this.#engine.wake();
    await this.#untilEnd(id, spec.id);
    return readRun(this.#store, id, this.#objects);
  }

  /** Lets the run come to its end. Time passes only when no body is at work, which may wait for something real. */
  async #untilEnd(run: number, workflow: string): Promise<void> {
    const begun = this.#time.now();
    for (;;) {
      await this.#time.settle();
      const row = await this.#store.queries.run(run);
      if (!row || isRunFinished(row.state)) return;
      if (this.#executor.free() < CONCURRENCY) {
        await new Promise<void>((resolve) => void systemClock.after(1, resolve));
        continue;
      }
      const next = this.#time.next();
      if (next === null || next - begun > LONGEST_WAIT_MS) {
        throw new MillraceError('task_failed', `the run of ${workflow} does not end: nothing that it waits for comes`);
      }
      await this.#time.advance(next - this.#time.now());
    }
  }
}

/**
 * Starts a Millrace for a test. `await using t = await testRuntime()` stops it at the end of the block.
 *
 * @param options now: where its clock stands; default 2026-01-01T00:00Z.
 */
export async function testRuntime(options: { readonly now?: DateInput } = {}): Promise<TestRuntime> {
  const runtime = new TestRuntime(parseDate(options.now ?? '2026-01-01T00:00:00Z'));
  await runtime.start();
  return runtime;
}
