import type { z } from 'zod';
import type { attention as contract } from '../api/contract/attention.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { AttemptRow, ListedWorkflow, RunRow } from '../store/rows.ts';
import { type Item, NOTHING } from './attention-item.ts';
import { failureLine, failureOf, fingerprint, shortPlace } from './failure.ts';
import { fullPools } from './full-pools.ts';
import { iso } from './iso.ts';
import { lateRuns } from './late-runs.ts';
import { specsOf } from './run-specs.ts';
import type { Sources } from './sources.ts';
import { RUNNING_LOOKED_AT, RUNS_LOOKED_AT } from './usual.ts';

const LATELY_MS = 16 * 3_600_000;
const MAP_INDEXES = 20;
/** When everything fails, so many workflows are told one by one. */
const MOST_FAILING = 100;

/** What is wrong or late now, the most urgent first: failed, late, limits, broken files; one cause is one item. */
export async function attention(sources: Sources): Promise<z.infer<typeof contract>> {
  const { store, clock } = sources;
  const now = clock.now();
  const [known, failing, running] = await Promise.all([
    store.readings.workflows({ present: true }),
    store.readings.failingWorkflows(),
    store.readings.runningWorkflows(RUNNING_LOOKED_AT),
  ]);
  const told = [...failing].slice(0, MOST_FAILING);
  const [runs, counts, limits, broken] = await Promise.all([
    store.readings.recentRuns({ workflowIds: [...new Set([...told, ...running])], limit: RUNS_LOOKED_AT }),
    store.readings.runCounts({ endedSince: now - LATELY_MS }),
    fullPools(sources, known),
    brokenFiles(sources, known),
  ]);
  const byWorkflow = Map.groupBy(runs, ({ workflowId }) => workflowId);
  const [bad, late] = await Promise.all([failed(sources, known, byWorkflow), lateRuns(sources, known, byWorkflow)]);
  const isSaid = ({ dag_id: dag, dag_run_id: run }: Item) =>
    bad.some((item) => item.dag_id === dag && item.dag_run_id === run);
  const items = [...bad, ...late.filter((item) => !isSaid(item)), ...limits, ...broken];
  return {
    items,
    total: items.length + failing.size - told.length,
    counts: { failed: counts.failed, running: counts.running, queued: counts.queued, succeeded: counts.success },
    since: iso(now - LATELY_MS),
    as_of: iso(now),
  };
}

