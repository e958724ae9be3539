import { MillraceError } from '../model/errors.ts';
import { paramsOfRun } from '../model/params.ts';
import type { BackfillRow, RunRow, SlotOutcome, SlotRow, WorkflowRow } from '../store/rows.ts';
import { planSlot } from './backfill-plan.ts';
import { tell } from './backfills.ts';
import type { Version } from './catalog.ts';
import { reset } from './clearing.ts';
import { limitKeys } from './limits.ts';
import { createRun, MOST_STARTS, startWithin } from './planner.ts';
import type { EngineTransaction } from './transaction.ts';

/** Slots decided about, or runs cancelled, in one transaction. */
const CHUNK = 50;

/**
 * Takes a backfill one step further, in a transaction of its own: starts runs of it, or decides about some of its slots,
 * or ends it. Says whether there may be more to do at once. Whoever does a step holds the backfill's row, so that any
 * number of servers may try; a step that was cut off is as if it had never begun.
 */
export async function advanceBackfill(e: EngineTransaction, id: number): Promise<boolean> {
  const backfill = await e.tx.backfills.lock(id);
  if (!backfill || backfill.completedAt !== null) return false;
  const workflow = await e.tx.workflows.byId(backfill.workflowId);
  if (!workflow) return false;
  if (backfill.cancelledAt !== null) return windDown(e, backfill);
  if (backfill.paused) return false;
  if (!workflow.paused && (await startSome(e, backfill)) > 0) return true;
  const slots = await e.tx.backfills.pending(id, CHUNK);
  if (slots.length > 0) {
    await decideSlots(e, backfill, workflow, slots);
    return true;
  }
  if (!(await e.tx.backfills.isRunning(backfill))) await complete(e, backfill);
  return false;
}

async function startSome(e: EngineTransaction, { id, maxActiveRuns: most }: BackfillRow): Promise<number> {
  const key = limitKeys.backfill(id);
  const [use] = await e.tx.limits.read([key]);
  const room = most - (use?.used ?? 0);
  if (room <= 0) return 0;
  const waiting = await e.tx.backfills.startable(id, Math.min(room, MOST_STARTS));
  return startWithin(e, [{ runs: waiting, key, most }]);
}

async function decideSlots(
  e: EngineTransaction,
  backfill: BackfillRow,
  workflow: WorkflowRow,
  slots: readonly SlotRow[],
): Promise<void> {
  const version = await e.catalog.version(e.tx, workflow.versionId);
  const dates = new Set(slots.map(({ logicalDate }) => logicalDate));
  const near = await e.tx.runs.between(workflow.id, Math.min(...dates), Math.max(...dates));
  const locked = await e.lockRuns(near.flatMap(({ id, logicalDate }) => (dates.has(logicalDate!) ? [id] : [])));
  const there = new Map(locked.map((run) => [run.logicalDate, run]));
  const settled: { ordinal: number; outcome: SlotOutcome; run: number | null }[] = [];
  for (const slot of slots) {
    const run = there.get(slot.logicalDate);
    const plan = planSlot(run?.state ?? null, backfill.reprocess);
    const { ordinal } = slot;
    if (plan === 'create') {
      const made = await make(e, { backfill, workflow, version, slot });
      // Somebody else has made one of this id meanwhile.
      settled.push({ ordinal, outcome: made ? 'created' : 'in_flight', run: made?.id ?? null });
    } else if (plan === 'clear') {
      await rerun(e, run!, { backfill, version, ordinal });
      settled.push({ ordinal, outcome: 'cleared', run: run!.id });
    } else settled.push({ ordinal, outcome: plan, run: null });
  }
  await e.tx.backfills.settle(backfill.id, settled);
}

