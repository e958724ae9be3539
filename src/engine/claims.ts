import type { AttemptOrder, RunFacts, Submission } from '../executor/executor.ts';
import type { ResolvedExpression } from '../model/expression.ts';
import type { ClaimCandidate, OutputRow, RunRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import type { WorkflowGraph } from './graph.ts';
import { attemptToken, type Ids, keyText } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { type LimitBook, limitKeys, type Need, needs } from './limits.ts';
import { mappedInput, RunValues, resolveExpression } from './mapping.ts';
import { askTogether } from './questions.ts';
import type { KnownRun, RunFactsCache } from './run-facts.ts';

export interface ClaimOptions {
  readonly tx: Tx;
  readonly ledger: Ledger;
  readonly book: LimitBook;
  readonly catalog: Catalog;
  readonly facts: RunFactsCache;
  readonly ids: Ids;
  readonly server: number;
  /** How many attempts there is room for. */
  readonly room: number;
  /** Outputs that this transaction has written: what comes next in a chain takes what was just reported. */
  readonly values: ReadonlyMap<string, OutputRow>;
}

/** What was looked at and could not run in one transaction: bounded, so that a full pool does not hold up the rest. */
const MOST_PARKED = 1000;

/**
 * Claims the best queued instances whose limits have room, and makes the orders for them. Until the transaction is
 * durable nothing may be sent: the claim is the fence that keeps a body from starting twice.
 * @param first what is claimable, where that was asked already.
 */
export async function claim(
  first: readonly ClaimCandidate[] | null,
  options: ClaimOptions,
): Promise<{ readonly submission: Submission; readonly more: boolean }> {
  const { tx, book } = options;
  const orders: AttemptOrder[] = [];
  const facts = new Map<number, RunFacts>();
  let parkedInAll = 0;
  let more = false;
  let known = first;
  while (orders.length < options.room) {
    const wanted = options.room - orders.length;
    const candidates = known ?? (await tx.instances.claimable(wanted));
    known = null;
    if (candidates.length === 0) break;
    const considered = await consider(candidates, options);
    const chosen: Considered[] = [];
    const parked = new Map<string, ClaimCandidate[]>();
    const passedOn = new Map<string, number | null>();
    for (const one of considered) {
      const { candidate, list } = one;
      const answer = refusal(one, book);
      const refusedBy = answer instanceof Promise ? await answer : answer;
      if (refusedBy === null) {
        chosen.push(one);
        continue;
      }
      parked.set(refusedBy, [...(parked.get(refusedBy) ?? []), candidate]);
      await book.parked(refusedBy, [candidate]);
      for (const { key, size } of list) if (key !== refusedBy) passedOn.set(key, size);
    }
    for (const [key, list] of parked) await tx.instances.park(list, key);
    parkedInAll += candidates.length - chosen.length;
    orders.push(...(await take(chosen, options, facts)));
    // What was let go by one limit and is refused by another leaves its place to the next one that waits for the first.
    const moved = await book.passOn(passedOn);
    more = moved || candidates.length === wanted;
    if (!more || parkedInAll >= MOST_PARKED) break;
  }
  return { submission: { runs: [...facts.values()], orders }, more };
}

/** A candidate with what is to be known of it. */
interface Considered {
  readonly candidate: ClaimCandidate;
  readonly known: KnownRun;
  readonly list: readonly Need[];
}

/** Asks for all candidates at once: their number does not count, only the number of questions that follow each other. */
async function consider(
  candidates: readonly ClaimCandidate[],
  { tx, facts, book }: ClaimOptions,
): Promise<readonly Considered[]> {
  const runs = [...new Set(candidates.map(({ run }) => run))];
  const known = new Map(await askTogether(runs.map(async (run) => [run, await facts.of(tx, run)] as const)));
  const considered = candidates.map((candidate): Considered => {
    const its = known.get(candidate.run)!;
    return { candidate, known: its, list: needs(its.version.graph, its.run.workflowId, candidate) };
  });
  await book.look(considered.map(({ list }) => list));
  return considered;
}

/** The limit that refuses a candidate; null: its room is taken. */
function refusal(
  { candidate, known: { run, paused }, list }: Considered,
  book: LimitBook,
): string | null | Promise<string | null> {
  return paused ? limitKeys.paused(run.workflowId) : book.take(candidate, list);
}

async function take(
  chosen: readonly Considered[],
  { tx, ledger, ids, server, values: written }: ClaimOptions,
  facts: Map<number, RunFacts>,
): Promise<AttemptOrder[]> {
  const values = new Map<number, RunValues>();
  const wanted = chosen.map(({ candidate, known, list }) => {
    const { run, version } = known;
    if (!values.has(run.id)) values.set(run.id, new RunValues(tx, run.id, version.graph, known.facts.params, written));
    return { candidate, known, list, token: attemptToken(candidate, candidate.attempt, ids) };
  });
  // Values are read along with the claim: to read those of the few that somebody else claims does no harm.
  const [won, given] = await askTogether([
    tx.instances.claim(
      wanted.map(({ candidate: { run, task, index }, token }) => ({ run, task, index, token, server, at: ledger.at })),
    ),
    inputs(wanted, tx, values),
  ]);
  const winners = new Set(won.map(keyText));
  return wanted.flatMap(({ candidate, known, list, token }, position) => {
    if (!winners.has(keyText(candidate))) {
      // Somebody else was faster (another server, or a skip): what was taken for it is given back.
      for (const { key, slots } of list) ledger.limit(key, { used: -slots });
      return [];
    }
    const { run } = known;
    facts.set(run.id, known.facts);
    ledger.event('instance.running', {
      run: run.id,
      task: candidate.task,
      index: candidate.index,
      workflowId: run.workflowId,
      attempt: candidate.attempt,
    });
    return [order(candidate, token, known.version.graph, given[position]!)];
  });
}

/** What an attempt is given beside what its task says. */
interface Given {
  readonly input: ResolvedExpression | null;
  readonly flow: AttemptOrder['flow'];
}

const NOTHING: Given = { input: null, flow: null };

/** What each is given, asked together. Most wait for nothing, and none of those costs a promise. */
async function inputs(
  wanted: readonly Pick<Considered, 'candidate' | 'known'>[],
  tx: Tx,
  values: ReadonlyMap<number, RunValues>,
): Promise<readonly Given[]> {
  const given: Given[] = wanted.map(() => NOTHING);
  await askTogether(
    wanted.flatMap(({ candidate, known }, position) => {
      const { graph } = known.version;
      const { input, mapping } = graph.task(candidate.task);
      if (!input && !mapping && graph.spec.kind !== 'flow') return [];
      const one = async () => {
        given[position] = await givenTo(candidate, tx, graph, values.get(known.run.id)!);
      };
      return [one()];
    }),
  );
  return given;
}

async function givenTo(
  { run, task: position, index, attempt }: ClaimCandidate,
  tx: Tx,
  graph: WorkflowGraph,
  values: RunValues,
): Promise<Given> {
  const task = graph.task(position);
  const constant = task.input && (await resolveExpression(task.input, { task: position, index }, values));
  const mapped = task.mapping && index >= 0 ? await mappedInput(task.mapping, index, values) : null;
  return {
    input: mapped && constant ? { kind: 'merge', of: [constant, mapped] } : (mapped ?? constant),
    flow: graph.spec.kind === 'flow' ? { recorded: attempt > 1 ? await tx.steps.count(run) : 0 } : null,
  };
}

function order(candidate: ClaimCandidate, token: string, graph: WorkflowGraph, { input, flow }: Given): AttemptOrder {
  const { run, task: index } = candidate;
  const task = graph.task(index);
  return {
    token,
    run,
    task: index,
    taskId: task.id,
    mapIndex: candidate.index,
    mapLength: null,
    attempt: candidate.attempt,
    maxAttempts: candidate.maxAttempts,
    input,
    mappable: graph.mappable[index]!,
    timeout: task.timeout,
    isolation: task.isolation,
    memory: task.memory,
    flow,
  };
}

/** Room that an attempt of this run gives back when it ends. */
export function giveBack(
  ledger: Ledger,
  graph: WorkflowGraph,
  run: Pick<RunRow, 'workflowId'>,
  instance: Pick<ClaimCandidate, 'run' | 'task' | 'pool' | 'slots'>,
): void {
  for (const { key, slots, size } of needs(graph, run.workflowId, instance)) {
    ledger.limit(key, { used: -slots });
    ledger.freed(key, size);
  }
}
