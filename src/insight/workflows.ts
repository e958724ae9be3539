import type { z } from 'zod';
import type { workflows as answer, workflow as contract } from '../api/contract/workflows.ts';
import { limitKeys } from '../engine/limits.ts';
import type { ImportErrorRow, RunRow } from '../store/rows.ts';
import type { KnownWorkflow } from '../store/store.ts';
import { iso } from './iso.ts';
import { workflowOf } from './run-of.ts';
import { durationOf, summaryOf } from './run-summary.ts';
import { scheduleWords } from './schedule-words.ts';
import type { Sources } from './sources.ts';
import { isLate, RUNS_LOOKED_AT, type Usual, usualOfRuns } from './usual.ts';

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
  const known = await sources.store.queries.workflows({ present: true });
  const all = await describeAll(sources, known);
  const { q, state, tags, owners, kind } = filter;
  const matching = all.filter((each) => {
    const { shown } = each;
    return (
      (q === undefined || shown.dag_id.toLowerCase().includes(q.toLowerCase())) &&
      (state === undefined || hasState(each, state)) &&
      (!tags?.length || tags.some((tag) => shown.tags.includes(tag))) &&
      (!owners?.length || owners.some((owner) => shown.owners.includes(owner))) &&
      (kind === undefined || shown.kind === kind)
    );
  });
  matching.sort(orderOf(filter.order_by));
  return {
    workflows: matching.slice(filter.offset, filter.offset + filter.limit).map(({ shown }) => shown),
    total_entries: matching.length,
    counts: {
      all: all.length,
      failed: all.filter((each) => hasState(each, 'failed')).length,
      running: all.filter((each) => hasState(each, 'running')).length,
      late: all.filter((each) => hasState(each, 'late')).length,
      paused: all.filter((each) => hasState(each, 'paused')).length,
    },
    tags: [...new Set(all.flatMap(({ shown }) => shown.tags))].sort(),
    owners: [...new Set(all.flatMap(({ shown }) => shown.owners))].sort(),
    as_of: iso(now),
  };
}

/** One workflow; throws `not_found`. */
export async function workflow(sources: Sources, name: string): Promise<Workflow> {
  const [described] = await describeAll(sources, [await workflowOf(sources, name)]);
  return described!.shown;
}

interface Described {
  readonly shown: Workflow;
  /** Its running runs, those of a backfill among them. */
  readonly running: number;
}

async function describeAll({ store, clock }: Sources, known: readonly KnownWorkflow[]): Promise<Described[]> {
  const now = clock.now();
  const [runs, errors, unfinished, limits] = await Promise.all([
    store.readings.recentRuns({ workflowIds: known.map(({ id }) => id), limit: RUNS_LOOKED_AT }),
    store.readings.importErrors(),
    store.readings.unfinishedRuns(),
    store.readings.limits(),
  ]);
  const used = new Map(limits.map((limit) => [limit.key, limit.used]));
  const byWorkflow = Map.groupBy(runs, ({ workflowId }) => workflowId);
  // A backfill may have more of them than are looked at.
  const running = new Map(
    unfinished.flatMap(({ workflowId, state, runs }) => (state === 'running' ? [[workflowId, runs] as const] : [])),
  );
  return known.map((row) => {
    const active = used.get(limitKeys.activeRuns({ workflowId: row.id, backfillId: null })) ?? 0;
    const shown = describe(row, byWorkflow.get(row.id) ?? [], { errors, now, active });
    return { shown, running: running.get(row.id) ?? 0 };
  });
}

interface Around {
  readonly errors: readonly ImportErrorRow[];
  readonly now: number;
  /** Running runs that count against its limit. */
  readonly active: number;
}

function describe(row: KnownWorkflow, newestFirst: readonly RunRow[], { errors, now, active }: Around): Workflow {
  const { spec } = row;
  const usual = usualOfRuns(newestFirst);
  const broken = errors.find(({ file }) => file === row.file);
  return {
    dag_id: row.name,
    kind: row.kind,
    is_paused: row.paused,
    description: spec.description,
    tags: [...spec.tags],
    owners: [spec.owner],
    schedule: scheduleWords(spec),
    ...conditionOf(newestFirst, { usual, broken, now }),
    recent_runs: newestFirst
      .slice(0, SHOWN_RUNS)
      .reverse()
      .map((run) => summaryOf(run, now)),
    usual,
    next_run: row.next && { run_after: iso(row.next.runAfter), logical_date: iso(row.next.logicalDate) },
    active_runs: active,
    max_active_runs: spec.maxActiveRuns,
    max_mapped: null,
    version: row.versionNumber,
    file: row.file,
    bundle: row.bundleHash,
  };
}

interface About {
  readonly usual: Usual;
  readonly broken: ImportErrorRow | undefined;
  readonly now: number;
}

function conditionOf(
  newestFirst: readonly RunRow[],
  { usual, broken, now }: About,
): Pick<Workflow, 'condition' | 'condition_text'> {
  if (broken) return { condition: 'broken_file', condition_text: broken.message.split('\n')[0] ?? null };
  const ended = newestFirst.find(({ state }) => state === 'success' || state === 'failed');
  if (ended?.state === 'failed') return { condition: 'failed', condition_text: null };
  const late = newestFirst.find((run) => run.state === 'running' && isLate(durationOf(run, now) ?? 0, usual));
  return late ? { condition: 'late', condition_text: null } : { condition: null, condition_text: null };
}

function hasState({ shown, running }: Described, state: NonNullable<WorkflowsFilter['state']>): boolean {
  if (state === 'paused') return shown.is_paused;
  if (state === 'running') return running > 0;
  return shown.condition === state;
}

const URGENCY = ['failed', 'late', 'broken_file', null];

const byName = ({ shown: a }: Described, { shown: b }: Described) =>
  a.dag_id < b.dag_id ? -1 : a.dag_id > b.dag_id ? 1 : 0;

const byAttention = (a: Described, b: Described) =>
  Number(a.shown.is_paused) - Number(b.shown.is_paused) ||
  URGENCY.indexOf(a.shown.condition) - URGENCY.indexOf(b.shown.condition) ||
  b.running - a.running ||
  byName(a, b);

const byNextRun = (a: Described, b: Described) => dueOf(a) - dueOf(b) || byName(a, b);

/** What has no next run comes last. */
const dueOf = ({ shown: { next_run: next } }: Described) =>
  next ? Date.parse(next.run_after) : Number.MAX_SAFE_INTEGER;

function orderOf(text: string): (a: Described, b: Described) => number {
  const isReverse = text.startsWith('-');
  const name = text.replace(/^-/, '');
  const order = name === 'dag_id' ? byName : name === 'next_run' ? byNextRun : byAttention;
  return isReverse ? (a, b) => order(b, a) : order;
}
