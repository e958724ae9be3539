import { MillraceError } from '../model/errors.ts';
import type { RunType } from '../model/states.ts';
import type { RunOfBackfill, RunRow, WorkflowRow } from '../store/rows.ts';
import { ALLOWED_RUN_ID, runIdOf } from '../timetable/run-id.ts';
import type { DataInterval, RunDates } from '../timetable/timetable.ts';
import type { Version } from './catalog.ts';
import type { Ids } from './ids.ts';
import { limitKeys } from './limits.ts';
import type { EngineTransaction } from './transaction.ts';

/** A run to be made. */
export interface Plan {
  readonly type: RunType;
  /** Null: derived from type and date, as Airflow does. */
  readonly runId: string | null;
  readonly logicalDate: number | null;
  readonly interval: DataInterval | null;
  readonly runAfter: number;
  /** Encoded params by name: defaults with the conf laid over them. */
  readonly params: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly conf: string;
  readonly triggeredBy: string;
  readonly note: string | null;
  readonly random: string;
  readonly backfill?: RunOfBackfill | undefined;
}

/**
 * Inserts a run, queued. Null when the workflow already has one of this run id or logical date: whoever comes second
 * finds it made, and that is all that two servers need to know of each other's schedules.
 */
export async function createRun(
  e: EngineTransaction,
  workflow: WorkflowRow,
  version: Version,
  plan: Plan,
): Promise<RunRow | null> {
  const runId = plan.runId ?? runIdOf({ type: plan.type, runAfter: plan.runAfter, random: plan.random });
  if (!ALLOWED_RUN_ID.test(runId)) {
    throw new MillraceError('invalid_id', `'${runId}' cannot be the id of a run`, {
      fix: 'Use letters, digits and the characters _ . ~ : + - only.',
    });
  }
  const run = await e.tx.runs.insert({
    workflowId: workflow.id,
    versionId: version.row.id,
    runId,
    type: plan.type,
    logicalDate: plan.logicalDate,
    intervalStart: plan.interval?.start ?? null,
    intervalEnd: plan.interval?.end ?? null,
    runAfter: plan.runAfter,
    conf: plan.conf,
    params: JSON.stringify(plan.params),
    queuedAt: e.at,
    triggeredBy: plan.triggeredBy,
    note: plan.note,
    ...(plan.backfill ? { backfill: plan.backfill } : {}),
  });
  if (!run) return null;
  const { deadline } = version.graph.spec;
  if (deadline !== null) {
    e.ledger.timer({ due: e.at + deadline, kind: 'deadline', run: run.id, task: null, index: null, attempt: null });
  }
  e.ledger.event('run.queued', { run: run.id, workflowId: workflow.id, data: JSON.stringify({ type: plan.type }) });
  return run;
}

/**
 * Works out when the workflow runs next and writes it down. Nothing is planned while as many runs are unfinished as may
 * be active: the end of a run asks again, and without catch-up what was missed meanwhile is then passed over.
 */
export async function planNext(e: EngineTransaction, workflow: WorkflowRow, version: Version): Promise<void> {
  const next = await nextSlot(e, workflow, version);
  if (next) noteMissed(e, workflow, version, next);
  await e.tx.workflows.setNext(
    workflow.id,
    next && {
      logicalDate: next.logicalDate,
      intervalStart: next.interval.start,
      intervalEnd: next.interval.end,
      runAfter: next.runAfter,
    },
  );
}

/** Plans a workflow for which nothing is planned. Where there still is nothing to plan, nothing is written. */
export async function planUnplanned(e: EngineTransaction, workflow: WorkflowRow, version: Version): Promise<void> {
  if (workflow.next === null && (await nextSlot(e, workflow, version))) await planNext(e, workflow, version);
}

async function nextSlot(e: EngineTransaction, workflow: WorkflowRow, version: Version): Promise<RunDates | null> {
  const { spec, timetable } = version.graph;
  const full = (await e.tx.runs.unfinished(workflow.id)) >= mostRuns(version);
  return full || !timetable.canBeScheduled
    ? null
    : timetable.nextRun(workflow.lastAutomated, {
        earliest: spec.startDate,
        latest: spec.endDate,
        catchup: spec.catchup,
        now: e.at,
      });
}

/** Makes the run that is due, and plans the one after it. */
async function createScheduledRun(
  e: EngineTransaction,
  workflow: WorkflowRow,
  version: Version,
  random: string,
): Promise<void> {
  const { next } = workflow;
  if (!next) return;
  const interval = { start: next.intervalStart, end: next.intervalEnd };
  const run = await createRun(e, workflow, version, {
    type: 'scheduled',
    runId: null,
    logicalDate: next.logicalDate,
    interval,
    runAfter: next.runAfter,
    params: version.graph.spec.params.defaults,
    conf: '{}',
    triggeredBy: 'timetable',
    note: null,
    random,
  });
  if (!run) {
    const about = JSON.stringify({ logicalDate: next.logicalDate, reason: 'a run of this logical date exists' });
    e.ledger.event('schedule.skipped', { workflowId: workflow.id, data: about });
  }
  await e.tx.workflows.setLastAutomated(workflow.id, interval);
  await planNext(e, { ...workflow, next: null, lastAutomated: interval }, version);
}

