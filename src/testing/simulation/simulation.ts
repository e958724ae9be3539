import type { WorkflowSpec } from '../../model/spec.ts';
import { isRunFinished } from '../../model/states.ts';
import type { RunRestriction } from '../../timetable/timetable.ts';
import { timetableFor } from '../../timetable/timetable-for.ts';
import { checkSlots } from './backfill-check.ts';
import { drawFlow } from './flow-workload.ts';
import { History } from './history.ts';
import { plan } from './nemesis.ts';
import { People, type Published } from './people.ts';
import { drawProfile } from './profile.ts';
import { Random } from './random.ts';
import { SimulatedServer } from './simulated-server.ts';
import type { Totals } from './totals.ts';
import { Violation } from './violation.ts';
import { drawPipeline } from './workload.ts';
import { EPOCH, newWorld, type Sabotage, type World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Default: with. */
  readonly faults?: 'with' | 'without';
  readonly sabotage?: Sabotage;
}

export interface SimulationResult {
  readonly seed: number;
  readonly violation: Violation | null;
  /** The same for the same seed. */
  readonly digest: string;
  /** What happened last, oldest first. */
  readonly history: readonly string[];
  readonly totals: Totals;
}

/** Once faults are over, something has to come to its end at least this often until everything has. */
const CALM_MS = 10 * 60_000;
/** A due timer is acted upon within this time, once faults are over: a server may still stand still, or be starting. */
const TIMER_BOUND_MS = 100_000;
const ENTRIES = 400;

/** Runs one seed: a cluster with work, people and faults; then calm, in which all work has to come to its end. */
export async function simulate({ seed, faults = 'with', sabotage }: SimulationOptions): Promise<SimulationResult> {
  const random = new Random(seed);
  const profile = drawProfile(random, faults === 'with');
  const world = newWorld(profile, seed, sabotage ?? null);
  await world.open();
  const window = { from: EPOCH - random.int(0, 4) * 60_000, to: EPOCH + profile.activeMs + 60_000 };
  const pipelines = Array.from({ length: profile.workflows }, (_, at) =>
    drawPipeline(random, profile, `w${at}`, window),
  );
  const flows = Array.from({ length: random.pick([0, 1, 1, 2]) }, (_, at) => drawFlow(random, `f${at}`, window));
  const flowByName = new Map(flows.map((flow) => [flow.spec.id, flow]));
  const byName = new Map(pipelines.map((pipeline) => [pipeline.spec.id, pipeline]));
  const scriptOf = (order: { run: number; task: number }) => {
    const spec = world.mirror.spec(world.mirror.runs.get(order.run)!);
    return byName.get(spec.id)!.scripts[order.task]!;
  };
  const flowOf = (order: { run: number }) =>
    flowByName.get(world.mirror.spec(world.mirror.runs.get(order.run)!).id)!.drawn;
  const servers = Array.from(
    { length: profile.servers },
    (_, at) => new SimulatedServer(world, `server-${'ab'[at]}`, { scripts: scriptOf, flows: flowOf }),
  );
  const people = new People(world, servers, [...pipelines, ...flows]);
  await people.prepare();
  for (const server of servers) server.start();
  plan(world, servers, people);

  const over = () => world.violation !== null;
  try {
    await world.scheduler.run(profile.activeMs, over);
    if (!over()) await settle(world, servers, people, [...pipelines, ...flows]);
  } catch (error) {
    world.report(error);
  }
  if (!over()) guarded(world, () => checkHistory(world));
  world.close();
  const { totals } = world;
  totals.seeds = 1;
  totals.steps = world.scheduler.steps;
  totals.runs = world.mirror.runs.size;
  totals.backfillRuns = world.mirror.everOfBackfill.size;
  for (const { kind } of world.mirror.events) {
    if (kind === 'instance.up_for_retry') totals.retries += 1;
    if (kind === 'task.expanded') totals.expansions += 1;
    if (kind === 'server.reaped') totals.takeovers += 1;
    if (kind === 'backfill.completed') totals.backfills += 1;
  }
  return { seed, violation: world.violation, digest: world.trace.digest, history: world.trace.last(ENTRIES), totals };
}

