import type { z } from 'zod';
import type { why as contract } from '../api/contract/why.ts';
import { MillraceError } from '../model/errors.ts';
import type { InstanceRow } from '../store/rows.ts';
import { iso } from './iso.ts';
import { type FoundRun, type RunName, runOf } from './run-of.ts';
import type { Sources } from './sources.ts';
import { shownState } from './task-state.ts';
import type { VersionCache } from './version-cache.ts';
import { InstanceReasons } from './why-instance.ts';
import { because, type Waiting } from './why-reason.ts';
import { isOver, runReasons } from './why-run.ts';

export type Why = z.infer<typeof contract>;

/** As many waiting instances are looked at; the rest of them is counted. */
const LOOKED_AT = 300;

export interface WhyRequest extends RunName {
  /** Undefined: the run, and everything in it that waits. */
  readonly taskId?: string | undefined;
  readonly mapIndex?: number | undefined;
}

/** Every reason why a run, or an instance of it, does not run; none where it starts within a second. */
export async function why(sources: Sources, versions: VersionCache, request: WhyRequest): Promise<Why> {
  const found = await runOf(sources, versions, request);
  const now = iso(sources.clock.now());
  return request.taskId === undefined
    ? { as_of: now, ...(await ofRun(sources, found)) }
    : { as_of: now, ...(await ofInstance(sources, found, request)) };
}

async function ofRun(sources: Sources, found: FoundRun): Promise<Omit<Why, 'as_of'>> {
  if (isOver(found.run)) return { waiting: [], total: 0 };
  const own = await runReasons(sources, found);
  const waiting: Waiting[] = [];
  if (found.run.state === 'queued' || own.reasons.length > 0) {
    waiting.push({
      task_id: null,
      map_index: null,
      instances: 1,
      dag_run_id: found.run.runId,
      state: found.run.state === 'queued' ? 'queued' : 'running',
      ...own,
    });
  }
  // What waits for the run to start waits for nothing else.
  if (found.run.state === 'queued' || found.workflow.kind === 'flow') return { waiting, total: waiting.length };
  const rows = await sources.store.readings.waitingInstances(found.run.id, LOOKED_AT);
  const grouped = await together(sources, found, rows);
  const states = await sources.store.readings.taskStates([found.run.id]);
  const total = states
    .filter(
      ({ state }) =>
        state !== 'running' &&
        state !== 'restarting' &&
        !['success', 'failed', 'skipped', 'upstream_failed', 'removed'].includes(state),
    )
    .reduce((sum, { instances }) => sum + instances, 0);
  return { waiting: [...waiting, ...grouped], total: total + waiting.length };
}

/** Instances of one task that wait for the same things are one entry: that of the first in the line. */
async function together(sources: Sources, found: FoundRun, rows: readonly InstanceRow[]): Promise<Waiting[]> {
  const reasons = new InstanceReasons(sources, found, await factsOf(sources, found));
  const groups = Map.groupBy(rows, ({ task, state, parked }) => `${task} ${state} ${parked}`);
  const all: Waiting[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    all.push(entryOf(found, first!, group.length, await reasons.of(first!)));
  }
  return all;
}

async function factsOf({ store }: Sources, { run }: FoundRun) {
  const [states, timers] = await Promise.all([store.readings.taskStates([run.id]), store.readings.timersOf(run.id)]);
  return { states: Map.groupBy(states, ({ task }) => task), timers };
}

function entryOf(
  { run, version }: FoundRun,
  row: InstanceRow,
  instances: number,
  found: Pick<Waiting, 'reasons' | 'passing'>,
): Waiting {
  return {
    task_id: version.spec.tasks[row.task]?.id ?? null,
    map_index: row.index,
    instances,
    dag_run_id: run.runId,
    state: shownState(row.state, row.parked !== null),
    ...found,
  };
}

async function ofInstance(
  sources: Sources,
  found: FoundRun,
  { dagId, taskId, mapIndex = -1 }: WhyRequest,
): Promise<Omit<Why, 'as_of'>> {
  const task = found.version.spec.tasks.findIndex(({ id }) => id === taskId);
  if (task < 0) throw new MillraceError('not_found', `${dagId} has no task ${taskId}`);
  const { readings } = sources.store;
  const plain = (await readings.plainInstances(found.run.id)).find((row) => row.task === task);
  // An index of a task that is not expanded yet waits for what the task waits for; without one the first that waits is meant.
  const row = plain ?? (await mappedInstance(sources, found, task, mapIndex));
  if (!row) throw new MillraceError('not_found', `${taskId} has no instance ${mapIndex}`);
  const own = isOver(found.run)
    ? { reasons: [because('run_ended', `The run has ended: ${found.run.state}.`)], passing: [] }
    : await runReasons(sources, found);
  const reasons = new InstanceReasons(sources, found, await factsOf(sources, found));
  const about = await reasons.of(row);
  const isParkedByRun = about.reasons.some(({ kind }) => kind === 'paused' || kind === 'not_loaded');
  const merged = {
    reasons: [
      ...(isParkedByRun ? [] : own.reasons),
      ...about.reasons.filter(({ kind }) => !(kind === 'finished' && isOver(found.run)) || own.reasons.length === 0),
    ],
    passing: [...own.passing, ...about.passing],
  };
  return { waiting: [entryOf(found, row, 1, merged)], total: 1 };
}

async function mappedInstance(
  { store }: Sources,
  { run }: FoundRun,
  task: number,
  mapIndex: number,
): Promise<InstanceRow | undefined> {
  if (mapIndex < 0) return (await store.readings.instancesOf({ run: run.id, task, limit: 1, offset: 0 })).instances[0];
  const { total } = await store.readings.instancesOf({ run: run.id, task, limit: 1, offset: 0 });
  const { instances } = await store.readings.instancesOf({ run: run.id, task, limit: total, offset: 0 });
  return instances.find(({ index }) => index === mapIndex);
}
