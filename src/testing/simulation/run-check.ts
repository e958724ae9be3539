import { isFinished, isRunFinished } from '../../model/states.ts';
import type { RunRow } from '../../store/rows.ts';
import type { Change, Mirror } from './mirror.ts';
import { Topology } from './topology.ts';
import { demand } from './violation.ts';
import type { Witness } from './witness.ts';

/** Runs: they end when and as they should, one per logical date, and not more at once than may be. */
export function checkRuns(change: Change, mirror: Mirror, witness: Witness): void {
  for (const { run: id, from, to } of change.runMoves) {
    const run = mirror.runs.get(id)!;
    if (from === null) checkUnique(run, mirror);
    if (isRunFinished(to)) checkEnd(run, mirror, witness);
  }
  for (const id of change.runs) {
    const run = mirror.runs.get(id)!;
    if (!isRunFinished(run.state) || run.reason === 'deadlock') continue;
    const left = [...mirror.instances(id).values()].filter(({ state }) => !isFinished(state));
    demand(
      left.length === 0,
      'run ends',
      () =>
        `run ${id} is ${run.state} (${run.reason}) and ${left.length} instances are not: ${left[0]?.task}.${left[0]?.index}`,
    );
  }
}

function checkUnique(run: RunRow, mirror: Mirror): void {
  for (const other of mirror.runs.values()) {
    if (other.id === run.id || other.workflowId !== run.workflowId) continue;
    demand(other.runId !== run.runId, 'unique runs', () => `runs ${other.id} and ${run.id} have the id ${run.runId}`);
    demand(
      run.logicalDate === null || other.logicalDate !== run.logicalDate,
      'unique runs',
      () => `runs ${other.id} and ${run.id} have the logical date ${run.logicalDate}`,
    );
    demand(
      run.note === null || other.note !== run.note,
      'unique runs',
      () => `runs ${other.id} and ${run.id} were made by one request (${run.note})`,
    );
  }
}

function checkEnd(run: RunRow, mirror: Mirror, witness: Witness): void {
  const topology = Topology.of(mirror.spec(run));
  const rows = [...mirror.instances(run.id).values()];
  const about = () => `run ${run.id} ended ${run.state} (${run.reason})`;
  switch (run.reason) {
    case null: {
      const failed = rows.some(
        ({ task, state }) => (state === 'failed' || state === 'upstream_failed') && topology.isDecisive(task),
      );
      const expected = failed ? 'failed' : 'success';
      demand(run.state === expected, 'run ends', () => `${about()}, by its instances it is ${expected}`);
      return;
    }
    case 'deadlock': {
      const stuck = rows.length > 0 && rows.every(({ state }) => isFinished(state) || state === 'none');
      demand(run.state === 'failed' && stuck, 'run ends', about);
      demand(
        rows.some(({ state }) => state === 'none'),
        'run ends',
        about,
      );
      return;
    }
    case 'run_timeout': {
      const { runTimeout } = topology.spec;
      demand(run.state === 'failed' && runTimeout !== null, 'run ends', about);
      if (witness.clockJumped) return;
      const lasted = (run.endedAt ?? 0) - (run.startedAt ?? 0);
      demand(lasted >= (runTimeout ?? 0), 'run ends', () => `${about()} after ${lasted} of ${runTimeout} ms`);
      return;
    }
    case 'cancelled': {
      const asked =
        witness.cancelled.has(run.id) ||
        (run.backfillId !== null && mirror.backfill(run.backfillId).cancelledAt !== null);
      demand(run.state === 'cancelled' && asked, 'run ends', about);
      return;
    }
    case 'marked':
      demand(witness.marked.has(run.id), 'run ends', about);
      return;
    default:
      demand(false, 'run ends', about);
  }
}
