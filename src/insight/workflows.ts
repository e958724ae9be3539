import type { z } from 'zod';
import type { workflows as answer, workflow as contract } from '../api/contract/workflows.ts';
import { limitKeys } from '../engine/limits.ts';
import type { RunRow } from '../store/rows.ts';
import { failureLine, failureOf } from './failure.ts';
import { iso } from './iso.ts';
import { workflowOf } from './run-of.ts';
import { durationOf, summaryOf } from './run-summary.ts';
import { scheduleWords } from './schedule-words.ts';
import { type ShownWorkflow, shownWorkflows, withHeads } from './shown-workflows.ts';
import type { Sources } from './sources.ts';
import { isLate, RUNNING_LOOKED_AT, RUNS_LOOKED_AT, usualOfRuns } from './usual.ts';

export type Workflow = z.infer<typeof contract>;
export type Workflows = z.infer<typeof answer>;

export interface WorkflowsFilter {
  readonly q?: string | undefined;
  readonly state?: 'failed' | 'running' | 'late' | 'paused' | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly owners?: readonly string[] | undefined;
  readonly kind?: 'dag' | 'flow' | undefined;
  readonly order_by: string;
  readonly limit: number;
  readonly offset: number;
}

const SHOWN_RUNS = 18;

/** Workflows with how they have done lately. */
export async function workflows(sources: Sources, filter: WorkflowsFilter): Promise<Workflows> {
  const now = sources.clock.now();
  const all = await conditionsOf(sources, await shownWorkflows(sources));
  const { q, state, tags, owners, kind } = filter;
  const matching = all.filter((each) => {
    const { row } = each;
    return (
      (q === undefined || row.name.toLowerCase().includes(q.toLowerCase())) &&
      (state === undefined || hasState(each, state)) &&
      (!tags?.length || tags.some((tag) => row.head.tags.includes(tag))) &&
      (!owners?.length || owners.includes(row.head.owner)) &&
      (kind === undefined || row.kind === kind)
    );
  });
  matching.sort(orderOf(filter.order_by));
  return {
    workflows: await describeAll(sources, matching.slice(filter.offset, filter.offset + filter.limit)),
    total_entries: matching.length,
    counts: {
      all: all.length,
      failed: all.filter((each) => hasState(each, 'failed')).length,
      running: all.filter((each) => hasState(each, 'running')).length,
      late: all.filter((each) => hasState(each, 'late')).length,
      paused: all.filter((each) => hasState(each, 'paused')).length,
    },
    tags: [...new Set(all.flatMap(({ row }) => row.head.tags))].sort(),
    owners: [...new Set(all.map(({ row }) => row.head.owner))].sort(),
    as_of: iso(now),
  };
}

/** One workflow; throws `not_found`. */
export async function workflow(sources: Sources, name: string): Promise<Workflow> {
  const one = await withHeads(sources, [await workflowOf(sources, name)]);
  const [described] = await describeAll(sources, await conditionsOf(sources, one));
  return {
    ...described!,
    condition_text: described!.condition_text ?? (await causeOf(sources, one[0]!.id, described!)),
  };
}

/** What the run failed of that a workflow's condition is of, in one line. */
async function causeOf(
  { store }: Sources,
  workflowId: number,
  { condition, condition_run_id: runId }: Workflow,
): Promise<string | null> {
  if (condition !== 'failed' || runId === null) return null;
  const run = await store.queries.runByRunId(workflowId, runId);
  const [first] = run ? await store.readings.failures([run.id]) : [];
  const failure = first && failureOf(first);
  return failure ? failureLine(failure) : null;
}

type Condition = Pick<Workflow, 'condition' | 'condition_text'>;

/** What is known of every workflow without looking at its runs. */
interface Conditioned extends Condition {
  readonly row: ShownWorkflow;
  /** Its running runs, those of a backfill among them. */
  readonly running: number;
}

async function conditionsOf({ store, clock }: Sources, known: readonly ShownWorkflow[]): Promise<Conditioned[]> {
  const isAll = known.length > 1;
  const [failing, errors, unfinished, longest] = await Promise.all([
    store.readings.failingWorkflows(isAll ? undefined : known.map(({ id }) => id)),
    store.readings.importErrors(),
    store.readings.unfinishedRuns(),
    isAll ? store.readings.runningWorkflows(RUNNING_LOOKED_AT) : known.map(({ id }) => id),
  ]);
  const late = await lateOf({ store, clock }, longest);
  const running = new Map(
    unfinished.flatMap(({ workflowId, state, runs }) => (state === 'running' ? [[workflowId, runs] as const] : [])),
  );
  const broken = new Map(errors.map(({ file, message }) => [file, message] as const).reverse());
  const conditionOf = ({ id, file }: ShownWorkflow): Condition => {
    const message = broken.get(file);
    if (message !== undefined) return { condition: 'broken_file', condition_text: message.split('\n')[0] ?? null };
    const condition = failing.has(id) ? 'failed' : late.has(id) ? 'late' : null;
    return { condition, condition_text: null };
  };
  return known.map((row) => ({ row, running: running.get(row.id) ?? 0, ...conditionOf(row) }));
}

