import { isRunFinished } from '../../model/states.ts';
import { timetableFor } from '../../timetable/timetable-for.ts';
import { checkHistory } from './history.ts';
import { plan } from './nemesis.ts';
import { People } from './people.ts';
import { drawProfile } from './profile.ts';
import { Random } from './random.ts';
import { SimulatedServer } from './simulated-server.ts';
import type { Totals } from './totals.ts';
import { Violation } from './violation.ts';
import { drawPipeline, type Pipeline } from './workload.ts';
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

/** Virtual time within which everything that can be done has to be done once faults are over. */
const CALM_MS = 30 * 60_000;
/** A due timer is acted upon within this time, once faults are over. */
const TIMER_BOUND_MS = 40_000;
const ENTRIES = Number(process.env.ENTRIES ?? 400);

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
  const byName = new Map(pipelines.map((pipeline) => [pipeline.spec.id, pipeline]));
  const scriptOf = (order: { run: number; task: number }) => {
    const spec = world.mirror.spec(world.mirror.runs.get(order.run)!);
    return byName.get(spec.id)!.scripts[order.task]!;
  };
  const servers = Array.from(
    { length: profile.servers },
    (_, at) => new SimulatedServer(world, `server-${'ab'[at]}`, scriptOf),
  );
  const people = new People(world, servers, pipelines);
  await people.prepare();
  for (const server of servers) server.start();
  plan(world, servers, people);

  const over = () => world.violation !== null;
  await world.scheduler.run(profile.activeMs, over);
  if (!over()) await settle(world, servers, people, pipelines);
  if (!over()) guarded(world, () => checkHistory(world.mirror));
  await world.close();
  const { totals } = world;
  totals.seeds = 1;
  totals.steps = world.scheduler.steps;
  totals.runs = world.mirror.runs.size;
  for (const { kind } of world.mirror.events) {
    if (kind === 'instance.up_for_retry') totals.retries += 1;
    if (kind === 'task.expanded') totals.expansions += 1;
    if (kind === 'server.reaped') totals.takeovers += 1;
  }
  return { seed, violation: world.violation, digest: world.trace.digest, history: world.trace.last(ENTRIES), totals };
}

async function settle(
  world: World,
  servers: readonly SimulatedServer[],
  people: People,
  pipelines: readonly Pipeline[],
): Promise<void> {
  const { scheduler } = world;
  world.note('world', 'calm');
  world.calm = true;
  world.away = false;
  const over = () => world.violation !== null;
  // Servers that are down or stand still come back, and what people asked for is done.
  const started = scheduler.now + 2 * world.profile.leaseMs + 30_000;
  await scheduler.run(started, over);
  people.settle();
  const until = scheduler.now + CALM_MS;
  let looked = scheduler.now;
  const done = () => {
    if (over()) return true;
    if (scheduler.now - looked < 1000) return false;
    looked = scheduler.now;
    guarded(world, () => checkTimers(world));
    return pending(world, pipelines).length === 0;
  };
  const finished = await scheduler.run(until, done);
  if (over()) return;
  guarded(world, () => {
    if (!finished)
      throw new Violation('progress', `after ${CALM_MS} ms of calm: ${pending(world, pipelines).join('; ')}`);
  });
  // What no longer has a row to hold it must not be held by workers either.
  await scheduler.run(scheduler.now + 30_000, over);
  const held = servers.flatMap((server) => server.held);
  guarded(world, () => {
    if (held.length > 0) throw new Violation('workers let go', `bodies of ${held.join(', ')} still run`);
    checkPlans(world, pipelines);
  });
}

function guarded(world: World, check: () => void): void {
  try {
    check();
  } catch (error) {
    world.report(error);
  }
}

function checkTimers(world: World): void {
  const [late] = world.mirror.dueTimers(world.now - TIMER_BOUND_MS);
  if (late && !late.kind.startsWith('mail')) {
    throw new Violation('timers', `a ${late.kind} timer of run ${late.run_id} is ${world.now - late.due} ms late`);
  }
}

/** What is still to be done, as text. */
function pending(world: World, pipelines: readonly Pipeline[]): string[] {
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
  if (mirror.countTimers() > 0) left.push(`${mirror.countTimers()} timers`);
  for (const { spec } of pipelines) {
    const workflow = [...mirror.workflows.values()].find(({ versionId }) => mirror.version(versionId).id === spec.id);
    if (workflow && workflow.nextDue !== null) left.push(`${spec.id} is to run at ${workflow.nextDue}`);
  }
  return left;
}

/** No slot of a schedule was forgotten: nothing is left to be planned, and with catch-up each slot has its run. */
function checkPlans(world: World, pipelines: readonly Pipeline[]): void {
  for (const { spec } of pipelines) {
    const row = world.database.prepare('SELECT id, last_start, last_end FROM workflow WHERE name = ?').get(spec.id)!;
    const last = row.last_start === null ? null : { start: row.last_start as number, end: row.last_end as number };
    const timetable = timetableFor(spec.schedule);
    if (!timetable.canBeScheduled) continue;
    const bounds = { earliest: spec.startDate, latest: spec.endDate, catchup: spec.catchup, now: world.now };
    const next = timetable.nextRun(last, bounds);
    if (next) throw new Violation('schedules', `${spec.id} is not planned, its next slot is ${next.logicalDate}`);
    if (!spec.catchup || spec.schedule.kind === 'once') continue;
    const dates = new Set(
      [...world.mirror.runs.values()].filter((run) => run.workflowId === row.id).map((run) => run.logicalDate),
    );
    for (let slot = timetable.nextRun(null, bounds); slot; slot = timetable.nextRun(slot.interval, bounds)) {
      if (!dates.has(slot.logicalDate))
        throw new Violation('schedules', `${spec.id} has no run of ${slot.logicalDate}`);
    }
  }
}
