import { type ErrorCode, MillraceError } from '../model/errors.ts';
import { paramsOfRun } from '../model/params.ts';
import type { RunState } from '../model/states.ts';
import type { BackfillRow, NewSlot, WorkflowRow } from '../store/rows.ts';
import {
  type BackfillWindow,
  MOST_SLOTS,
  planSlot,
  type Refusal,
  refusalOf,
  type SlotPlan,
  slotsOf,
} from './backfill-plan.ts';
import type { Version } from './catalog.ts';
import { findWorkflow } from './operations.ts';
import type { EngineTransaction } from './transaction.ts';

/**
 * What people may do about backfills. Making one writes down its slots and nothing else: what becomes of each is decided,
 * and done, step by step afterwards (backfill-steps.ts), so that a long one holds up nobody and outlives any server.
 */

export interface BackfillRequest extends BackfillWindow {
  readonly workflow: string;
  /** Runs of it at once; default 10. The workflow's own limit does not count. */
  readonly maxActiveRuns?: number | undefined;
  /** Params of its runs. Default: the workflow's for new runs, their own for those that are there. */
  readonly conf?: Readonly<Record<string, unknown>> | undefined;
  readonly triggeredBy: string;
}

const DEFAULT_ACTIVE_RUNS = 10;

/** What would become of a slot, and the run that is there now. */
export interface PreviewedSlot extends NewSlot {
  readonly plan: SlotPlan;
  readonly runId: string | null;
  readonly state: RunState | null;
}

/**
 * What a backfill would do; changes nothing. No slots are an empty list, and another backfill does not matter (Airflow's
 * dry run). Throws `not_found` and `invalid_argument`.
 */
export async function previewBackfill(
  e: EngineTransaction,
  request: Pick<BackfillRequest, keyof BackfillWindow | 'workflow'>,
): Promise<readonly PreviewedSlot[]> {
  const workflow = await findWorkflow(e, request.workflow);
  const version = await e.catalog.version(e.tx, workflow.versionId);
  const slots = checkedSlots(request, { workflow, version, at: e.at, another: null });
  if (slots.length === 0) return [];
  const dates = slots.map(({ logicalDate }) => logicalDate).sort((a, b) => a - b);
  const runs = await e.tx.runs.between(workflow.id, dates[0]!, dates.at(-1)!);
  const there = new Map(runs.map((run) => [run.logicalDate, run]));
  return slots.map((slot) => {
    const run = there.get(slot.logicalDate);
    const state = run?.state ?? null;
    return { ...slot, plan: planSlot(state, request.reprocess), runId: run?.runId ?? null, state };
  });
}

/**
 * Makes a backfill, on the workflow's latest version. Throws `not_found` for an unknown workflow, `conflict` while it has
 * another one that is not completed, `invalid_params` for a conf that does not fit, and `invalid_argument` for a schedule
 * without regular dates, for a window that is upside down, in the future or without dates, and, where tasks depend on
 * the past, for going backwards or for leaving finished runs alone.
 */
export async function createBackfill(e: EngineTransaction, request: BackfillRequest): Promise<BackfillRow> {
  const workflow = await findWorkflow(e, request.workflow);
  const version = await e.catalog.version(e.tx, workflow.versionId);
  const [another = null] = await e.tx.backfills.open(workflow.id);
  const slots = checkedSlots(request, { workflow, version, at: e.at, another });
  if (slots.length === 0) throw refused('no_slots', workflow);
  paramsOfRun(version.graph.spec, request.conf ?? {});
  const { from, to, reverse, reprocess, maxActiveRuns = DEFAULT_ACTIVE_RUNS, conf, triggeredBy } = request;
  const backfill = await e.tx.backfills.insert(
    {
      workflowId: workflow.id,
      from,
      to,
      reverse,
      reprocess,
      maxActiveRuns,
      conf: conf === undefined ? null : JSON.stringify(conf),
      createdAt: e.at,
      triggeredBy,
    },
    slots,
  );
  if (!backfill) throw refused('another', workflow);
  tell(e, backfill, 'created', { slots: slots.length });
  return backfill;
}

