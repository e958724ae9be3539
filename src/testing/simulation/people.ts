import { cancelBackfill, createBackfill, pauseBackfill, unpauseBackfill } from '../../engine/backfills.ts';
import { clear } from '../../engine/clearing.ts';
import { markInstances, markRun } from '../../engine/marking.ts';
import { cancelRun, operate, pause, publish, putPool, triggerOnce, unpause } from '../../engine/operations.ts';
import { resume } from '../../engine/resuming.ts';
import type { EngineTransaction } from '../../engine/transaction.ts';
import { MillraceError } from '../../model/errors.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { isRunFinished } from '../../model/states.ts';
import { REPROCESS_BEHAVIORS, type RunRow } from '../../store/rows.ts';
import { Process } from './scheduler.ts';
import { SimulatedClock } from './simulated-clock.ts';
import type { SimulatedServer } from './simulated-server.ts';
import { SimulatedStore } from './simulated-store.ts';
import { POOLS } from './workload.ts';
import type { World } from './world.ts';

/** A workflow that people see. */
export interface Published {
  readonly spec: WorkflowSpec;
}

/** People and their commands: some go through a server, some have a process of their own on the same store. */
export class People {
  readonly #world: World;
  readonly #servers: readonly SimulatedServer[];
  readonly #pipelines: readonly Published[];
  #requests = 0;

  constructor(world: World, servers: readonly SimulatedServer[], pipelines: readonly Published[]) {
    this.#world = world;
    this.#servers = servers;
    this.#pipelines = pipelines;
  }

  /** Makes the pools and publishes the workflows, before any server starts. */
  async prepare(): Promise<void> {
    const { store, scheduler, nature, wall, random } = this.#world;
    const clock = new SimulatedClock(scheduler, nature, wall);
    for (const name of POOLS) {
      const slots = random.int(1, 3);
      await operate(store, clock, (e) => putPool(e, { name, slots, description: '', includeDeferred: false }));
    }
    await operate(store, clock, async (e) => {
      const workflows = this.#pipelines.map(({ spec }) => ({ spec, canonical: JSON.stringify(spec) }));
      await publish(e, { file: 'simulated.ts', bundleHash: 'bundle', bundlePath: '', workflows, errors: [] });
    });
    this.#world.committed('people');
  }

  act(): void {
    const { random } = this.#world;
    const { spec } = random.pick(this.#pipelines);
    const act = random.int(0, 17);
    if (act <= 4) this.#trigger(spec.id);
    else if (act === 5) this.#do(`pause ${spec.id}`, (e) => pause(e, spec.id));
    else if (act <= 7) this.#do(`unpause ${spec.id}`, (e) => unpause(e, spec.id));
    else if (act === 8) this.#cancel();
    else if (act === 9) this.#clear();
    else if (act === 10) this.#resume();
    else if (act === 11) this.#mark();
    else if (act <= 13) this.#backfill(spec);
    else if (act === 14) this.#changeBackfill();
    else this.#resize(random.pick(POOLS), random.pick([0, 1, 2, 4, -1]));
  }

  /** What keeps work from being done by somebody's will is taken back. */
  settle(): void {
    for (const { spec } of this.#pipelines) this.#do(`unpause ${spec.id}`, (e) => unpause(e, spec.id));
    for (const name of POOLS) this.#resize(name, 2);
    for (const { id, paused } of this.#world.mirror.openBackfills()) {
      if (paused) this.#do(`unpause backfill ${id}`, (e) => unpauseBackfill(e, id));
    }
  }

  #trigger(workflow: string): void {
    const { random, ids } = this.#world;
    const note = `request ${++this.#requests}`;
    const kind = random.int(0, 3);
    const logicalDate = kind === 0 ? null : kind === 1 ? this.#world.now - random.int(0, 200_000) : undefined;
    const runId = random.chance(0.3) ? `by-hand-${this.#requests}` : undefined;
    const request = { workflow, conf: {}, logicalDate, runId, note, triggeredBy: 'cli' };
    this.#do(`trigger ${workflow} (${note})`, triggerOnce(ids, request), 'once');
  }

  #cancel(): void {
    const run = this.#someRun((row) => !isRunFinished(row.state));
    if (!run) return;
    this.#world.witness.cancelled.add(run.id);
    this.#world.totals.cancelled += 1;
    this.#do(`cancel run ${run.id}`, (e) => cancelRun(e, run));
  }

