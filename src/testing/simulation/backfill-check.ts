import type { Change, Mirror } from './mirror.ts';
import { demand } from './violation.ts';
import type { Witness } from './witness.ts';

/** Backfills: no more of their runs at once than they allow, none begun after they were cancelled or while they rest. */
export function checkBackfills(change: Change, mirror: Mirror): void {
  const started = change.runMoves.filter(({ to }) => to === 'running');
  const touched = new Set<number>();
  for (const { run } of started) {
    const { backfillId } = mirror.runs.get(run)!;
    if (backfillId === null) continue;
    touched.add(backfillId);
    const backfill = mirror.backfill(backfillId);
    demand(
      backfill.cancelledAt === null && !backfill.paused,
      'backfills',
      () => `run ${run} began, its backfill ${backfillId} is ${backfill.paused ? 'paused' : 'cancelled'}`,
    );
  }
  for (const id of touched) {
    const running = [...mirror.runs.values()].filter(
      ({ backfillId, state }) => backfillId === id && state === 'running',
    );
    const { limit } = mirror.backfill(id);
    demand(
      running.length <= limit,
      'backfills',
      () => `${running.length} runs of backfill ${id} run at once, of ${limit}`,
    );
  }
}

/** A backfill runs finished runs again: that is somebody's wish, as clearing them is. */
export function checkReruns(change: Change, mirror: Mirror, witness: Witness): void {
  for (const { run, from, to } of change.runMoves) {
    if (to === 'queued' && from !== null && mirror.runs.get(run)!.backfillId !== null) witness.cleared.add(run);
  }
}

/** When all is over: each date of a backfill has been decided about, and what it made is there. */
export function checkSlots(mirror: Mirror): void {
  for (const { backfill, ordinal, outcome, run } of mirror.slots()) {
    demand(
      outcome !== 'pending' || mirror.backfill(backfill).cancelledAt !== null,
      'backfills',
      () => `slot ${ordinal} of backfill ${backfill} is still pending`,
    );
    if (outcome === 'created' || outcome === 'cleared') {
      demand(
        run !== null && mirror.runs.has(run),
        'backfills',
        () => `slot ${ordinal} of backfill ${backfill} was ${outcome} and has no run`,
      );
    }
  }
}