/** Workflows whose latest run that ended has failed, and runs that go on while something in them has failed for good. */
async function failed(
  { store }: Sources,
  known: readonly ListedWorkflow[],
  byWorkflow: ReadonlyMap<number, readonly RunRow[]>,
): Promise<Item[]> {
  const ofWorkflows = known.flatMap((workflow) => {
    const ended = (byWorkflow.get(workflow.id) ?? []).filter(({ state }) => state === 'success' || state === 'failed');
    const [latest] = ended;
    if (latest?.state !== 'failed') return [];
    const success = ended.findIndex(({ state }) => state === 'success');
    return [{ workflow, latest, runs: success < 0 ? ended.length : success }];
  });
  const going = known.flatMap((workflow) =>
    (byWorkflow.get(workflow.id) ?? [])
      .filter(({ state }) => state === 'running')
      .map((latest) => ({ workflow, latest, runs: 1 })),
  );
  const failures = await store.readings.failures([...ofWorkflows, ...going].map(({ latest: { id } }) => id));
  const hasFailures = new Set(failures.map(({ run }) => run));
  // What a flow's step throws its body may catch: nothing is wrong while it goes on.
  const broken = [
    ...ofWorkflows,
    ...going.filter(({ workflow, latest: { id } }) => workflow.kind === 'dag' && hasFailures.has(id)),
  ];
  const latest = broken.map(({ latest: run }) => run);
  const ids = latest.map(({ id }) => id);
  const [states, specs, names] = await Promise.all([
    store.readings.taskStates(ids),
    specsOf({ store }, known, latest),
    Promise.all(
      broken.map(({ workflow, latest: run }) => (workflow.kind === 'flow' ? store.readings.stepNames(run.id) : null)),
    ),
  ]);
  const rowsOf = ({ id }: RunRow) => failures.filter((row) => row.run === id);
  const items = broken.flatMap(({ workflow, latest: run, runs }, n): Item[] => {
    const about = {
      ...NOTHING,
      kind: 'failed' as const,
      dag_id: workflow.name,
      workflow_kind: workflow.kind,
      dag_run_id: run.runId,
      runs,
      since: iso(run.endedAt ?? Math.max(run.queuedAt, ...rowsOf(run).map(({ endedAt }) => endedAt))),
      remedies: workflow.kind === 'flow' ? (['resume', 'open_log'] as const) : (['clear_failed', 'open_log'] as const),
    };
    const rows = rowsOf(run);
    const causes = Map.groupBy(workflow.kind === 'flow' ? withoutEchoes(rows) : rows, causeOf);
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
      const spec = specs.get(run.id);
      const stopped = stoppedTasks(spec, states, run.id);
      return {
        ...about,
        task_id: spec?.tasks[first!.task]?.id ?? names[n]?.get(first!.task) ?? null,
        map_indexes: isMapped ? rows.map(({ index }) => index).slice(0, MAP_INDEXES) : [],
        instances: isMapped ? (causes.size === 1 ? bad : rows.length) : 1,
        instances_of: isMapped ? all : 1,
        fact: failureLine(failure),
        detail: [
          failure.place ? ` at ${shortPlace(failure.place)}` : '',
          first!.attempt > 1 ? `, attempt ${first!.attempt}` : '',
          '.',
          runs > 1 ? ` ${runs} runs in a row failed.` : '',
          isMapped && run.state === 'running' ? soFar(counts) : '',
          stopped ? ` ${stopped} ${run.state === 'running' ? 'will' : 'did'} not run.` : '',
        ].join(''),
        remedies: [...about.remedies],
      };
    });
  });
  return items.sort((a, b) => Date.parse(b.since) - Date.parse(a.since) || b.instances - a.instances);
}

const printOf = (row: AttemptRow) => fingerprint(failureOf(row) ?? { type: '', message: '', place: null });

const causeOf = (row: AttemptRow) => `${row.task} ${printOf(row)}`;

/** The body of a flow fails of what its step has thrown: that is one cause, of the step. */
function withoutEchoes(rows: readonly AttemptRow[]): readonly AttemptRow[] {
  const ofSteps = new Set(rows.filter(({ task }) => task !== 0).map(printOf));
  return rows.filter((row) => row.task !== 0 || !ofSteps.has(printOf(row)));
}

/** ` 47 done, 1 running.` */
function soFar(counts: readonly TaskStateRow[]): string {
  const of = (state: string) => counts.find((row) => row.state === state)?.instances ?? 0;
  const parts = [of('success') > 0 && `${of('success')} done`, of('running') > 0 && `${of('running')} running`];
  const text = parts.filter(Boolean).join(', ');
  return text && ` ${text}.`;
}

function stoppedTasks(
  spec: WorkflowSpec | undefined,
  states: readonly { readonly run: number; readonly task: number; readonly state: string }[],
  run: number,
): string | null {
  const names = states
    .filter((row) => row.run === run && row.state === 'upstream_failed')
    .map(({ task }) => spec?.tasks[task]?.id)
    .filter((name) => name !== undefined);
  if (names.length === 0) return null;
  return names.length <= 2 ? names.join(' and ') : `${names[0]} and ${names.length - 1} more`;
}

async function brokenFiles({ store }: Sources, known: readonly ListedWorkflow[]): Promise<Item[]> {
  const errors = await store.readings.importErrors();
  return errors.map((error) => {
    const workflow = known.find(({ file }) => file === error.file);
    const file = shortPlace(error.file);
    const place = error.line === null ? file : `${file}:${error.line}:${error.column ?? 1}`;
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
