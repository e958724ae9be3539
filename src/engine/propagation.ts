import { MillraceError } from '../model/errors.ts';
import { type AttemptReason, type FinishedTaskState, isFinished, type TaskState } from '../model/states.ts';
import { decideExpansion, type ScopeCounts, type TriggerDecision } from '../model/trigger-rule.ts';
import type { CountDelta, CountedInstance, DecideMove, InstanceKey, RunRow, UpstreamCounters } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import { EXPANDED_AT_ONCE, expand } from './expansion.ts';
import { type Edge, mappingSources, type WorkflowGraph } from './graph.ts';
import { keyText } from './ids.ts';
import { decisionFor, NO_COUNTERS } from './instantiate.ts';
import type { Ledger } from './ledger.ts';
import { needs } from './limits.ts';
import { RunValues } from './mapping.ts';
import { askTogether } from './questions.ts';

/** An instance that has just reached a final state. */
export interface Finished extends InstanceKey {
  readonly state: FinishedTaskState;
  /** The final state that it had until now, where it had one: what was counted for it is taken back. */
  readonly was?: FinishedTaskState | undefined;
}

/**
 * What follows from the end of instances, within their transaction: the counters of what is directly downstream, what
 * that makes ready, skipped or upstream_failed, and so on until nothing moves. The graph is never scanned: work depends
 * on the number of direct downstream rows touched and on nothing else.
 *
 * The runs are locked, so nobody else changes their instances meanwhile, except that a claim may take a queued one;
 * moves are guarded by the state that they start from.
 */
export class Propagation {
  readonly #tx: Tx;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #runs: ReadonlyMap<number, RunRow>;
  readonly #values = new Map<number, RunValues>();
  readonly #expandedAtOnce: number;
  #finished: Finished[] = [];
  /** Answers that nothing waits for before the transaction's end. */
  #unconfirmed: Promise<void>[] = [];

  constructor(
    tx: Tx,
    ledger: Ledger,
    catalog: Catalog,
    runs: ReadonlyMap<number, RunRow>,
    expandedAtOnce = EXPANDED_AT_ONCE,
  ) {
    this.#expandedAtOnce = expandedAtOnce;
    this.#tx = tx;
    this.#ledger = ledger;
    this.#catalog = catalog;
    this.#runs = runs;
  }

  /** Notes an instance that has been moved to its final state already. */
  ended(instance: Finished): void {
    this.#finished.push(instance);
  }

  /** Gives those of the instances that are in one of the states `from` a final state. */
  async end(
    keys: readonly InstanceKey[],
    state: 'skipped' | 'failed',
    from: readonly TaskState[],
    reason: AttemptReason | null,
  ): Promise<void> {
    // Nobody lets go or claims what is queued between its being read and its being ended.
    if (from.includes('queued')) await this.#tx.limits.lock();
    const rows = await this.#tx.instances.get(keys);
    const moves: DecideMove[] = rows
      .filter((row) => from.includes(row.state))
      .map(({ run, task, index, state: was }) => ({
        run,
        task,
        index,
        from: was,
        to: state,
        at: this.#ledger.at,
        reason,
      }));
    for (const row of rows) {
      if (row.state !== 'queued' || !from.includes('queued')) continue;
      if (row.parked !== null) this.#ledger.limit(row.parked, { parked: -1 });
      // Others may have waited behind it, or for room that it was let go for.
      const { workflowId } = this.#run(row.run);
      for (const { key, size } of needs(await this.graphOf(row.run), workflowId, row)) this.#ledger.freed(key, size);
    }
    await this.#decide(moves);
  }

  /** Decides about instances that may have become ready by something else than the end of an upstream. */
  async consider(instances: readonly CountedInstance[]): Promise<void> {
    await this.#decide(await this.#decisions(instances.filter(({ state }) => state === 'none')));
  }

  /** Goes on until nothing moves. */
  async settle(): Promise<void> {
    while (this.isUnsettled) await this.pass();
  }

  /** Whether ends have been noted that nothing downstream has counted yet. */
  get isUnsettled(): boolean {
    return this.#finished.length > 0;
  }

  /** The ends that nothing downstream has counted yet. */
  get unsettled(): readonly Finished[] {
    return this.#finished;
  }

