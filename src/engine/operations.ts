import type { Clock } from '../model/clock.ts';
import { MillraceError } from '../model/errors.ts';
import { paramsOfRun } from '../model/params.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import type { ImportErrorRow, PoolRow, RunRow, WorkflowRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { runIdOf } from '../timetable/run-id.ts';
import { Catalog } from './catalog.ts';
import type { Ids } from './ids.ts';
import { limitKeys } from './limits.ts';
import { createRun, planNext, startRuns } from './planner.ts';
import { EngineTransaction } from './transaction.ts';

/**
 * What people, and the loader, may do to the system. Each is one transaction's body, and is the same whether a server's
 * engine runs it or a command of the CLI does, in its own process, on the same store.
 */

/** Runs an operation on a store outside of a running engine; a server on the same store notices what it did. */
export function operate<T>(store: Store, clock: Clock, body: (e: EngineTransaction) => Promise<T>): Promise<T> {
  return store.transaction(async (tx) => {
    const e = new EngineTransaction(tx, new Catalog(), clock.now());
    const result = await body(e);
    await e.finish();
    return result;
  });
}

/** What a pipeline file defines, as the loader found it. */
export interface Publication {
  readonly file: string;
  readonly bundleHash: string;
  readonly bundlePath: string;
  readonly workflows: readonly { readonly spec: WorkflowSpec; readonly canonical: string }[];
  readonly errors: readonly Omit<ImportErrorRow, 'file' | 'at'>[];
}

/**
 * Records a file's workflows: new versions where something changed, next runs where the schedule may have. A file with
 * an error keeps the workflows that it had, so that a slip of the pen does not take a pipeline away. What a file no longer
 * defines is neither planned nor started, and its runs wait until a file defines it again.
 */
export async function publish(e: EngineTransaction, publication: Publication): Promise<readonly WorkflowRow[]> {
  const { file, bundleHash, bundlePath, workflows, errors } = publication;
  await e.tx.importErrors.replace(
    file,
    errors.map((error) => ({ ...error, file, at: e.at })),
  );
  const published: WorkflowRow[] = [];
  for (const { spec, canonical } of workflows) {
    const made = await e.tx.workflows.publish({
      name: spec.id,
      file,
      spec,
      canonical,
      bundleHash,
      bundlePath,
      at: e.at,
    });
    published.push(made.workflow);
    if (!made.changed) continue;
    const version = e.catalog.keep(made.version);
    await planNext(e, made.workflow, version);
    // What waited for the file to be there again.
    if (!made.workflow.paused) await letGo(e, limitKeys.paused(made.workflow.id), Number.MAX_SAFE_INTEGER);
    e.ledger.event('workflow.published', {
      workflowId: made.workflow.id,
      data: JSON.stringify({ version: made.workflow.versionNumber }),
    });
  }
  if (errors.length === 0) {
    await e.tx.workflows.retire(
      file,
      workflows.map(({ spec }) => spec.id),
    );
  }
  return published;
}

export interface Trigger {
  readonly workflow: string;
  readonly conf: Readonly<Record<string, unknown>>;
  /** Undefined: now. Null: a run without a logical date. */
  readonly logicalDate?: number | null | undefined;
  /** Of its data; undefined: the timetable's for its logical date. */
  readonly interval?: { readonly start: number; readonly end: number } | undefined;
  /** When it was due; not in the future. */
  readonly runAfter?: number | undefined;
  readonly runId?: string | undefined;
  readonly note?: string | undefined;
  readonly triggeredBy: string;
}

/**
 * A manual run. Its data interval is the timetable's for its logical date. Throws `not_found` for an unknown workflow,
 * `invalid_params` for a conf that does not fit, `conflict` when there is a run of this id or logical date.
 */
export async function trigger(e: EngineTransaction, ids: Ids, request: Trigger): Promise<RunRow> {
  const workflow = await findWorkflow(e, request.workflow);
  const version = await e.catalog.version(e.tx, workflow.versionId);
  const params = paramsOfRun(version.graph.spec, request.conf);
  const logicalDate = request.logicalDate === undefined ? await freeInstant(e, workflow) : request.logicalDate;
  const runAfter = Math.min(request.runAfter ?? logicalDate ?? e.at, e.at);
  const random = ids.random();
  const run = await createRun(e, workflow, version, {
    type: 'manual',
    runId: request.runId ?? null,
    logicalDate,
    interval: logicalDate === null ? null : (request.interval ?? version.graph.timetable.manualInterval(logicalDate)),
    runAfter,
    params,
    conf: JSON.stringify(request.conf),
    triggeredBy: request.triggeredBy,
    note: request.note ?? null,
    random,
  });
  const runId = request.runId ?? runIdOf({ type: 'manual', runAfter, random });
  if (!run) throw await alreadyThere(e, workflow, logicalDate, runId);
  await startRuns(e, workflow);
  return run;
}

