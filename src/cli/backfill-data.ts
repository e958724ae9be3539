import { MillraceError } from '../model/errors.ts';
import type { RunState } from '../model/states.ts';
import type { BackfillRow, SlotRow } from '../store/rows.ts';
import { wholeNumber } from './arguments.ts';
import { workflowNamed } from './names.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { iso } from './times.ts';

export type Slot = SlotRow & { readonly runId: string | null; readonly state: RunState | null };

export type BackfillStatus = 'running' | 'paused' | 'cancelled' | 'completed';

export function statusOf({ paused, cancelledAt, completedAt }: BackfillRow): BackfillStatus {
  if (cancelledAt !== null) return 'cancelled';
  if (completedAt !== null) return 'completed';
  return paused ? 'paused' : 'running';
}

/** A backfill as JSON, with how many of its slots are where. */
export function backfillData(backfill: BackfillRow, workflow: string, slots: readonly Slot[]) {
  return {
    id: backfill.id,
    workflow,
    status: statusOf(backfill),
    from: iso(backfill.from),
    to: iso(backfill.to),
    reverse: backfill.reverse,
    reprocess: backfill.reprocess,
    maxActiveRuns: backfill.maxActiveRuns,
    conf: backfill.conf === null ? null : (JSON.parse(backfill.conf) as unknown),
    createdAt: iso(backfill.createdAt),
    completedAt: iso(backfill.completedAt),
    triggeredBy: backfill.triggeredBy,
    slots: slots.length,
    progress: countsOf(slots),
  };
}

/** By state of its run, or by what was done where there is none. */
export function countsOf(slots: readonly Slot[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const slot of slots) {
    const where = whereIs(slot);
    counts[where] = (counts[where] ?? 0) + 1;
  }
  return counts;
}

export function whereIs({ outcome, state }: Slot): string {
  return (outcome === 'created' || outcome === 'cleared' ? state : null) ?? outcome;
}

export function progressText(terminal: Terminal, slots: readonly Slot[]): string {
  const counts = Object.entries(countsOf(slots));
  return counts.map(([state, count]) => `${count} ${terminal.state(state)}`).join(', ');
}

/** A backfill by its number, or the latest one of a DAG. Throws `not_found`. */
export async function backfillNamed(
  session: Session,
  name: string,
): Promise<{ readonly backfill: BackfillRow; readonly workflow: string }> {
  const { queries } = await session.store();
  if (/^\d+$/.test(name)) {
    const backfill = await queries.backfill(wholeNumber('<backfill>', name, { least: 1 })!);
    const workflow = (await queries.workflows()).find(({ id }) => id === backfill?.workflowId);
    if (backfill && workflow) return { backfill, workflow: workflow.name };
    throw new MillraceError('not_found', `there is no backfill ${name}`, { fix: 'See: millrace backfill list' });
  }
  const workflow = await workflowNamed(session, name);
  const [backfill] = await queries.backfills({ workflowId: workflow.id, limit: 1 });
  if (backfill) return { backfill, workflow: workflow.name };
  throw new MillraceError('not_found', `${name} has no backfill`, {
    fix: `Make one: millrace backfill create ${name} --from … --to …`,
  });
}
