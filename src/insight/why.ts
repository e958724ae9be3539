import type { z } from 'zod';
import type { why as contract } from '../api/contract/why.ts';
import { MillraceError } from '../model/errors.ts';
import { isFinished, isRunFinished } from '../model/states.ts';
import type { InstanceRow } from '../store/rows.ts';
import { iso } from './iso.ts';
import { type FoundRun, type RunName, runOf } from './run-of.ts';
import type { Sources } from './sources.ts';
import { type ShownState, shownState } from './task-state.ts';
import type { VersionCache } from './version-cache.ts';
import { type Found, instanceReasons } from './why-instance.ts';
import { because, type Waiting } from './why-reason.ts';
import { runReasons } from './why-run.ts';
import { nameOf, type RunScope, scopeOf } from './why-scope.ts';

export type Why = z.infer<typeof contract>;

/** As many groups of waiting instances are looked at; the rest of them is counted. */
const LOOKED_AT = 100;

export interface WhyRequest extends RunName {
  /** Undefined: the run, and everything in it that waits. */
  readonly taskId?: string | undefined;
  readonly mapIndex?: number | undefined;
}

/**
 * Every reason why a run, or an instance of it, does not run. Nothing waits without a reason: an entry without one runs,
 * or is a run that starts within a second. Throws `not_found`.
 */
export async function why(sources: Sources, versions: VersionCache, request: WhyRequest): Promise<Why> {
  const found = await runOf(sources, versions, request);
  const as_of = iso(sources.clock.now());
  if (request.taskId !== undefined) return { as_of, ...(await ofInstance(sources, found, request)) };
  return { as_of, ...(await ofRun(sources, found)) };
}

async function ofRun(sources: Sources, found: FoundRun): Promise<Omit<Why, 'as_of'>> {
  const { run } = found;
  if (isRunFinished(run.state)) return { waiting: [], total: 0 };
  const own = await runReasons(sources, found);
  const waiting: Waiting[] = [];
  if (run.state === 'queued' || own.reasons.length > 0) {
    const state = run.state === 'queued' ? 'queued' : 'running';
    waiting.push({ task_id: null, map_index: null, instances: 1, dag_run_id: run.runId, state, ...own });
  }
  // What waits for the run to start waits for nothing else.
  if (run.state === 'queued') return { waiting, total: waiting.length };
  const scope = await scopeOf(sources, found);
  const total = [...scope.states.values()]
    .flat()
    .filter(({ state }) => state !== 'running' && state !== 'restarting' && !isFinished(state))
    .reduce((sum, { instances }) => sum + instances, 0);
  const all = total + waiting.length;
  // Those of one task that wait for the same are one entry: that of the first in the line.
  for (const { first, instances } of await sources.store.readings.waiting(run.id, LOOKED_AT))
    waiting.push(entryOf(scope, first, { instances, ...(await instanceReasons(scope, first)) }));
  return { waiting, total: all };
}

function entryOf(
  scope: RunScope,
  row: InstanceRow,
  { instances, reasons, passing }: Found & { readonly instances: number },
): Waiting {
  return {
    task_id: nameOf(scope, row.task),
    map_index: row.index,
    instances,
    dag_run_id: scope.found.run.runId,
    state: shownState(row.state, row.parked !== null),
    reasons,
    passing,
  };
}

async function ofInstance(
  sources: Sources,
  found: FoundRun,
  { taskId, mapIndex = -1 }: WhyRequest,
): Promise<Omit<Why, 'as_of'>> {
  const scope = await scopeOf(sources, found);
  const task = taskNamed(scope, taskId!);
  const row = await instanceOf(scope, task, mapIndex);
  if (!row) {
    // A queued run has no instances yet, and one that was cancelled before it began has none at all.
    if (found.run.state === 'running' || scope.states.size > 0)
      throw new MillraceError('not_found', `${taskId} has no instance ${mapIndex}`);
    return one(found, { task: taskId!, index: mapIndex, state: null }, await ofWholeRun(sources, found));
  }
  const about = await instanceReasons(scope, row);
  const at = { task: taskId!, index: row.index, state: shownState(row.state, row.parked !== null) };
  if (row.state === 'running' || row.state === 'restarting') return one(found, at, about);
  if (isFinished(row.state) && found.run.state !== 'cancelled') return one(found, at, about);
  const own = await ofWholeRun(sources, found);
  // What is parked because its workflow is paused says it once.
  const said = new Set(own.reasons.map(({ kind }) => kind));
  const reasons = [...own.reasons, ...about.reasons.filter(({ kind }) => !said.has(kind))];
  return one(found, at, { reasons, passing: [...own.passing, ...about.passing] });
}

async function ofWholeRun(sources: Sources, found: FoundRun): Promise<Found> {
  const { run } = found;
  if (!isRunFinished(run.state)) return runReasons(sources, found);
  const cause = run.reason === null || run.reason === run.state ? '' : ` (${run.reason})`;
  return { reasons: [because('run_ended', `The run has ended: ${run.state}${cause}.`)], passing: [] };
}

interface Place {
  readonly task: string;
  readonly index: number;
  readonly state: ShownState;
}

function one({ run }: FoundRun, { task, index, state }: Place, found: Found): Omit<Why, 'as_of'> {
  const entry = { task_id: task, map_index: index, instances: 1, dag_run_id: run.runId, state, ...found };
  return { waiting: [entry], total: 1 };
}

/** Of a flow the call of this name: each has its number in the run. */
function taskNamed({ found: { workflow, version }, calls }: RunScope, taskId: string): number {
  const declared = version.spec.tasks.findIndex(({ id }) => id === taskId);
  if (declared >= 0) return declared;
  for (const [task, name] of calls) if (name === taskId) return task;
  throw new MillraceError('not_found', `${workflow.name} has no task '${taskId}'`);
}

/** The instance that is meant. Without an index, of a mapped task, the first that waits. */
async function instanceOf(scope: RunScope, task: number, mapIndex: number): Promise<InstanceRow | undefined> {
  const { sources, found } = scope;
  const { readings } = sources.store;
  const of = { run: found.run.id, task };
  const exact = await readings.instance({ ...of, index: mapIndex });
  if (exact) return exact;
  if (mapIndex >= 0) {
    // An index of a task that is not expanded yet waits for what the task waits for.
    const spec = found.version.spec.tasks[task];
    const canBeMapped = spec !== undefined && (spec.mapping !== null || spec.group !== null);
    return (canBeMapped && (await readings.instance({ ...of, index: -1 }))) || undefined;
  }
  const waits = (await readings.waiting(of.run, LOOKED_AT)).find(({ first }) => first.task === task);
  return waits?.first ?? (await readings.instancesOf({ ...of, limit: 1, offset: 0 })).instances[0];
}
