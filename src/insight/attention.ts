import type { z } from 'zod';
import type { attentionItem, attention as contract } from '../api/contract/attention.ts';
import { limitKeys } from '../engine/limits.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import type { RunRow } from '../store/rows.ts';
import type { KnownWorkflow } from '../store/store.ts';
import { failureLine, failureOf, fingerprint } from './failure.ts';
import { iso } from './iso.ts';
import { specsOf } from './run-specs.ts';
import { durationOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { about, isLate, RUNS_LOOKED_AT, usualOfRuns } from './usual.ts';

type Item = z.infer<typeof attentionItem>;

const LATELY_MS = 16 * 3_600_000;
const MAP_INDEXES = 20;

/** What is wrong or late now, the most urgent first: failed, late, limits, broken files; one cause is one item. */
export async function attention(sources: Sources): Promise<z.infer<typeof contract>> {
  const { store, clock } = sources;
  const now = clock.now();
  const known = await store.queries.workflows({ present: true });
  const [runs, counts, limits, broken] = await Promise.all([
    store.readings.recentRuns({ workflowIds: known.map(({ id }) => id), limit: RUNS_LOOKED_AT }),
    store.readings.runCounts({ endedSince: now - LATELY_MS }),
    fullPools(sources),
    brokenFiles(sources, known),
  ]);
  const byWorkflow = Map.groupBy(runs, ({ workflowId }) => workflowId);
  const items = [...(await failed(sources, known, byWorkflow)), ...late(known, byWorkflow, now), ...limits, ...broken];
  return {
    items,
    counts: { failed: counts.failed, running: counts.running, queued: counts.queued, succeeded: counts.success },
    since: iso(now - LATELY_MS),
    as_of: iso(now),
  };
}

const NOTHING = {
  dag_id: null,
  workflow_kind: null,
  dag_run_id: null,
  task_id: null,
  map_indexes: [],
  instances: 1,
  instances_of: 1,
  runs: 1,
  subject: null,
  detail: '',
} as const;

/** Workflows whose latest run that ended has failed. */
async function failed(
  { store }: Sources,
  known: readonly KnownWorkflow[],
  byWorkflow: ReadonlyMap<number, readonly RunRow[]>,
): Promise<Item[]> {
  const broken = known.flatMap((workflow) => {
    const ended = (byWorkflow.get(workflow.id) ?? []).filter(({ state }) => state === 'success' || state === 'failed');
    const [latest] = ended;
    if (latest?.state !== 'failed') return [];
    const success = ended.findIndex(({ state }) => state === 'success');
    return [{ workflow, latest, runs: success < 0 ? ended.length : success }];
  });
  const latest = broken.map(({ latest: run }) => run);
  const ids = latest.map(({ id }) => id);
  const [failures, states, specs, names] = await Promise.all([
    store.readings.failures(ids),
    store.readings.taskStates(ids),
    specsOf({ store }, known, latest),
    Promise.all(
      broken.map(({ workflow, latest: run }) => (workflow.kind === 'flow' ? store.readings.stepNames(run.id) : null)),
    ),
  ]);
  const items = broken.flatMap(({ workflow, latest: run, runs }, n): Item[] => {
    const about = {
      ...NOTHING,
      kind: 'failed' as const,
      dag_id: workflow.name,
      workflow_kind: workflow.kind,
      dag_run_id: run.runId,
      runs,
      since: iso(run.endedAt ?? run.queuedAt),
      remedies: workflow.kind === 'flow' ? (['resume', 'open_log'] as const) : (['clear_failed', 'open_log'] as const),
    };
    const causes = Map.groupBy(
      failures.filter((row) => row.run === run.id),
      (row) => `${row.task} ${fingerprint(failureOf(row) ?? { type: '', message: '', place: null, stack: null })}`,
    );
    if (causes.size === 0)
      return [
        { ...about, map_indexes: [], fact: run.reason ?? 'The run failed', detail: '.', remedies: [...about.remedies] },
      ];
    return [...causes.values()].map((rows) => {
      const [first] = rows;
      const failure = failureOf(first!)!;
      const counts = states.filter(({ run: id, task }) => id === run.id && task === first!.task);
      const all = counts.reduce((sum, { instances }) => sum + instances, 0);
      const bad = counts.find(({ state }) => state === 'failed')?.instances ?? rows.length;
      const isMapped = first!.index >= 0 && workflow.kind === 'dag';
      const spec = specs.get(run.id) ?? workflow.spec;
      const stopped = stoppedTasks(spec, states, run.id);
      return {
        ...about,
        task_id: spec.tasks[first!.task]?.id ?? names[n]?.get(first!.task) ?? null,
        map_indexes: isMapped ? rows.map(({ index }) => index).slice(0, MAP_INDEXES) : [],
        instances: isMapped ? (causes.size === 1 ? bad : rows.length) : 1,
        instances_of: isMapped ? all : 1,
        fact: failureLine(failure),
        detail: [
          failure.place ? ` at ${failure.place}` : '',
          first!.attempt > 1 ? `, attempt ${first!.attempt}` : '',
          '.',
          runs > 1 ? ` ${runs} runs in a row failed.` : '',
          stopped ? ` ${stopped} did not run.` : '',
        ].join(''),
        remedies: [...about.remedies],
      };
    });
  });
  return items.sort((a, b) => Date.parse(b.since) - Date.parse(a.since) || b.instances - a.instances);
}

function stoppedTasks(
  spec: WorkflowSpec,
  states: readonly { readonly run: number; readonly task: number; readonly state: string }[],
  run: number,
): string | null {
  const names = states
    .filter((row) => row.run === run && row.state === 'upstream_failed')
    .map(({ task }) => spec.tasks[task]?.id)
    .filter((name) => name !== undefined);
  if (names.length === 0) return null;
  return names.length <= 2 ? names.join(' and ') : `${names[0]} and ${names.length - 1} more`;
}

/** Runs that go on longer than usual. */
function late(
  known: readonly KnownWorkflow[],
  byWorkflow: ReadonlyMap<number, readonly RunRow[]>,
  now: number,
): Item[] {
  return known.flatMap((workflow) => {
    const runs = byWorkflow.get(workflow.id) ?? [];
    const usual = usualOfRuns(runs);
    return runs
      .filter((run) => run.state === 'running' && isLate(durationOf(run, now) ?? 0, usual))
      .map(
        (run): Item => ({
          ...NOTHING,
          map_indexes: [],
          kind: 'late',
          dag_id: workflow.name,
          workflow_kind: workflow.kind,
          dag_run_id: run.runId,
          fact: `${about(durationOf(run, now)!)} so far`,
          detail: `, usually ${about(usual!.median)}.`,
          since: iso(run.startedAt!),
          remedies: ['open_run', 'why'],
        }),
      );
  });
}

/** Pools without a free slot for which something waits. */
async function fullPools({ store, clock }: Sources): Promise<Item[]> {
  const [pools, limits] = await Promise.all([store.readings.pools(), store.readings.limits()]);
  const full = pools.flatMap((pool) => {
    const use = limits.find(({ key }) => key === limitKeys.pool(pool.name));
    return use && use.parked > 0 && pool.slots >= 0 && use.used >= pool.slots ? [{ pool, use }] : [];
  });
  return await Promise.all(
    full.map(async ({ pool, use }): Promise<Item> => {
      const waiting = use.parked === 1 ? '1 task instance waits' : `${use.parked} task instances wait`;
      return {
        ...NOTHING,
        map_indexes: [],
        kind: 'limit',
        subject: pool.name,
        fact: `${use.used} of ${pool.slots} slots taken`,
        detail: `, ${waiting}.`,
        since: iso((await store.readings.parkedSince(use.key)) ?? clock.now()),
        remedies: ['see_holders'],
      };
    }),
  );
}

async function brokenFiles({ store }: Sources, known: readonly KnownWorkflow[]): Promise<Item[]> {
  const errors = await store.readings.importErrors();
  return errors.map((error) => {
    const workflow = known.find(({ file }) => file === error.file);
    const place = error.line === null ? error.file : `${error.file}:${error.line}:${error.column ?? 1}`;
    return {
      ...NOTHING,
      map_indexes: [],
      kind: 'broken_file',
      dag_id: workflow?.name ?? null,
      workflow_kind: workflow?.kind ?? null,
      subject: place,
      fact: error.message.split('\n')[0] ?? '',
      detail: workflow ? `. Runs go on with v${workflow.versionNumber}.` : '.',
      since: iso(error.at),
      remedies: ['show_code'],
    };
  });
}