  #clear(): void {
    const { random, witness, totals } = this.#world;
    const run = this.#someRun((row) => row.startedAt !== null);
    if (!run) return;
    witness.cleared.add(run.id);
    totals.cleared += 1;
    const spec = this.#world.mirror.spec(run);
    const task = random.chance(0.5) ? random.pick(spec.tasks).id : null;
    const scope = random.chance(0.8) ? 'with downstream' : 'only these';
    this.#do(`clear run ${run.id} ${task ?? 'all'} ${scope}`, (e) =>
      clear(e, run, { scope, ...(task === null ? {} : { select: (_: unknown, id: string) => id === task }) }),
    );
  }

  /** What ended without success goes on. */
  #resume(): void {
    const { witness, totals } = this.#world;
    const run = this.#someRun(({ state }) => state === 'failed' || state === 'cancelled');
    if (!run) return;
    witness.cleared.add(run.id);
    totals.resumed += 1;
    this.#do(`resume run ${run.id}`, (e) => resume(e, run));
  }

  #mark(): void {
    const { random, witness, totals, mirror } = this.#world;
    const run = this.#someRun((row) => row.startedAt !== null);
    if (!run) return;
    witness.cleared.add(run.id);
    witness.marked.add(run.id);
    totals.marked += 1;
    const to = random.pick(['success', 'failed'] as const);
    if (random.chance(0.3)) {
      this.#do(`mark run ${run.id} ${to}`, (e) => markRun(e, run, to));
      return;
    }
    const { id } = random.pick(mirror.spec(run).tasks);
    const around = { upstream: random.chance(0.2), downstream: random.chance(0.2) };
    this.#do(`mark ${id} of run ${run.id} ${to}`, (e) =>
      markInstances(e, run, { to, select: (_, task) => task === id, ...around }),
    );
  }

  #backfill({ id: workflow, startDate }: WorkflowSpec): void {
    const { random, now } = this.#world;
    const from = (startDate ?? now) - random.int(0, 3) * 60_000;
    const request = {
      workflow,
      from,
      to: Math.min(now, from + random.int(0, 12) * 60_000),
      reverse: random.chance(0.3),
      reprocess: random.pick(REPROCESS_BEHAVIORS),
      maxActiveRuns: random.int(1, 3),
      triggeredBy: 'cli',
    };
    this.#do(`backfill ${workflow} ${request.reprocess}`, (e) => createBackfill(e, request), 'once');
    if (!random.chance(0.7)) return;
    const { scheduler, nature } = this.#world;
    scheduler.after(nature, random.int(100, 10_000), 'people', () => {
      if (!this.#world.calm) this.#changeBackfill();
    });
  }

  #changeBackfill(): void {
    const { random, mirror } = this.#world;
    const open = mirror.openBackfills();
    if (open.length === 0) return;
    const { id } = random.pick(open);
    const [what, change] = random.pick([
      ['pause', pauseBackfill],
      ['pause', pauseBackfill],
      ['unpause', unpauseBackfill],
      ['cancel', cancelBackfill],
    ] as const);
    this.#do(`${what} backfill ${id}`, (e) => change(e, id));
  }

  #resize(name: string, slots: number): void {
    this.#do(`pool ${name} ${slots}`, (e) => putPool(e, { name, slots, description: '', includeDeferred: false }));
  }

  #someRun(fits: (run: RunRow) => boolean): RunRow | null {
    const runs = [...this.#world.mirror.runs.values()].filter(fits);
    return runs.length === 0 ? null : this.#world.random.pick(runs);
  }

  #do(
    what: string,
    body: (e: EngineTransaction) => Promise<unknown>,
    patience: 'once' | 'until done' = 'until done',
  ): void {
    const { random, scheduler, wall } = this.#world;
    const up = this.#servers.flatMap(({ engine }) => (engine ? [engine] : []));
    const expected = (error: unknown) => {
      this.#world.note('people', `${what}: ${error instanceof Error ? error.message : 'done'}`);
      const code = MillraceError.is(error) ? error.code : null;
      // What is asked too late, or of a workflow that cannot have it, is refused: that is no fault.
      const isRefused = code === 'conflict' || (code === 'invalid_argument' && what.startsWith('backfill'));
      if (!isRefused && code !== 'store_unavailable') this.#world.report(error);
      // A person whose command failed for now tries it again, unless it may have been done.
      if (code === 'store_unavailable' && patience === 'until done')
        scheduler.after(this.#world.nature, 1000, `again: ${what}`, () => this.#do(what, body));
    };
    this.#world.note('people', what);
    if (up.length > 0 && random.chance(0.6)) {
      const engine = random.pick(up);
      engine.command(body).then(() => engine.wake(), expected);
      return;
    }
    const process = new Process('cli');
    const store = new SimulatedStore(this.#world, process, () => process.die());
    operate(store, new SimulatedClock(scheduler, process, wall), body).catch(expected);
  }
}