  /** One wave: what is directly downstream of the ends noted so far counts them and is decided about. */
  async pass(): Promise<void> {
    const deltas = await this.#deltas(this.#finished);
    this.#finished = [];
    const touched = latest(await this.#tx.instances.count(deltas));
    await this.#decide(await this.#decisions(touched));
  }

  async graphOf(run: number): Promise<WorkflowGraph> {
    return (await this.#catalog.ofRun(this.#tx, this.#run(run))).graph;
  }

  #run(id: number): RunRow {
    const run = this.#runs.get(id);
    if (!run) throw new Error(`run ${id} is changed without having been locked`);
    return run;
  }

  async #valuesOf(run: number): Promise<RunValues> {
    const known = this.#values.get(run);
    if (known) return known;
    const params = JSON.parse(this.#run(run).params) as Record<string, string>;
    const values = new RunValues(this.#tx, run, await this.graphOf(run), params);
    this.#values.set(run, values);
    return values;
  }

  /** One delta for each row, or each task, whatever the number of instances that ended. */
  async #deltas(finished: readonly Finished[]): Promise<CountDelta[]> {
    const sums = new Map<string, { delta: Omit<CountDelta, 'counters'>; counters: Mutable }>();
    for (const { run, task, index, state, was } of finished) {
      for (const edge of (await this.graphOf(run)).edges[task]!) {
        const target = { run, task: edge.task, index: edge.ownIndexOnly ? index : ('all' as const) };
        const name = `${run}.${edge.task}.${target.index}`;
        let sum = sums.get(name);
        if (!sum) {
          sum = { delta: target, counters: mutable() };
          sums.set(name, sum);
        }
        countEnd(sum.counters, edge, state, 1);
        if (was) countEnd(sum.counters, edge, was, -1);
      }
    }
    return [...sums.values()].map(({ delta, counters }) => ({ ...delta, counters }));
  }

  async #decisions(touched: readonly CountedInstance[]): Promise<DecideMove[]> {
    let moves: DecideMove[] = [];
    const expanded = new Set<string>();
    for (const instance of touched) {
      const { run, task, index } = instance;
      const graph = await this.graphOf(run);
      if (index === -1 && graph.isMapped(task)) {
        if (expanded.has(keyText({ run, task, index }))) continue;
        const decision = await this.#placeholder(graph, instance);
        if (decision !== 'run') {
          if (decision !== 'wait') moves.push(this.#move(instance, decision));
          continue;
        }
        const together = new Set(graph.expandedWith(task).map((other) => keyText({ run, task: other, index: -1 })));
        for (const placeholder of together) expanded.add(placeholder);
        // One that is expanded with this one is not decided about any more: its instances are.
        moves = moves.filter((move) => !together.has(keyText(move)));
        moves.push(...(await this.#expand(run, task, null)));
        continue;
      }
      const decision = decisionFor(graph, instance);
      if (decision !== 'wait') moves.push(this.#move(instance, decision === 'run' ? 'queued' : decision));
    }
    return moves;
  }

  /** A mapped task waits for its rule. Then its length has to be known, or never will be. */
  async #placeholder(graph: WorkflowGraph, instance: CountedInstance): Promise<TriggerDecision> {
    const direct = decisionFor(graph, instance);
    const sources = mappingSources(graph.mapping[instance.task]!);
    if (sources.length === 0) return direct;
    const rows = await this.#tx.instances.get(sources.map((task) => ({ run: instance.run, task, index: -1 })));
    const counts: { -readonly [K in keyof ScopeCounts]: number } = { ...NO_COUNTERS.scope, expected: sources.length };
    for (const { state } of rows) {
      const column = SCOPE[state as FinishedTaskState];
      if (column) counts[column] += 1;
    }
    const single = new Set(rows.map(({ task }) => task));
    const expanded = sources.filter((task) => !single.has(task));
    if (direct === 'run') {
      for (const task of expanded) if (await this.#isDone(graph, instance, task)) counts.success += 1;
    }
    return decideExpansion(direct, counts);
  }

  /** Whether every instance of an expanded task has finished, so that what it gave is complete. */
  async #isDone(graph: WorkflowGraph, { run, task, counters }: CountedInstance, source: number): Promise<boolean> {
    const { expected, success, failed, skipped, upstreamFailed, removed } = counters;
    const allDone = success + failed + skipped + upstreamFailed + removed >= expected;
    if (allDone && graph.task(task).upstream.includes(source)) return true;
    return (await this.#tx.instances.ofTask(run, source)).every(({ state }) => isFinished(state));
  }

  /**
   * The next part of an expansion, from this map index on. Where it cannot go on (its run or its placeholder has ended, or
   * it was begun anew) it ends here, and whoever began it anew carries it on.
   */
  async expandOn(run: number, task: number, from: number): Promise<void> {
    this.#ledger.count(run, { active: -1 });
    if (this.#run(run).state !== 'running') return;
    const [placeholder, last, ...next] = await this.#tx.instances.get(
      [-1, from - 1, from].map((index) => ({ run, task, index })),
    );
    const isNext = placeholder?.index === -1 && last?.index === from - 1 && next.length === 0;
    if (!isNext || placeholder.state !== 'none') return;
    if (decisionFor(await this.graphOf(run), placeholder) !== 'run') return;
    await this.#decide(await this.#expand(run, task, from));
  }

  async #expand(run: number, task: number, from: number | null): Promise<DecideMove[]> {
    const values = await this.#valuesOf(run);
    const expansion = { task, from, atOnce: this.#expandedAtOnce };
    const made = await expand(this.#tx, this.#run(run), expansion, values, this.#ledger);
    const moves = made.empty.map((one) => this.#move({ run, task: one, index: -1 }, 'skipped'));
    for (const row of made.waiting) {
      const decision = decisionFor(values.graph, row);
      if (decision !== 'wait' && decision !== 'run') moves.push(this.#move(row, decision));
    }
    return moves;
  }

  #move({ run, task, index }: InstanceKey, to: DecideMove['to']): DecideMove {
    return { run, task, index, from: 'none', to, at: this.#ledger.at, reason: null };
  }

  /** Before the transaction's end: whether all moves that were taken for granted were made. */
  async confirm(): Promise<void> {
    const unconfirmed = this.#unconfirmed;
    this.#unconfirmed = [];
    await askTogether(unconfirmed);
  }

  /**
   * Only who has locked the run moves what waits in it: such moves are taken for granted, and the answer travels with
   * the next question. Others are waited for.
   */
  async #decide(moves: readonly DecideMove[]): Promise<void> {
    if (moves.length === 0) return;
    const wanted = new Map(moves.map((move) => [keyText(move), move]));
    const answer = this.#tx.instances.decide(moves);
    const isOwn = wanted.size === moves.length && moves.every(({ from }) => from === 'none');
    if (isOwn) {
      const confirmed = answer.then((won) => {
        if (won.length < moves.length) throw new MillraceError('internal', 'an instance of a locked run was moved');
      });
      confirmed.catch(() => {});
      this.#unconfirmed.push(confirmed);
    }
    for (const key of isOwn ? moves : await answer) {
      const { from, to, reason } = wanted.get(keyText(key))!;
      const graph = await this.graphOf(key.run);
      this.#ledger.moved({ run: key.run, task: key.task, index: key.index }, from, to, {
        workflowId: this.#run(key.run).workflowId,
        decisive: graph.decisive.has(key.task),
        attempt: null,
        reason,
      });
      if (to === 'queued') continue;
      const was = isFinished(from) ? from : undefined;
      this.#finished.push({ run: key.run, task: key.task, index: key.index, state: to, was });
    }
  }
}

const DIRECT = {
  success: 'success',
  failed: 'failed',
  skipped: 'skipped',
  upstream_failed: 'upstreamFailed',
  removed: 'removed',
} as const satisfies Record<FinishedTaskState, keyof UpstreamCounters>;

const SCOPE = {
  success: 'success',
  failed: 'failed',
  skipped: 'skipped',
  upstream_failed: 'failed',
  removed: 'removed',
} as const satisfies Record<FinishedTaskState, keyof ScopeCounts>;

type Mutable = { -readonly [K in keyof Omit<UpstreamCounters, 'scope'>]: number } & {
  scope: { -readonly [K in keyof ScopeCounts]: number };
};

function countEnd(counters: Mutable, edge: Edge, state: FinishedTaskState, by: 1 | -1): void {
  if (edge.counts === 'scope') {
    counters.scope[SCOPE[state]] += by;
    return;
  }
  counters[DIRECT[state]] += by;
  if (edge.setup && state === 'success') counters.successSetup += by;
  if (edge.setup && state === 'skipped') counters.skippedSetup += by;
}

function mutable(): Mutable {
  return { ...NO_COUNTERS, scope: { ...NO_COUNTERS.scope } };
}

/** The last word on each row: one that two deltas touched has the counters of both in its later answer. */
function latest(touched: readonly CountedInstance[]): CountedInstance[] {
  return [...new Map(touched.map((instance) => [keyText(instance), instance])).values()];
}