function make(
  e: EngineTransaction,
  {
    backfill,
    workflow,
    version,
    slot,
  }: {
    readonly backfill: BackfillRow;
    readonly workflow: WorkflowRow;
    readonly version: Version;
    readonly slot: SlotRow;
  },
): Promise<RunRow | null> {
  const conf = backfill.conf ?? '{}';
  return createRun(e, workflow, version, {
    type: 'backfill',
    runId: null,
    logicalDate: slot.logicalDate,
    interval: { start: slot.intervalStart, end: slot.intervalEnd },
    runAfter: slot.runAfter,
    params: paramsOfRun(version.graph.spec, JSON.parse(conf)),
    conf,
    triggeredBy: 'backfill',
    note: null,
    random: '',
    backfill: { id: backfill.id, ordinal: slot.ordinal },
  });
}

/**
 * A finished run is to run again for the backfill: with its id and dates, on the latest version. A run whose conf does
 * not fit the latest version stays on its own.
 */
async function rerun(
  e: EngineTransaction,
  run: RunRow,
  {
    backfill,
    version,
    ordinal,
  }: { readonly backfill: BackfillRow; readonly version: Version; readonly ordinal: number },
): Promise<void> {
  const conf = backfill.conf ?? run.conf;
  const params = fitting(version, conf, backfill.conf !== null);
  if (params && run.versionId !== version.row.id) await moveTo(e, run, version);
  await e.tx.runs.adopt(run.id, {
    backfill: { id: backfill.id, ordinal },
    conf,
    params: params ? JSON.stringify(params) : run.params,
  });
  const [adopted] = await e.lockRuns([run.id]);
  await reset(e, adopted!, { scope: 'only these' });
  await e.requeueRun(adopted!);
}

/** Null: the conf, which was not given for this backfill, does not fit. */
function fitting(version: Version, conf: string, given: boolean): Record<string, string> | null {
  try {
    return paramsOfRun(version.graph.spec, JSON.parse(conf));
  } catch (error) {
    if (!given && MillraceError.is(error) && error.code === 'invalid_params') return null;
    throw error;
  }
}

/**
 * Gives a finished run another version. Where its tasks are the same it keeps its instances; else it gets new ones when
 * it starts, and attempts and logs follow the tasks that there still are by their ids.
 */
async function moveTo(e: EngineTransaction, run: RunRow, { row, graph }: Version): Promise<void> {
  const before = (await e.catalog.ofRun(e.tx, run)).graph;
  await e.tx.runs.setVersion(run.id, row.id);
  const shape = ({ tasks, groups }: typeof graph.spec) => JSON.stringify([tasks, groups]);
  if (shape(before.spec) === shape(graph.spec)) return;
  const rows = before.declared(await e.tx.instances.ofRun(run.id));
  await e.tx.outputs.clear(rows);
  await e.tx.instances.remove(rows);
  if (graph.spec.kind === 'flow') await e.tx.steps.forgetAll(run.id);
  const { unfinished, active, bad } = run.counters;
  e.ledger.count(run.id, { unfinished: -unfinished, active: -active, bad: -bad });
  const moves = before.spec.tasks.map(({ id }, from) => {
    const to = graph.spec.tasks.findIndex((task) => task.id === id);
    return { from, to: to < 0 ? null : to };
  });
  if (moves.some(({ from, to }) => from !== to)) await e.tx.runs.renumberTasks(run.id, moves);
}

/** Of a cancelled one what waits is cancelled, too; what runs is left alone. */
async function windDown(e: EngineTransaction, backfill: BackfillRow): Promise<boolean> {
  const waiting = await e.tx.backfills.startable(backfill.id, CHUNK);
  for (const run of await e.lockRuns(waiting)) {
    if (run.state === 'queued') await e.endRun(run, { state: 'cancelled', to: 'failed', reason: 'cancelled' });
  }
  if (waiting.length === CHUNK) return true;
  await complete(e, backfill);
  return false;
}

async function complete(e: EngineTransaction, backfill: BackfillRow): Promise<void> {
  await e.tx.backfills.complete(backfill.id, e.at);
  tell(e, backfill, 'completed', { cancelled: backfill.cancelledAt !== null });
  const key = limitKeys.backfill(backfill.id);
  const [use] = await e.tx.limits.read([key]);
  if (use?.used === 0) await e.tx.limits.forget([key]);
}
