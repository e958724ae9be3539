import type { TaskState } from '../../model/states.ts';
import type { InstanceRow, RunRow } from '../../store/rows.ts';
import type { Change, Mirror } from './mirror.ts';
import { byTask, Topology } from './topology.ts';
import { demand } from './violation.ts';

const DONE: ReadonlySet<TaskState> = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'removed']);

/** Counters in rows equal a recount from the instances. */
export function checkCounters(change: Change, mirror: Mirror): void {
  for (const id of change.runs) {
    const run = mirror.runs.get(id)!;
    const rows = [...mirror.instances(id).values()];
    checkRun(run, rows, mirror);
    if (run.state === 'running') checkUpstream(run, rows, Topology.of(mirror.spec(run)));
  }
}

function checkRun(run: RunRow, rows: readonly InstanceRow[], mirror: Mirror): void {
  const topology = Topology.of(mirror.spec(run));
  const unfinished = rows.filter(({ state }) => !DONE.has(state)).length;
  const waiting = rows.filter(({ state }) => state === 'none').length;
  const bad = rows.filter(
    ({ task, state }) => (state === 'failed' || state === 'upstream_failed') && topology.isDecisive(task),
  ).length;
  // What is still being expanded is not stuck.
  const counted = { unfinished, active: unfinished - waiting + mirror.expansions(run.id), bad };
  const { counters } = run;
  const same =
    counters.unfinished === counted.unfinished && counters.active === counted.active && counters.bad === counted.bad;
  demand(
    same,
    'run counters',
    () => `run ${run.id} has ${JSON.stringify(counters)}, a recount gives ${JSON.stringify(counted)}`,
  );
}

function checkUpstream(run: RunRow, rows: readonly InstanceRow[], topology: Topology): void {
  const grouped = byTask(rows);
  for (const { task, index, state, counters } of rows) {
    if (state !== 'none') continue;
    const tally = topology.tally(grouped, task, index);
    const said = [
      counters.expected,
      counters.success,
      counters.failed,
      counters.skipped,
      counters.upstreamFailed,
      counters.successSetup,
      counters.skippedSetup,
      counters.scope.expected,
      counters.scope.success,
      counters.scope.failed,
      counters.scope.skipped,
    ];
    const counted = [
      tally.total,
      tally.success,
      tally.failed,
      tally.skipped,
      tally.upstreamFailed,
      tally.setupSuccess,
      tally.setupSkipped,
      tally.scopeTotal,
      tally.scopeSuccess,
      tally.scopeFailed,
      tally.scopeSkipped,
    ];
    demand(
      said.every((count, at) => count === counted[at]),
      'upstream counters',
      () => `instance ${run.id}.${task}.${index} has [${said}], a recount gives [${counted}]`,
    );
  }
}