/**
 * Makes the runs of these workflows that are still due, plans those after them, and starts what may start. Says whether
 * more of their runs may start than it started.
 */
export async function makeDueRuns(e: EngineTransaction, due: readonly WorkflowRow[], ids: Ids): Promise<boolean> {
  const made: WorkflowRow[] = [];
  for (const { id } of due) {
    const workflow = await e.tx.workflows.byId(id);
    if (!workflow?.next || workflow.next.runAfter > e.at || workflow.paused) continue;
    const version = await e.catalog.version(e.tx, workflow.versionId);
    await createScheduledRun(e, workflow, version, ids.random());
    made.push(workflow);
  }
  return startRunsOf(e, made, made.length === 1 ? MOST_STARTS : MOST_STARTS_OF_EACH);
}

/** A workflow that cannot be planned: nothing of it is planned until its file is read again. */
export async function setAside(e: EngineTransaction, { id, name }: WorkflowRow, error: unknown): Promise<void> {
  await e.tx.workflows.setNext(id, null);
  const message = error instanceof Error ? error.message : String(error);
  e.ledger.event('schedule.failed', { workflowId: id, data: JSON.stringify({ workflow: name, error: message }) });
}

/** Starts queued runs of a workflow while as many are active as may be. */
export async function startRuns(e: EngineTransaction, workflow: WorkflowRow): Promise<void> {
  await startRunsOf(e, [workflow], MOST_STARTS);
}

/** The same for several workflows, `most` runs of each. Says whether any may have more that could start. */
async function startRunsOf(e: EngineTransaction, workflows: readonly WorkflowRow[], most: number): Promise<boolean> {
  const lines: Waiting[] = [];
  for (const { id, versionId, paused, present } of workflows) {
    if (paused || !present) continue;
    const version = await e.catalog.version(e.tx, versionId);
    const runs = await e.tx.runs.startable(id, e.at, most);
    lines.push({ runs, key: limitKeys.activeRuns({ workflowId: id, backfillId: null }), most: mostRuns(version) });
  }
  await startWithin(e, lines);
  return lines.some(({ runs }) => runs.length === most);
}

/** Queued runs, in the order in which they start while their limit has room. */
interface Waiting {
  readonly runs: readonly number[];
  readonly key: string;
  readonly most: number;
}

/** Starts runs. Returns how many. All are locked before the limits are, whichever limit they wait for. */
export async function startWithin(e: EngineTransaction, lines: readonly Waiting[]): Promise<number> {
  const ids = lines.flatMap(({ runs }) => runs);
  if (ids.length === 0) return 0;
  const locked = new Map((await e.lockRuns(ids)).map((run) => [run.id, run]));
  // From here on nobody else starts runs: what is read of the limits stays true.
  await e.tx.limits.lock();
  const used = new Map((await e.tx.limits.read(lines.map(({ key }) => key))).map((row) => [row.key, row.used]));
  let all = 0;
  for (const { runs, key, most } of lines) {
    const room = most - (used.get(key) ?? 0);
    let started = 0;
    for (const id of runs) {
      if (started >= room) break;
      const run = locked.get(id);
      // By now it may be started, ended, or another's.
      if (run?.state === 'queued' && limitKeys.activeRuns(run) === key && (await e.startRun(run))) started += 1;
    }
    all += started;
  }
  return all;
}

/** Runs started in one transaction: more follow in the next. */
export const MOST_STARTS = 32;
/** The same, of each where there are several workflows. */
const MOST_STARTS_OF_EACH = 2;

export function mostRuns({ graph }: Version): number {
  return Math.min(graph.spec.maxActiveRuns, graph.timetable.activeRunsLimit ?? Number.POSITIVE_INFINITY);
}

/** Without catch-up, slots between the latest run and the next one are passed over: a row says so, once. */
function noteMissed(
  e: EngineTransaction,
  { id, next: planned, lastAutomated }: WorkflowRow,
  { graph }: Version,
  next: { readonly logicalDate: number; readonly runAfter: number },
): void {
  if (graph.spec.catchup || !lastAutomated || !graph.timetable.periodic) return;
  // What was planned and has not come due is not missed, but planned anew.
  const expected =
    planned ??
    graph.timetable.nextRun(lastAutomated, { earliest: null, latest: graph.spec.endDate, catchup: true, now: e.at });
  if (!expected || expected.runAfter > e.at || expected.runAfter >= next.runAfter) return;
  e.ledger.event('schedule.missed', {
    workflowId: id,
    data: JSON.stringify({ from: expected.logicalDate, before: next.logicalDate, reason: 'catch-up is off' }),
  });
}