async function settle(
  world: World,
  servers: readonly SimulatedServer[],
  people: People,
  pipelines: readonly Published[],
): Promise<void> {
  const { scheduler } = world;
  world.note('world', 'calm');
  world.calm = true;
  world.away = false;
  const over = () => world.violation !== null;
  let moved = scheduler.now;
  let ends = 0;
  const due = new Map<number, number>();
  let looked = scheduler.now;
  let settled = scheduler.now - 15_000;
  const done = () => {
    if (over()) return true;
    // What is read here must not be half of a transaction.
    if (scheduler.now - looked < 1000 || world.database.connection.inTransaction) return false;
    looked = scheduler.now;
    guarded(world, () => checkTimers(world, due));
    if (world.totals.ends > ends || world.mirror.awaitsRetry(world.now)) moved = scheduler.now;
    ends = world.totals.ends;
    // Again and again: what people had asked for before may only be done now.
    if (scheduler.now - settled > 20_000) {
      settled = scheduler.now;
      people.settle();
    }
    const up = servers.every(({ engine }) => engine !== null);
    return up && settled < scheduler.now - 2000 && pending(world, pipelines).length === 0;
  };
  let finished = false;
  for (let limit = 0; !finished && limit < moved + CALM_MS; ) {
    limit = moved + CALM_MS;
    finished = await scheduler.run(limit, done);
  }
  if (over()) return;
  guarded(world, () => {
    if (!finished)
      throw new Violation('progress', `nothing has moved for ${CALM_MS} ms: ${pending(world, pipelines).join('; ')}`);
  });
  // What no longer has a row to hold it must not be held by workers either.
  const held = () => servers.flatMap((server) => server.held);
  await scheduler.run(scheduler.now + 30_000, () => over() || held().length === 0);
  guarded(world, () => {
    if (held().length > 0) throw new Violation('workers let go', `bodies of ${held().join(', ')} still run`);
    for (const { spec } of pipelines) checkSchedule(world, spec);
    checkSlots(world.mirror);
  });
}

function checkHistory({ mirror }: World): void {
  const history = new History(
    (run) => mirror.spec(mirror.runs.get(run)!),
    (run) => mirror.everOfBackfill.has(run),
  );
  for (const event of mirror.events) history.read(event);
}

function guarded(world: World, check: () => void): void {
  try {
    check();
  } catch (error) {
    world.report(error);
  }
}

/** @param seen by timer, when it was first seen to be due: the wall clock may have jumped over it. */
function checkTimers({ mirror, now, scheduler }: World, seen: Map<number, number>): void {
  for (const { id, kind, run_id } of mirror.dueTimers(now)) {
    const since = seen.get(id);
    if (since === undefined) seen.set(id, scheduler.now);
    else if (scheduler.now - since > TIMER_BOUND_MS && !kind.startsWith('mail')) {
      throw new Violation('timers', `a ${kind} timer of run ${run_id} is due for ${scheduler.now - since} ms`);
    }
  }
}

/** What is still to be done, as text. */
function pending(world: World, pipelines: readonly Published[]): string[] {
  const { mirror } = world;
  const left: string[] = [];
  for (const run of mirror.runs.values()) {
    if (isRunFinished(run.state)) continue;
    const rows = [...mirror.instances(run.id).values()].filter(
      ({ endedAt, state }) => endedAt === null || state === 'none',
    );
    const shown = rows.slice(0, 5).map(({ task, index, state, parked }) => `${task}.${index} ${state} ${parked ?? ''}`);
    left.push(`run ${run.id} is ${run.state} [${shown.join(', ')}]`);
  }
  for (const { id } of mirror.openBackfills()) left.push(`backfill ${id} is open`);
  if (mirror.countTimers() > 0) left.push(`${mirror.countTimers()} timers`);
  for (const { spec } of pipelines) {
    const { planned, slot } = schedule(world, spec);
    if (planned !== null) left.push(`${spec.id} is to run at ${planned}`);
    else if (slot !== null) left.push(`${spec.id} is not planned, its next slot is ${slot}`);
  }
  return left;
}

/** What is planned of a workflow, and which slot of its schedule comes after its last run. */
function schedule(world: World, spec: WorkflowSpec): { readonly planned: number | null; readonly slot: number | null } {
  const row = world.database
    .prepare('SELECT next_due, last_start, last_end FROM workflow WHERE name = ?')
    .get(spec.id)!;
  const last = row.last_start === null ? null : { start: row.last_start as number, end: row.last_end as number };
  const timetable = timetableFor(spec.schedule);
  const next = timetable.canBeScheduled ? timetable.nextRun(last, boundsOf(world, spec)) : null;
  return { planned: row.next_due as number | null, slot: next?.logicalDate ?? null };
}

function boundsOf(world: World, spec: WorkflowSpec): RunRestriction {
  return { earliest: spec.startDate, latest: spec.endDate, catchup: spec.catchup, now: world.now };
}

/** With catch-up each slot of a schedule has its run. */
function checkSchedule(world: World, spec: WorkflowSpec): void {
  const timetable = timetableFor(spec.schedule);
  if (!spec.catchup || !timetable.periodic) return;
  const runs = [...world.mirror.runs.values()].filter((run) => world.mirror.spec(run).id === spec.id);
  const dates = new Set(runs.map(({ logicalDate }) => logicalDate));
  const bounds = boundsOf(world, spec);
  for (let slot = timetable.nextRun(null, bounds); slot; slot = timetable.nextRun(slot.interval, bounds)) {
    if (!dates.has(slot.logicalDate)) throw new Violation('schedules', `${spec.id} has no run of ${slot.logicalDate}`);
  }
}