/** Nothing of it is made or started from now on; what runs goes on. Says whether that changed anything. */
export async function pauseBackfill(e: EngineTransaction, id: number): Promise<boolean> {
  const backfill = await findBackfill(e, id);
  const changed = await e.tx.backfills.setPaused(id, true);
  if (changed) tell(e, backfill, 'paused');
  return changed;
}

export async function unpauseBackfill(e: EngineTransaction, id: number): Promise<boolean> {
  const backfill = await findBackfill(e, id);
  const changed = await e.tx.backfills.setPaused(id, false);
  if (changed) tell(e, backfill, 'unpaused');
  return changed;
}

/**
 * Ends a backfill: runs that wait are cancelled, those that run go on (Airflow's), and the workflow can have another
 * one. Slots that were not decided yet are left alone. Says whether that changed anything.
 */
export async function cancelBackfill(e: EngineTransaction, id: number): Promise<boolean> {
  const backfill = await findBackfill(e, id);
  if (backfill.completedAt !== null || backfill.cancelledAt !== null) return false;
  await e.tx.backfills.cancel(id, e.at);
  tell(e, backfill, 'cancelled');
  return true;
}

/** Locks it. */
async function findBackfill(e: EngineTransaction, id: number): Promise<BackfillRow> {
  const backfill = await e.tx.backfills.lock(id);
  if (backfill) return backfill;
  throw new MillraceError('not_found', `there is no backfill ${id}`, { fix: 'See: millrace backfill list' });
}

/** Leaves an event about a backfill. */
export function tell(
  e: EngineTransaction,
  { id, workflowId }: Pick<BackfillRow, 'id' | 'workflowId'>,
  what: 'created' | 'paused' | 'unpaused' | 'cancelled' | 'completed' | 'failed',
  about: Readonly<Record<string, unknown>> = {},
): void {
  e.ledger.event(`backfill.${what}`, { workflowId, data: JSON.stringify({ backfill: id, ...about }) });
}

interface Subject {
  readonly workflow: WorkflowRow;
  readonly version: Version;
  readonly at: number;
  readonly another: BackfillRow | null;
}

function checkedSlots(window: BackfillWindow, { workflow, version, at, another }: Subject): readonly NewSlot[] {
  const { spec, timetable } = version.graph;
  const refusal = refusalOf(window, { spec, timetable, now: at, another: another !== null });
  if (refusal) throw refused(refusal, workflow, another);
  const slots = slotsOf(timetable, window, at);
  if (!slots) throw refused('too_many_slots', workflow);
  return slots;
}

function refused(refusal: Refusal, { name }: WorkflowRow, another: BackfillRow | null = null): MillraceError {
  const [code, message, fix] = WORDS[refusal];
  const which = another ? ` (${another.id})` : '';
  return new MillraceError(code, `${name}: ${message}${refusal === 'another' ? which : ''}`, { fix });
}

const WORDS: Readonly<Record<Refusal, readonly [code: ErrorCode, message: string, fix: string]>> = {
  not_periodic: [
    'invalid_argument',
    'its schedule has no regular dates, so there is nothing to backfill',
    'Give the DAG a cron or interval schedule, or trigger its runs one by one with --logical-date.',
  ],
  from_after_to: ['invalid_argument', 'the first date lies after the last one', 'Exchange --from and --to.'],
  another: [
    'conflict',
    'there is a backfill already that is not completed',
    'Wait for it, or cancel it: millrace backfill cancel.',
  ],
  reverse_with_past: [
    'invalid_argument',
    'a task depends on its previous run, so the dates cannot be taken backwards',
    'Leave out --reverse.',
  ],
  reprocess_with_past: [
    'invalid_argument',
    'a task depends on its previous run, so finished runs must be run again',
    'Give --reprocess failed or --reprocess completed.',
  ],
  in_the_future: ['invalid_argument', 'the dates are in the future', 'Choose dates that have passed.'],
  too_many_slots: [
    'invalid_argument',
    `the schedule has more than ${MOST_SLOTS} dates in this window`,
    'Take several smaller windows, one after the other.',
  ],
  no_slots: [
    'invalid_argument',
    'the schedule has no date in this window whose interval has ended',
    'See the dates: millrace backfill preview.',
  ],
};