/**
 * A trigger for Engine.command(), which runs its body again when nobody knows whether the commit was done: however
 * often that is, the request makes one run.
 */
export function triggerOnce(ids: Ids, request: Trigger): (e: EngineTransaction) => Promise<RunRow> {
  let made: RunRow | null = null;
  return async (e) => {
    const there = made && (await e.tx.runs.byRunId(made.workflowId, made.runId));
    const same = there && there.queuedAt === made?.queuedAt && there.triggeredBy === made.triggeredBy;
    if (same && there.note === made?.note) return there;
    made = await trigger(e, ids, request);
    return made;
  };
}

/** Pauses or unpauses; says whether that changed anything. What runs goes on; nothing else of it starts meanwhile. */
export async function pause(e: EngineTransaction, name: string): Promise<boolean> {
  const workflow = await findWorkflow(e, name);
  const changed = await e.tx.workflows.setPaused(workflow.id, true);
  if (changed) e.ledger.event('workflow.paused', { workflowId: workflow.id });
  return changed;
}

export async function unpause(e: EngineTransaction, name: string): Promise<boolean> {
  const workflow = await findWorkflow(e, name);
  const changed = await e.tx.workflows.setPaused(workflow.id, false);
  if (!changed) return false;
  const unpaused = { ...workflow, paused: false };
  await planNext(e, unpaused, await e.catalog.version(e.tx, workflow.versionId));
  e.ledger.event('workflow.unpaused', { workflowId: workflow.id });
  await startRuns(e, unpaused);
  await letGo(e, limitKeys.paused(workflow.id), Number.MAX_SAFE_INTEGER);
  return true;
}

/** Cancels a run: what has not finished fails with reason `cancelled`, what runs is stopped. */
export async function cancelRun(e: EngineTransaction, run: RunRow): Promise<boolean> {
  const [locked] = await e.lockRuns([run.id]);
  if (!locked || (locked.state !== 'queued' && locked.state !== 'running')) return false;
  await e.endRun(locked, { state: 'cancelled', to: 'failed', reason: 'cancelled' });
  return true;
}

/** Makes a pool or changes it. What waited for room that there is now may go. */
export async function putPool(e: EngineTransaction, pool: PoolRow): Promise<void> {
  await e.tx.pools.put(pool);
  const key = limitKeys.pool(pool.name);
  await e.tx.limits.lock();
  const [use] = await e.tx.limits.read([key]);
  const slots = pool.slots < 0 ? Number.MAX_SAFE_INTEGER : pool.slots;
  await letGo(e, key, slots - (use?.used ?? 0));
}

export async function findWorkflow(e: EngineTransaction, name: string): Promise<WorkflowRow> {
  const workflow = await e.tx.workflows.byName(name);
  if (workflow) return workflow;
  throw new MillraceError('not_found', `there is no workflow '${name}'`, {
    fix: "See 'millrace dags list'; a file that does not load is listed by 'millrace check'.",
  });
}

async function letGo(e: EngineTransaction, key: string, slots: number): Promise<void> {
  if (slots <= 0) return;
  await e.tx.limits.lock();
  const free = await e.tx.instances.unpark(key, slots);
  if (free === 0) return;
  e.ledger.limit(key, { parked: -free });
  e.ledger.event('limit.freed', { data: JSON.stringify({ limit: key, instances: free }) });
}

/** Now, or the latest instant before it of which there is no run yet: two triggers in one millisecond are two runs. */
async function freeInstant(e: EngineTransaction, workflow: WorkflowRow): Promise<number> {
  let instant = e.at;
  while (await e.tx.runs.byLogicalDate(workflow.id, instant)) instant -= 1;
  return instant;
}

async function alreadyThere(
  e: EngineTransaction,
  workflow: WorkflowRow,
  logicalDate: number | null,
  runId: string,
): Promise<MillraceError> {
  const same = logicalDate === null ? null : await e.tx.runs.byLogicalDate(workflow.id, logicalDate);
  const what = same
    ? `a run of logical date ${new Date(logicalDate!).toISOString()}: ${same.runId} (${same.state})`
    : `a run '${runId}'`;
  return new MillraceError('conflict', `${workflow.name} already has ${what}`, {
    fix: 'Choose another logical date or run id, or clear the run that is there to run it again.',
  });
}
