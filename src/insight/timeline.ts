import type { z } from 'zod';
import type { timeline as contract } from '../api/contract/timeline.ts';
import { MillraceError } from '../model/errors.ts';
import type { AttemptRow, InstanceRow, VersionRow } from '../store/rows.ts';
import { expectRest } from './expectation.ts';
import { failureOf } from './failure.ts';
import { usualOfTasks } from './grid.ts';
import { iso, isoOrNull } from './iso.ts';
import { type FoundRun, type RunName, runOf } from './run-of.ts';
import { durationOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { type Counts, count, type ShownState, shownState, summed } from './task-state.ts';
import { type TreeRow, taskTree } from './task-tree.ts';
import { type Row, rowOf } from './timeline-row.ts';
import { RUNS_LOOKED_AT, seconds, type Usual, usualOfRuns } from './usual.ts';
import type { VersionCache } from './version-cache.ts';

type Timeline = z.infer<typeof contract>;

/** As many attempts of a mapped task's instances are looked through for what it failed of. */
const MAPPED_ATTEMPTS = 200;

/** A run with what happened in it: a row each task; of a flow a row each call, in the order in which they were made. */
export async function timeline(sources: Sources, versions: VersionCache, name: RunName): Promise<Timeline> {
  const found = await runOf(sources, versions, name);
  const about = await lately(sources, versions, found);
  const rows = found.workflow.kind === 'flow' ? await stepRows(sources, found) : await taskRows(sources, found, about);
  const { head, gaps } = await headOf(sources, found, about);
  let expectedEnd: number | null = null;
  if (found.workflow.kind === 'dag') {
    const tasks = new Map(found.version.spec.tasks.map(({ id }, task) => [id, task]));
    expectedEnd = expectRest(
      found.version.spec,
      new Map(rows.map((row) => [tasks.get(row.task_id)!, row])),
      sources.clock.now(),
    );
  }
  const isOver = found.run.endedAt !== null;
  return {
    run: { ...head, expected_end: isOver ? null : isoOrNull(expectedEnd) },
    rows: isOver ? rows.map((row) => ({ ...row, expected: null })) : rows,
    total_entries: rows.length,
    gaps,
    as_of: iso(sources.clock.now()),
  };
}

export interface InstancesPage extends RunName {
  readonly taskId: string;
  readonly limit: number;
  readonly offset: number;
}

/** The instances of a mapped task, those that are not done first. */
export async function instancesTimeline(
  sources: Sources,
  versions: VersionCache,
  page: InstancesPage,
): Promise<Timeline> {
  const found = await runOf(sources, versions, page);
  const task = found.version.spec.tasks.findIndex(({ id }) => id === page.taskId);
  if (task < 0) throw new MillraceError('not_found', `${page.dagId} has no task ${page.taskId}`);
  const { readings } = sources.store;
  const { instances, total } = await readings.instancesOf({
    run: found.run.id,
    task,
    limit: page.limit,
    offset: page.offset,
  });
  const [attempts, about, timers] = await Promise.all([
    readings.attemptsOf({ run: found.run.id, task, indexes: instances.map(({ index }) => index) }),
    lately(sources, versions, found),
    readings.timersOf(found.run.id),
  ]);
  const byIndex = Map.groupBy(attempts, ({ index }) => index);
  const now = sources.clock.now();
  const rows = instances.map((instance) =>
    rowOf(instance, {
      taskId: page.taskId,
      label: `${page.taskId}[${instance.index}]`,
      kind: 'task',
      groups: [],
      attempts: byIndex.get(instance.index) ?? [],
      isCached: false,
      usual: about.tasks.get(page.taskId) ?? null,
      nextTry: timers.get(`${task}.${instance.index}`) ?? null,
      now,
    }),
  );
  const { head } = await headOf(sources, found, about);
  return { run: { ...head, expected_end: null }, rows, total_entries: total, gaps: [], as_of: iso(now) };
}

interface Lately {
  readonly run: Usual;
  readonly tasks: ReadonlyMap<string, Usual>;
}

/** How long the run and its tasks usually take. */
async function lately({ store }: Sources, versions: VersionCache, { workflow }: FoundRun): Promise<Lately> {
  const latest = await store.readings.recentRuns({ workflowIds: [workflow.id], limit: RUNS_LOOKED_AT });
  const successes = latest.filter(({ state }) => state === 'success').slice(0, 20);
  const run = usualOfRuns(latest);
  if (workflow.kind === 'flow') return { run, tasks: new Map() };
  const versionOf = new Map<number, VersionRow>();
  for (const id of new Set(successes.map(({ versionId }) => versionId)))
    versionOf.set(id, await versions.get(store.queries, id));
  return { run, tasks: await usualOfTasks({ store }, successes, versionOf) };
}

async function taskRows({ store, clock }: Sources, { run, version }: FoundRun, about: Lately): Promise<Row[]> {
  const { readings } = store;
  const now = clock.now();
  const [plain, states, attempts, timers] = await Promise.all([
    readings.plainInstances(run.id),
    readings.taskStates([run.id]),
    readings.attemptsOf({ run: run.id }),
    readings.timersOf(run.id),
  ]);
  const failures = states.some(({ mapped, state }) => mapped && state === 'failed')
    ? await readings.failures([run.id])
    : [];
  const instanceOf = new Map(plain.map((row) => [row.task, row]));
  const byTask = Map.groupBy(attempts, ({ task }) => task);
  const mappedStates = Map.groupBy(
    states.filter(({ mapped }) => mapped),
    ({ task }) => task,
  );
  const rows: Row[] = [];
  for (const row of taskTree(version.spec)) {
    if (row.task === undefined) continue;
    const usual = about.tasks.get(row.id) ?? null;
    const instance = instanceOf.get(row.task);
    if (instance) {
      rows.push(
        rowOf(instance, {
          taskId: row.id,
          label: row.id,
          kind: 'task',
          groups: groupsOf(row),
          attempts: byTask.get(row.task) ?? [],
          isCached: false,
          usual,
          nextTry: timers.get(`${row.task}.${instance.index}`) ?? null,
          now,
        }),
      );
      continue;
    }
    const counts: Counts = {};
    const of = mappedStates.get(row.task) ?? [];
    if (of.length === 0) continue;
    for (const each of of) {
      count(counts, shownState(each.state, false), each.instances - each.parked);
      count(counts, shownState(each.state, true), each.parked);
    }
    const failed = failures.filter(({ task }) => task === row.task);
    rows.push(mappedRow(row, { counts, of, failed: failed.slice(0, MAPPED_ATTEMPTS), usual, now }));
  }
  return rows;
}

const groupsOf = ({ parent }: TreeRow) => (parent === null ? [] : parent.split('.'));

interface MappedAbout {
  readonly counts: Counts;
  readonly of: readonly {
    readonly state: string;
    readonly attempt: number;
    readonly startedAt: number | null;
    readonly endedAt: number | null;
  }[];
  readonly failed: readonly AttemptRow[];
  readonly usual: Usual;
  readonly now: number;
}

/** All instances of a mapped task in one row: from the first start to the last end. */
function mappedRow(row: TreeRow, { counts, of, failed, usual, now }: MappedAbout): Row {
  const starts = of.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  const ends = of.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
  const start = starts.length === 0 ? null : Math.min(...starts);
  const isOpen = Object.keys(counts).some(
    (state) => !['success', 'failed', 'skipped', 'upstream_failed', 'removed'].includes(state),
  );
  const end = isOpen || ends.length === 0 ? null : Math.max(...ends);
  const state = summed(Object.keys(counts).map((name) => (name === 'none' ? null : (name as ShownState))));
  const error = failed[0] ? failureOf(failed[0]) : null;
  const outcome = isOpen ? 'running' : state === 'success' || state === 'skipped' ? state : 'failed';
  return {
    task_id: row.id,
    map_index: -1,
    label: row.id,
    kind: 'mapped',
    groups: groupsOf(row),
    state,
    counts,
    is_cached: false,
    queued_at: null,
    start_date: isoOrNull(start),
    end_date: isoOrNull(end),
    duration: start === null ? null : seconds((end ?? now) - start),
    max_tries: Math.max(1, ...of.map(({ attempt }) => attempt)),
    attempts:
      start === null
        ? []
        : [
            {
              try_number: Math.max(1, ...of.map(({ attempt }) => attempt)),
              outcome,
              start_date: iso(start),
              end_date: isoOrNull(end),
              worker: null,
              reason: null,
              error,
            },
          ],
    next_try: null,
    usual,
    expected: null,
    is_critical: false,
  };
}

/** The calls of a flow, each with its attempts; calls of child flows behind the call of the child. */
async function stepRows({ store, clock }: Sources, { run }: FoundRun): Promise<Row[]> {
  const { readings, queries } = store;
  const now = clock.now();
  const [instances, names, attempts, cached] = await Promise.all([
    queries.instances(run.id),
    readings.stepNames(run.id),
    queries.attempts(run.id),
    readings.cachedSteps(run.id),
  ]);
  const keyOf = ({ task, index }: Pick<InstanceRow, 'task' | 'index'>) => `${task}.${index}`;
  const byKey = Map.groupBy(attempts, keyOf);
  const steps = instances.filter(({ task }) => names.has(task));
  const parents = new Set([...names.values()].flatMap((name) => /^(.*)\/\d+\/[^/]+$/.exec(name)?.[1] ?? []));
  return steps
    .sort((a, b) => (a.startedAt ?? now) - (b.startedAt ?? now) || a.task - b.task || a.index - b.index)
    .map((instance) => {
      const name = names.get(instance.task)!;
      const path = name.split('/');
      return rowOf(instance, {
        taskId: name,
        label: path.at(-1)!,
        kind: parents.has(name) ? 'child_flow' : 'step',
        groups: path.slice(0, -1),
        attempts: byKey.get(keyOf(instance)) ?? [],
        isCached: cached.has(keyOf(instance)),
        usual: null,
        nextTry: null,
        now,
      });
    });
}

async function headOf({ store, clock }: Sources, { workflow, run, version }: FoundRun, about: Lately) {
  const now = clock.now();
  const [states, bodies] = await Promise.all([
    store.readings.taskStates([run.id]),
    workflow.kind === 'flow' ? store.readings.attemptsOf({ run: run.id, task: 0 }) : [],
  ]);
  const counts: Counts = {};
  for (const row of states) {
    // The body of a flow is no step of it.
    if (workflow.kind === 'flow' && row.task === 0) continue;
    count(counts, shownState(row.state, false), row.instances - row.parked);
    count(counts, shownState(row.state, true), row.parked);
  }
  const last = bodies.at(-1);
  return {
    gaps: gapsOf(bodies),
    head: {
      dag_id: workflow.name,
      dag_run_id: run.runId,
      kind: workflow.kind,
      run_type: run.type,
      state: run.state,
      logical_date: isoOrNull(run.logicalDate),
      data_interval_start: isoOrNull(run.intervalStart),
      data_interval_end: isoOrNull(run.intervalEnd),
      run_after: iso(run.runAfter),
      queued_at: iso(run.queuedAt),
      start_date: isoOrNull(run.startedAt),
      end_date: isoOrNull(run.endedAt),
      duration: durationOf(run, now),
      conf: JSON.parse(run.conf) as Record<string, unknown>,
      triggered_by: run.triggeredBy,
      note: run.note,
      version: version.number,
      bundle: version.bundleHash,
      backfill_id: run.backfillId,
      error: run.state === 'failed' && last ? failureOf(last) : null,
      reason: run.reason,
      usual: about.run,
      counts,
    },
  };
}

/** Between an attempt of a flow's body that was lost and the next one nobody was there for it. */
function gapsOf(bodies: readonly AttemptRow[]): Timeline['gaps'] {
  return bodies.flatMap((attempt, n) => {
    const next = bodies[n + 1];
    if (attempt.outcome !== 'lost' || !next || next.startedAt <= attempt.endedAt) return [];
    return [{ from: iso(attempt.endedAt), to: iso(next.startedAt), reason: attempt.reason ?? 'lost' }];
  });
}
