import { limitKeys } from '../engine/limits.ts';
import type { TaskSpec } from '../model/spec.ts';
import type { InstanceRow, LimitRow } from '../store/rows.ts';
import { isoOrNull } from './iso.ts';
import { many } from './many.ts';
import { because, type Reason, remedyOf } from './why-reason.ts';
import type { Holder, RunScope } from './why-scope.ts';

const HOLDERS = 6;
const COUNTED = 10_000;

/** The limit that an instance is parked under: how full it is, who holds it, and who waits before it. */
export async function limitReason(scope: RunScope, row: InstanceRow, key: string): Promise<Reason> {
  const { readings } = scope.sources.store;
  const { workflow, run, version } = scope.found;
  if (key === limitKeys.paused(workflow.id)) return activeAgain(scope, row);
  const [limits, ahead] = await Promise.all([scope.limits(), readings.parkedBefore(row, COUNTED)]);
  const line: Line = {
    use: limits.find((limit) => limit.key === key),
    ahead,
    wait: ahead === 0 ? 'it is the next' : `${ahead === 1 ? '1 waits' : `${ahead} wait`} before it`,
    since: isoOrNull(row.queuedAt),
  };
  if (key.startsWith(limitKeys.pool(''))) return poolReason(scope, row, line);
  const task = version.spec.tasks[row.task]!;
  if (key === limitKeys.run(run.id)) {
    const running = await readings.runningTasks(run.id);
    const holders = running.map((each) => heldBy(scope, each.task, each.instances));
    return full(line, { what: 'task instances of this run', size: version.spec.maxActiveTasks, holders });
  }
  if (key === limitKeys.taskInRun(run.id, row.task)) {
    const running = (await readings.runningTasks(run.id)).filter((each) => each.task === row.task);
    const holders = running.map((each) => heldBy(scope, each.task, each.instances));
    return full(line, { what: `instances of ${task.id} in this run`, size: task.maxActivePerRun, holders });
  }
  const holders = (await scope.holders(row.pool))
    .filter((holder) => holder.dag_id === workflow.name && holder.task_id === task.id)
    .map((holder) => ({ ...holder, slots: Math.ceil(holder.slots / Math.max(1, row.slots)) }));
  return full(line, { what: `instances of ${task.id}`, size: task.maxActivePerDag, holders });
}

interface Line {
  readonly use: LimitRow | undefined;
  readonly ahead: number;
  readonly wait: string;
  readonly since: string | null;
}

interface Full {
  readonly what: string;
  readonly size: TaskSpec['maxActivePerRun'];
  readonly holders: readonly Holder[];
}

function full({ use, ahead, wait, since }: Line, { what, size, holders }: Full): Reason {
  const used = use?.used ?? 0;
  return because('limit', `${used} of ${size ?? used} ${what} run, ${wait}.`, {
    needs: used === 1 ? 'It starts when that one ends.' : 'It starts when one of them ends.',
    used,
    limit: size,
    ahead,
    since,
    holders: holders.slice(0, HOLDERS),
    remedies: [remedyOf('see_holders', 'See what runs')],
  });
}

/** Parked while its workflow was paused or in no file; what keeps the whole run is said with the run. */
function activeAgain({ found: { workflow } }: RunScope, row: InstanceRow): Reason {
  const since = isoOrNull(row.queuedAt);
  if (workflow.paused) return pausedReason(workflow.name, since);
  if (!workflow.present) return because('not_loaded', `No pipeline file defines ${workflow.name} now.`, { since });
  return because('queued', `${workflow.name} is active again: it goes back into the line.`, { since });
}

export function pausedReason(name: string, since: string | null): Reason {
  return because('paused', `${name} is paused.`, {
    needs: 'Nothing of it starts until it is active.',
    since,
    remedies: [remedyOf('unpause', 'Make it active', { dag_id: name, command: `npx millrace dags unpause ${name}` })],
  });
}

async function poolReason(scope: RunScope, row: InstanceRow, { use, ahead, wait, since }: Line): Promise<Reason> {
  const pool = (await scope.pools()).find(({ name }) => name === row.pool);
  const used = use?.used ?? 0;
  const known = { used, ahead, since };
  if (!pool) {
    return because('pool', `There is no pool ${row.pool}.`, {
      ...known,
      needs: 'It starts when somebody makes it.',
      remedies: [remedyOf('raise_pool', 'Make it', withSlots(row.pool, row.slots))],
    });
  }
  if (pool.slots < 0) return because('queued', `Pool ${row.pool} has no limit: it goes back into the line.`, known);
  const free = Math.max(0, pool.slots - used);
  const more = Math.max(row.slots, pool.slots + 1, Math.ceil(pool.slots * 1.25));
  const isTooWide = row.slots > pool.slots;
  return because('pool', `Pool ${row.pool} has ${free} of ${many(pool.slots, 'slot')} free, ${wait}.`, {
    ...known,
    needs: row.slots > 1 ? `It needs ${row.slots} slots${isTooWide ? ', more than the pool has' : ''}.` : null,
    limit: pool.slots,
    holders: (await scope.holders(row.pool)).slice(0, HOLDERS),
    remedies: [
      remedyOf('raise_pool', `Raise to ${more}`, withSlots(row.pool, more)),
      ...(used > 0 ? [remedyOf('see_holders', 'See what runs')] : []),
    ],
  });
}

const withSlots = (name: string, slots: number) => ({
  pool: { name, slots },
  command: `npx millrace pools set ${name} ${slots}`,
});

function heldBy({ found: { workflow, run, version } }: RunScope, task: number, slots: number): Holder {
  return {
    dag_id: workflow.name,
    dag_run_id: run.runId,
    task_id: version.spec.tasks[task]?.id ?? null,
    slots,
  };
}
