import type { ClaimCandidate, PoolRow, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { WorkflowGraph } from './graph.ts';
import type { Ledger } from './ledger.ts';
import { askTogether } from './questions.ts';

/** A limit that an instance needs room in before it may run, with the number of its slots. */
export interface Need {
  readonly key: string;
  readonly slots: number;
  /** Null: not known here; a pool's size is looked up. */
  readonly size: number | null;
}

export const limitKeys = {
  pool: (name: string) => `pool:${name}`,
  /** A backfill's runs have a limit of their own. */
  activeRuns: ({ workflowId, backfillId }: Pick<RunRow, 'workflowId' | 'backfillId'>) =>
    backfillId === null ? `runs:${workflowId}` : limitKeys.backfill(backfillId),
  backfill: (id: number): string => `backfill:${id}`,
  paused: (workflowId: number) => `paused:${workflowId}`,
  run: (run: number) => `run:${run}`,
  task: (workflowId: number, taskId: string) => `task:${workflowId}:${taskId}`,
  taskInRun: (run: number, task: number) => `task-in-run:${run}:${task}`,
} as const;

/** What one attempt of a task takes from limits while it runs. Given back when the attempt ends, however it ends. */
export function needs(
  graph: WorkflowGraph,
  workflowId: number,
  instance: Pick<ClaimCandidate, 'run' | 'task' | 'pool' | 'slots'>,
): Need[] {
  const { maxActiveTasks } = graph.spec;
  const { id, maxActivePerDag, maxActivePerRun } = graph.task(instance.task);
  const list: Need[] = [{ key: limitKeys.pool(instance.pool), slots: instance.slots, size: null }];
  if (maxActiveTasks !== null) list.push({ key: limitKeys.run(instance.run), slots: 1, size: maxActiveTasks });
  if (maxActivePerDag !== null) list.push({ key: limitKeys.task(workflowId, id), slots: 1, size: maxActivePerDag });
  if (maxActivePerRun !== null) {
    list.push({ key: limitKeys.taskInRun(instance.run, instance.task), slots: 1, size: maxActivePerRun });
  }
  return list;
}

/** The limits that exist only while a run does. */
export function limitsOfRun(graph: WorkflowGraph, run: number): string[] {
  const { maxActiveTasks, tasks } = graph.spec;
  const ofTasks = tasks.flatMap(({ maxActivePerRun }, task) =>
    maxActivePerRun === null ? [] : [limitKeys.taskInRun(run, task)],
  );
  return maxActiveTasks === null ? ofTasks : [limitKeys.run(run), ...ofTasks];
}

/**
 * The limits as one transaction sees and changes them. It holds the limits' lock, so that what it reads stays true.
 *
 * An instance that finds no room is parked under the limit that refused it and leaves the claim index. A parked one is
 * never passed by a worse one that needs the same limit, so that a wide one is not starved by a stream of narrow ones.
 */
export class LimitBook {
  readonly #tx: Tx;
  readonly #ledger: Ledger;
  readonly #rows = new Map<string, { used: number; parked: number }>();
  readonly #heads = new Map<string, ClaimCandidate | null>();
  readonly #pools: ReadonlyMap<string, PoolRow>;
  #hasLetGo = false;

  private constructor(tx: Tx, ledger: Ledger, pools: readonly PoolRow[]) {
    this.#tx = tx;
    this.#ledger = ledger;
    this.#pools = new Map(pools.map((pool) => [pool.name, pool]));
  }

  /**
   * Opens the book: from here to the end of the transaction nobody else changes a limit. What was given back or taken so
   * far is in the ledger, and is written with the rest: a place that one attempt leaves and the next one takes is none.
   */
  static async open(tx: Tx, ledger: Ledger): Promise<LimitBook> {
    await tx.limits.lock();
    // As they are now: runs that end meanwhile add to the ledger, under keys that no claim looks at.
    const deltas = [...ledger.limitDeltas].map(([key, { used, parked }]) => ({ key, used, parked }));
    const keys = [...new Set([...deltas.map(({ key }) => key), ...ledger.freedLimits.keys()])];
    const [pools, rows] = await askTogether([tx.pools.list(), tx.limits.read(keys)]);
    const book = new LimitBook(tx, ledger, pools);
    for (const key of keys) book.#rows.set(key, { used: 0, parked: 0 });
    for (const { key, used, parked } of rows) book.#rows.set(key, { used, parked });
    for (const { key, used, parked } of deltas) {
      const row = book.#rows.get(key)!;
      row.used += used;
      row.parked += parked;
    }
    return book;
  }

  /** Whether any parked instance was let go: more can be claimed than before. */
  get hasLetGo(): boolean {
    return this.#hasLetGo;
  }

  /** A pool's slots, or 0 for a pool that does not exist: what needs it waits until somebody makes it. */
  poolSize(name: string): number {
    const pool = this.#pools.get(name);
    if (!pool) return 0;
    return pool.slots < 0 ? Number.POSITIVE_INFINITY : pool.slots;
  }

  /**
   * Lets parked instances of these limits go as far as they fit; says whether any did.
   * @param limits by key, the sizes of limits whose waiting line may move on.
   */
  async passOn(limits: ReadonlyMap<string, number | null>): Promise<boolean> {
    let any = false;
    await this.#read([...limits.keys()]);
    for (const [key, known] of limits) {
      const row = this.#rows.get(key)!;
      const size = known ?? this.poolSize(key.slice(limitKeys.pool('').length));
      if (row.parked <= 0 || row.used >= size) continue;
      const room = Math.min(size - row.used, Number.MAX_SAFE_INTEGER);
      const free = await this.#tx.instances.unpark(key, room, known === null ? 'slots' : 'instances');
      if (free === 0) continue;
      any = true;
      this.#hasLetGo = true;
      row.parked -= free;
      this.#heads.delete(key);
      this.#ledger.limit(key, { parked: -free });
    }
    return any;
  }

  /** Reads at once what candidates will be held against. */
  async look(lists: readonly (readonly Need[])[]): Promise<void> {
    await this.#read([...new Set(lists.flatMap((list) => list.map(({ key }) => key)))]);
  }

  /**
   * The first limit without room for this candidate, or null: then the room is taken. What it needs has been looked at.
   * The answer is a promise only where others wait for one of its limits, since most have no need to wait for anything.
   */
  take(candidate: ClaimCandidate, list: readonly Need[]): string | null | Promise<string | null> {
    for (const { key, slots, size } of list) {
      const row = this.#rows.get(key)!;
      if (row.used + slots > (size ?? this.poolSize(candidate.pool))) return key;
      if (row.parked > 0) return this.#takeBehind(candidate, list);
    }
    this.#enter(list);
    return null;
  }

  async #takeBehind(candidate: ClaimCandidate, list: readonly Need[]): Promise<string | null> {
    for (const { key, slots, size } of list) {
      const row = this.#rows.get(key)!;
      const room = size ?? this.poolSize(candidate.pool);
      if (row.used + slots > room || (row.parked > 0 && (await this.#isBehind(candidate, key)))) return key;
    }
    this.#enter(list);
    return null;
  }

  #enter(list: readonly Need[]): void {
    for (const { key, slots } of list) {
      this.#rows.get(key)!.used += slots;
      this.#ledger.limit(key, { used: slots });
    }
  }

  /** Notes candidates as parked; the caller parks their rows. */
  async parked(key: string, candidates: readonly ClaimCandidate[]): Promise<void> {
    this.#ledger.limit(key, { parked: candidates.length });
    await this.#read([key]);
    this.#rows.get(key)!.parked += candidates.length;
    this.#heads.delete(key);
  }

  async close(): Promise<void> {
    const deltas = this.#ledger.takeLimits();
    if (deltas.length > 0) await this.#tx.limits.adjust(deltas);
  }

  async #read(keys: readonly string[]): Promise<void> {
    const unknown = keys.filter((key) => !this.#rows.has(key));
    if (unknown.length === 0) return;
    for (const { key, used, parked } of await this.#tx.limits.read(unknown)) this.#rows.set(key, { used, parked });
    for (const key of unknown) if (!this.#rows.has(key)) this.#rows.set(key, { used: 0, parked: 0 });
  }

  /** Whether something better than the candidate already waits for this limit. */
  async #isBehind(candidate: ClaimCandidate, key: string): Promise<boolean> {
    let head = this.#heads.get(key);
    if (head === undefined) {
      head = await this.#tx.instances.parkedHead(key);
      this.#heads.set(key, head);
    }
    return head !== null && compareClaimOrder(head, candidate) < 0;
  }
}

/** Negative where `a` is claimed before `b`: higher priority, then earlier date, then the key. */
export function compareClaimOrder(a: ClaimCandidate, b: ClaimCandidate): number {
  return b.priority - a.priority || a.orderAt - b.orderAt || a.run - b.run || a.task - b.task || a.index - b.index;
}
