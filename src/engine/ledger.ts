import type { AttemptReason, TaskState } from '../model/states.ts';
import { isActive, isFinished } from '../model/states.ts';
import type { InstanceKey, LimitDelta, NewEvent, NewTimer, RunCounters } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';

/**
 * What one transaction adds up before it writes it: events, timers, counters of runs, limits given back. A batch that
 * ends a thousand instances of one run updates the run's row once.
 */
export class Ledger {
  readonly at: number;
  readonly events: NewEvent[] = [];
  readonly timers: NewTimer[] = [];
  readonly #runs = new Map<number, { unfinished: number; active: number; bad: number }>();
  readonly #limits = new Map<string, { used: number; parked: number }>();
  readonly #freed = new Map<string, number | null>();

  constructor(at: number) {
    this.at = at;
  }

  event(kind: string, about: Partial<Omit<NewEvent, 'at' | 'kind'>>): void {
    this.events.push({
      at: this.at,
      kind,
      workflowId: about.workflowId ?? null,
      run: about.run ?? null,
      task: about.task ?? null,
      index: about.index ?? null,
      attempt: about.attempt ?? null,
      data: about.data ?? null,
    });
  }

  timer(timer: NewTimer): void {
    this.timers.push(timer);
  }

  /** An instance went from one state to another: the run's counters and the event follow from that. */
  moved(
    key: InstanceKey,
    from: TaskState,
    to: TaskState,
    about: {
      readonly workflowId: number;
      readonly decisive: boolean;
      readonly attempt: number | null;
      readonly reason: AttemptReason | null;
    },
  ): void {
    this.count(key.run, {
      unfinished: Number(!isFinished(to)) - Number(!isFinished(from)),
      active: Number(isActive(to)) - Number(isActive(from)),
      bad: about.decisive ? Number(isBad(to)) - Number(isBad(from)) : 0,
    });
    this.event(`instance.${to}`, {
      ...key,
      workflowId: about.workflowId,
      attempt: about.attempt,
      data: about.reason && JSON.stringify({ reason: about.reason }),
    });
  }

  count(run: number, delta: Partial<RunCounters>): void {
    const sum = this.#runs.get(run) ?? { unfinished: 0, active: 0, bad: 0 };
    sum.unfinished += delta.unfinished ?? 0;
    sum.active += delta.active ?? 0;
    sum.bad += delta.bad ?? 0;
    this.#runs.set(run, sum);
  }

  limit(key: string, delta: { readonly used?: number; readonly parked?: number }): void {
    const sum = this.#limits.get(key) ?? { used: 0, parked: 0 };
    sum.used += delta.used ?? 0;
    sum.parked += delta.parked ?? 0;
    this.#limits.set(key, sum);
  }

  /**
   * The waiting line of a limit may move on: room came free, or what it was kept for no longer needs it. The size of a
   * pool is not known here: null.
   */
  freed(key: string, size: number | null): void {
    this.#freed.set(key, size);
  }

  /** By key, the sizes of the limits whose waiting line may move on. */
  get freedLimits(): ReadonlyMap<string, number | null> {
    return this.#freed;
  }

  /** By key, what was taken or given back and is not written yet. */
  get limitDeltas(): ReadonlyMap<string, { readonly used: number; readonly parked: number }> {
    return this.#limits;
  }

  /** Whether any limit was taken or given back and is not written yet. */
  get hasLimits(): boolean {
    return this.#limits.size > 0 || this.#freed.size > 0;
  }

  /** Takes what was added up of the runs, for writing. */
  takeRuns(): ({ readonly id: number } & RunCounters)[] {
    const deltas = [...this.#runs].map(([id, sum]) => ({ id, ...sum })).sort((a, b) => a.id - b.id);
    this.#runs.clear();
    return deltas;
  }

  takeLimits(): LimitDelta[] {
    const deltas = [...this.#limits]
      .filter(([, { used, parked }]) => used !== 0 || parked !== 0)
      .map(([key, sum]) => ({ key, ...sum }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#limits.clear();
    return deltas;
  }

  /** Writes events and timers; the last thing of a transaction. */
  async write(tx: Tx): Promise<void> {
    if (this.events.length > 0) await tx.events.append(this.events);
    if (this.timers.length > 0) await tx.timers.add(this.timers);
  }
}

function isBad(state: TaskState): boolean {
  return state === 'failed' || state === 'upstream_failed';
}
