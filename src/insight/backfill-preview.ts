import type { z } from 'zod';
import type { backfillPreview } from '../api/contract/backfill-preview.ts';
import { planSlot, type SlotPlan } from '../engine/backfill-plan.ts';
import type { PreviewedSlot } from '../engine/backfills.ts';
import { limitKeys } from '../engine/limits.ts';
import { REPROCESS_BEHAVIORS, type RunRow } from '../store/rows.ts';
import type { KnownWorkflow } from '../store/store.ts';
import { iso } from './iso.ts';
import { many } from './many.ts';
import { specsOf } from './run-specs.ts';
import { durationOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { RUNS_LOOKED_AT, usualOfRuns } from './usual.ts';

type Preview = z.infer<typeof backfillPreview>;

export interface Previewed {
  readonly workflow: KnownWorkflow;
  /** As the engine would do it, in the order in which it would go through them. */
  readonly slots: readonly PreviewedSlot[];
  readonly from: string;
  readonly to: string;
  readonly reprocess: 'none' | 'failed' | 'completed';
  readonly reverse: boolean;
  readonly maxActiveRuns: number;
}

const ACTIONS: Readonly<Record<SlotPlan, Preview['dates'][number]['action']>> = {
  create: 'new',
  clear: 'clear',
  exists: 'leave',
  in_flight: 'in_flight',
};

/** More lanes and bars are not drawn. */
const MOST_LANES = 50;
const MOST_BARS = 1_000;
/** Nor more dates listed: those that it would go through first. */
const MOST_DATES = 5_000;
const MANY = 1_000;

/** What a backfill would do, and how long it would take after what is usual. */
export async function previewOf(sources: Sources, asked: Previewed): Promise<Preview> {
  const { store, clock } = sources;
  const { workflow, slots } = asked;
  const now = clock.now();
  const latest = await store.readings.recentRuns({ workflowIds: [workflow.id], limit: RUNS_LOOKED_AT });
  const usual = usualOfRuns(latest);
  const runs = await runsOf(sources, workflow, slots);
  const failed = await failedTasks(sources, workflow, [...runs.values()]);
  const going = slots.filter(({ plan }) => plan === 'create' || plan === 'clear');
  const runSeconds = usual?.median ?? null;
  const lanes = runSeconds === null ? [] : lanesOf(going, { now, seconds: runSeconds, places: asked.maxActiveRuns });
  return {
    dag_id: workflow.name,
    dates: slots
      .slice(0, MOST_DATES)
      .sort((a, b) => a.logicalDate - b.logicalDate)
      .map((slot) => {
        const run = slot.runId === null ? undefined : runs.get(slot.runId);
        return {
          logical_date: iso(slot.logicalDate),
          data_interval_start: iso(slot.intervalStart),
          data_interval_end: iso(slot.intervalEnd),
          run: run
            ? {
                dag_run_id: run.runId,
                state: run.state,
                duration: durationOf(run, now),
                failed_task: failed.get(run.id) ?? null,
              }
            : null,
          action: ACTIONS[slot.plan],
        };
      }),
    dates_total: slots.length,
    choices: choicesOf(slots),
    will_run: going.length,
    new: going.filter(({ plan }) => plan === 'create').length,
    cleared: going.filter(({ plan }) => plan === 'clear').length,
    task_instances: going.length * workflow.spec.tasks.length,
    run_seconds: runSeconds,
    work_seconds: runSeconds === null ? null : runSeconds * going.length,
    ends_about: endOf(going.length, { now, seconds: runSeconds, places: asked.maxActiveRuns }),
    lanes: lanes.slice(0, MOST_LANES),
    ...(await checks(sources, asked, { count: going.length, dates: slots.length })),
    command: commandOf(asked),
  };
}

/** How many dates each choice would run. */
function choicesOf(slots: readonly PreviewedSlot[]): Preview['choices'] {
  const [none, failed, completed] = REPROCESS_BEHAVIORS.map(
    (behavior) => slots.filter(({ state }) => ['create', 'clear'].includes(planSlot(state, behavior))).length,
  );
  return { none: none!, failed: failed!, completed: completed! };
}

async function runsOf({ store }: Sources, workflow: KnownWorkflow, slots: readonly PreviewedSlot[]) {
  const ends = [slots[0], slots.at(-1)].flatMap((slot) => (slot ? [slot.logicalDate] : []));
  if (ends.length === 0) return new Map<string, RunRow>();
  const { runs } = await store.readings.runs({
    workflowIds: [workflow.id],
    logicalDate: { from: Math.min(...ends), to: Math.max(...ends) + 1 },
    order: [{ by: 'logical_date', descending: false }],
    limit: 100_000,
    offset: 0,
  });
  return new Map(runs.map((run) => [run.runId, run]));
}

/** The first task that failed of runs that did. */
async function failedTasks(
  sources: Sources,
  workflow: KnownWorkflow,
  runs: readonly RunRow[],
): Promise<ReadonlyMap<number, string>> {
  const failed = runs.filter(({ state }) => state === 'failed').slice(0, 500);
  const [rows, specs] = await Promise.all([
    sources.store.readings.failures(failed.map(({ id }) => id)),
    specsOf(sources, [workflow], failed),
  ]);
  const first = new Map<number, string>();
  for (const { run, task } of rows) {
    const name = specs.get(run)?.tasks[task]?.id;
    if (name !== undefined && !first.has(run)) first.set(run, name);
  }
  return first;
}

interface LanesAbout {
  readonly now: number;
  readonly seconds: number;
  readonly places: number;
}

/** Every place takes as many runs as the others, or one more. */
function endOf(
  runs: number,
  { now, seconds, places }: Omit<LanesAbout, 'seconds'> & { readonly seconds: number | null },
): string | null {
  if (runs === 0 || seconds === null) return null;
  return iso(now + Math.ceil(runs / places) * seconds * 1000);
}

/** One list a place: each date takes the place that is free first. */
function lanesOf(going: readonly PreviewedSlot[], { now, seconds, places }: LanesAbout): Preview['lanes'] {
  const lanes: { logical_date: string; start: string; end: string }[][] = [];
  const free: number[] = [];
  for (const { logicalDate } of going.slice(0, MOST_BARS)) {
    let lane = free.indexOf(Math.min(...free));
    if (lanes.length < Math.min(places, going.length)) {
      lane = lanes.push([]) - 1;
      free.push(now);
    }
    const start = free[lane]!;
    free[lane] = start + seconds * 1000;
    lanes[lane]!.push({ logical_date: iso(logicalDate), start: iso(start), end: iso(free[lane]!) });
  }
  return lanes;
}

async function checks(
  { store }: Sources,
  { workflow, reverse }: Previewed,
  { count, dates }: { readonly count: number; readonly dates: number },
): Promise<Pick<Preview, 'warnings' | 'passing'>> {
  const warnings: Preview['warnings'] = [];
  const passing: string[] = [];
  const [pools, limits, open, latest] = await Promise.all([
    store.readings.pools(),
    store.readings.limits(),
    store.queries.backfills({ workflowId: workflow.id, limit: 20 }),
    store.readings.recentRuns({ workflowIds: [workflow.id], limit: 5 }),
  ]);
  if (workflow.paused)
    warnings.push({ kind: 'paused', text: `${workflow.name} is paused: its runs wait until it is active.` });
  else passing.push(`${workflow.name} is active.`);
  const names = new Set(workflow.spec.tasks.map(({ pool }) => pool));
  for (const pool of pools.filter(({ name }) => names.has(name))) {
    const use = limits.find(({ key }) => key === limitKeys.pool(pool.name));
    if (pool.slots >= 0 && use && use.used >= pool.slots) {
      warnings.push({
        kind: 'pool',
        text: `${pool.name} has no slot free and ${many(use.parked, 'task instance')} wait. This backfill joins the end of the line.`,
      });
    } else
      passing.push(
        `${pool.name} has ${pool.slots < 0 ? 'no limit' : `${pool.slots - (use?.used ?? 0)} of ${many(pool.slots, 'slot')} free`}.`,
      );
  }
  const other = open.find(({ completedAt }) => completedAt === null);
  if (other)
    warnings.push({
      kind: 'open_backfill',
      text: `Backfill ${other.id} of ${workflow.name} is open: there can be one at a time.`,
    });
  else passing.push('No other backfill of it is open.');
  const ended = latest.filter(({ state }) => state === 'success' || state === 'failed');
  const bad = ended.filter(({ state }) => state === 'failed').length;
  if (bad >= 2) warnings.push({ kind: 'failing', text: `${bad} of its last ${ended.length} runs failed.` });
  const past = workflow.spec.tasks.filter(({ dependsOnPast }) => dependsOnPast).map(({ id }) => id);
  if (past.length > 0 && reverse)
    warnings.push({
      kind: 'depends_on_past',
      text: `${past.join(', ')} depend on past runs: they cannot go from the latest to the earliest.`,
    });
  else if (past.length === 0) passing.push('No task depends on past runs: any order is allowed.');
  const shown = dates > MOST_DATES ? ` The first ${MOST_DATES.toLocaleString('en')} dates are listed.` : '';
  if (count > MANY || shown !== '')
    warnings.push({
      kind: 'many',
      text: `${count.toLocaleString('en')} runs: a shorter span shows sooner whether it goes well.${shown}`,
    });
  return { warnings, passing };
}

function commandOf({ workflow, from, to, reprocess, reverse, maxActiveRuns }: Previewed): string {
  return [
    `npx millrace backfill create ${workflow.name}`,
    `--from ${from}`,
    `--to ${to}`,
    reprocess !== 'none' && `--reprocess ${reprocess}`,
    reverse && '--reverse',
    maxActiveRuns !== 10 && `--limit ${maxActiveRuns}`,
  ]
    .filter(Boolean)
    .join(' ');
}