/** Those of these workflows of which a run goes on longer than usual. */
async function lateOf({ store, clock }: Sources, workflowIds: readonly number[]): Promise<ReadonlySet<number>> {
  const now = clock.now();
  const runs = await store.readings.recentRuns({ workflowIds, limit: RUNS_LOOKED_AT });
  const late = [...Map.groupBy(runs, ({ workflowId }) => workflowId)].filter(([, newestFirst]) => {
    const usual = usualOfRuns(newestFirst);
    return newestFirst.some((run) => run.state === 'running' && isLate(durationOf(run, now) ?? 0, usual));
  });
  return new Set(late.map(([workflowId]) => workflowId));
}

async function describeAll({ store, clock }: Sources, shown: readonly Conditioned[]): Promise<Workflow[]> {
  const now = clock.now();
  const [runs, limits] = await Promise.all([
    store.readings.recentRuns({ workflowIds: shown.map(({ row }) => row.id), limit: RUNS_LOOKED_AT }),
    store.readings.limits(),
  ]);
  const used = new Map(limits.map((limit) => [limit.key, limit.used]));
  const byWorkflow = Map.groupBy(runs, ({ workflowId }) => workflowId);
  return shown.map((each) => {
    const { id } = each.row;
    const active = used.get(limitKeys.activeRuns({ workflowId: id, backfillId: null })) ?? 0;
    return describe(each, byWorkflow.get(id) ?? [], { now, active });
  });
}

interface Around {
  readonly now: number;
  /** Running runs that count against its limit. */
  readonly active: number;
}

function describe(
  { row, condition, condition_text }: Conditioned,
  newestFirst: readonly RunRow[],
  { now, active }: Around,
): Workflow {
  const { head } = row;
  const late = lateRuns(newestFirst, now);
  const failed = newestFirst.find(({ state }) => state === 'failed');
  return {
    dag_id: row.name,
    kind: row.kind,
    is_paused: row.paused,
    description: head.description,
    tags: [...head.tags],
    owners: [head.owner],
    schedule: scheduleWords(head),
    condition,
    condition_text,
    condition_run_id: (condition === 'failed' ? failed : condition === 'late' ? late[0] : undefined)?.runId ?? null,
    late_run_ids: late.map(({ runId }) => runId),
    recent_runs: newestFirst
      .slice(0, SHOWN_RUNS)
      .reverse()
      .map((run) => summaryOf(run, now)),
    usual: usualOfRuns(newestFirst),
    next_run: row.next && { run_after: iso(row.next.runAfter), logical_date: iso(row.next.logicalDate) },
    active_runs: active,
    max_active_runs: head.maxActiveRuns,
    max_mapped: null,
    version: row.versionNumber,
    file: row.file,
    bundle: row.bundleHash,
  };
}

function lateRuns(newestFirst: readonly RunRow[], now: number): readonly RunRow[] {
  const usual = usualOfRuns(newestFirst);
  return newestFirst.filter((run) => run.state === 'running' && isLate(durationOf(run, now) ?? 0, usual));
}

function hasState({ row, condition, running }: Conditioned, state: NonNullable<WorkflowsFilter['state']>): boolean {
  if (state === 'paused') return row.paused;
  if (state === 'running') return running > 0;
  return condition === state;
}

const URGENCY = ['failed', 'late', 'broken_file', null];

const byName = ({ row: a }: Conditioned, { row: b }: Conditioned) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const byAttention = (a: Conditioned, b: Conditioned) =>
  Number(a.row.paused) - Number(b.row.paused) ||
  URGENCY.indexOf(a.condition) - URGENCY.indexOf(b.condition) ||
  b.running - a.running ||
  byName(a, b);

const byNextRun = (a: Conditioned, b: Conditioned) => dueOf(a) - dueOf(b) || byName(a, b);

/** What has no next run comes last. */
const dueOf = ({ row: { next } }: Conditioned) => next?.runAfter ?? Number.MAX_SAFE_INTEGER;

function orderOf(text: string): (a: Conditioned, b: Conditioned) => number {
  const isReverse = text.startsWith('-');
  const name = text.replace(/^-/, '');
  const order = name === 'dag_id' ? byName : name === 'next_run' ? byNextRun : byAttention;
  return isReverse ? (a, b) => order(b, a) : order;
}
