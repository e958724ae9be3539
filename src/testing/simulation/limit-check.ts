import type { InstanceRow } from '../../store/rows.ts';
import type { Change, Mirror } from './mirror.ts';
import { Topology } from './topology.ts';
import { demand } from './violation.ts';

interface Need {
  readonly key: string;
  readonly slots: number;
}

/** What is held and what waits, counted from the instances. */
interface Books {
  readonly used: Map<string, number>;
  readonly parked: Map<string, InstanceRow[]>;
  /** Queued, not parked: they may be claimed at any moment. */
  readonly free: InstanceRow[];
}

/** Limits: books equal a recount of their holders, none is exceeded, and what waits has a reason to. */
export function checkLimits(change: Change, mirror: Mirror): void {
  const books = recount(mirror);
  const keys = new Set([...books.used.keys(), ...books.parked.keys(), ...mirror.limits.keys()]);
  for (const key of keys) {
    const row = mirror.limits.get(key) ?? { used: 0, parked: 0 };
    const used = books.used.get(key) ?? 0;
    const parked = books.parked.get(key)?.length ?? 0;
    demand(
      row.used === used && row.parked === parked,
      'limit counters',
      () => `${key} says ${row.used} used and ${row.parked} parked, a recount gives ${used} and ${parked}`,
    );
    const size = sizeOf(mirror, key);
    if (size === null || used <= size) continue;
    // A pool may have been made smaller than what holds it: then it must not grow.
    const before = change.limitsBefore.get(key)?.used ?? used;
    demand(used <= before, 'limits', () => `${used} of ${size} slots of ${key} are used, before it were ${before}`);
  }
  for (const [key, waiting] of books.parked) checkParked(mirror, books, key, waiting);
}

/** The best one that waits for a limit does not fit into what is left beside what may be claimed before it. */
function checkParked(mirror: Mirror, books: Books, key: string, waiting: readonly InstanceRow[]): void {
  const paused = /^paused:(\d+)$/.exec(key);
  if (paused) {
    const isPaused = mirror.workflows.get(Number(paused[1]))?.paused ?? false;
    demand(isPaused, 'parking', () => `${waiting.length} instances wait for ${key}, which is not paused`);
    return;
  }
  const size = sizeOf(mirror, key);
  const head = [...waiting].sort(inClaimOrder)[0]!;
  const slots = slotsOf(mirror, head, key);
  let taken = books.used.get(key) ?? 0;
  for (const row of books.free) if (inClaimOrder(row, head) < 0) taken += slotsOf(mirror, row, key);
  demand(
    size !== null && taken + slots > size,
    'parking',
    () =>
      `instance ${head.run}.${head.task}.${head.index} waits for ${key}: it needs ${slots}, ${taken} of ${size} are taken or spoken for`,
  );
}

function recount(mirror: Mirror): Books {
  const books: Books = { used: new Map(), parked: new Map(), free: [] };
  for (const run of mirror.runs.values()) {
    if (run.state !== 'running') continue;
    add(books.used, run.backfillId === null ? `runs:${run.workflowId}` : `backfill:${run.backfillId}`, 1);
    for (const row of mirror.instances(run.id).values()) {
      if (row.state === 'running' || row.state === 'restarting') {
        for (const { key, slots } of needs(mirror, row)) add(books.used, key, slots);
      }
      if (row.parked !== null) {
        demand(
          row.state === 'queued',
          'parking',
          () => `instance ${row.run}.${row.task}.${row.index} is ${row.state} and parked under ${row.parked}`,
        );
        const list = books.parked.get(row.parked);
        if (list) list.push(row);
        else books.parked.set(row.parked, [row]);
      } else if (row.state === 'queued') books.free.push(row);
    }
  }
  return books;
}

function needs(mirror: Mirror, row: InstanceRow): Need[] {
  const run = mirror.runs.get(row.run)!;
  const spec = mirror.spec(run);
  const { id, maxActivePerDag, maxActivePerRun } = Topology.of(spec).task(row.task);
  const list: Need[] = [{ key: `pool:${row.pool}`, slots: row.slots }];
  if (spec.maxActiveTasks !== null) list.push({ key: `run:${row.run}`, slots: 1 });
  if (maxActivePerDag !== null) list.push({ key: `task:${run.workflowId}:${id}`, slots: 1 });
  if (maxActivePerRun !== null) list.push({ key: `task-in-run:${row.run}:${row.task}`, slots: 1 });
  return list;
}

function slotsOf(mirror: Mirror, row: InstanceRow, key: string): number {
  return needs(mirror, row).find((need) => need.key === key)?.slots ?? 0;
}

/** Null: no limit that is known here. */
function sizeOf(mirror: Mirror, key: string): number | null {
  const [kind, ...rest] = key.split(':');
  const first = rest[0] ?? '';
  switch (kind) {
    case 'pool': {
      const slots = mirror.pools.get(rest.join(':')) ?? 0;
      return slots < 0 ? null : slots;
    }
    case 'runs': {
      const workflow = mirror.workflows.get(Number(first));
      return workflow ? mirror.version(workflow.versionId).maxActiveRuns : null;
    }
    case 'backfill':
      return mirror.backfill(Number(first)).limit;
    case 'run':
      return mirror.spec(mirror.runs.get(Number(first))!).maxActiveTasks;
    case 'task': {
      const workflow = mirror.workflows.get(Number(first));
      if (!workflow) return null;
      const id = rest.slice(1).join(':');
      return mirror.version(workflow.versionId).tasks.find((task) => task.id === id)?.maxActivePerDag ?? null;
    }
    case 'task-in-run':
      return mirror.spec(mirror.runs.get(Number(first))!).tasks[Number(rest[1])]?.maxActivePerRun ?? null;
    default:
      return null;
  }
}

/** Higher priority first, then the earlier date, then the key. */
function inClaimOrder(a: InstanceRow, b: InstanceRow): number {
  return b.priority - a.priority || a.orderAt - b.orderAt || a.run - b.run || a.task - b.task || a.index - b.index;
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
