import type { z } from 'zod';
import type { timeline as contract } from '../api/contract/timeline.ts';
import { MillraceError } from '../model/errors.ts';
import { expectRest } from './expectation.ts';
import { iso, isoOrNull } from './iso.ts';
import { type Lately, lately } from './lately.ts';
import { headOf } from './run-head.ts';
import { type FoundRun, type RunName, runOf } from './run-of.ts';
import type { Sources } from './sources.ts';
import { stepRows } from './step-rows.ts';
import { taskTree } from './task-tree.ts';
import { groupsOf, mappedRow, type Row, rowOf } from './timeline-row.ts';
import type { VersionCache } from './version-cache.ts';

type Timeline = z.infer<typeof contract>;

export interface Asked extends RunName {
  /** Of a DAG the rows of these tasks alone; then nothing is said of what is expected. */
  readonly only?: readonly string[] | undefined;
}

/** A run with what happened in it: a row each task; of a flow a row each call, in the order in which they were made. */
export async function timeline(sources: Sources, versions: VersionCache, asked: Asked): Promise<Timeline> {
  const found = await runOf(sources, versions, asked);
  const about = await lately(sources, versions, found.workflow);
  const isFlow = found.workflow.kind === 'flow';
  const rows = isFlow ? await stepRows(sources, found) : await taskRows(sources, found, about, asked.only);
  const { head, gaps } = await headOf(sources, found, about);
  let expectedEnd: number | null = null;
  if (!isFlow && !asked.only) {
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
  if (task < 0) throw new MillraceError('not_found', `${page.dagId} has no task '${page.taskId}'`);
  const { readings } = sources.store;
  const { instances, total } = await readings.instancesOf({
    run: found.run.id,
    task,
    limit: page.limit,
    offset: page.offset,
  });
  const [attempts, about, timers, names] = await Promise.all([
    readings.attemptsOf({ run: found.run.id, task, indexes: instances.map(({ index }) => index) }),
    lately(sources, versions, found.workflow),
    readings.timersOf(found.run.id),
    readings.instanceNames([found.run.id]),
  ]);
  const byIndex = Map.groupBy(attempts, ({ index }) => index);
  const now = sources.clock.now();
  const rows = instances.map((instance) =>
    rowOf(instance, {
      taskId: page.taskId,
      label: `${page.taskId}[${instance.index}]`,
      instanceName: names.get(`${found.run.id}.${task}.${instance.index}`),
      kind: 'task',
      groups: [],
      attempts: byIndex.get(instance.index) ?? [],
      isCached: false,
      usual: about.tasks.get(page.taskId) ?? null,
      nextTry: timers.get(`${task}.${instance.index}`) ?? null,
      now,
      progress: sources.progress,
    }),
  );
  const { head } = await headOf(sources, found, about);
  return { run: { ...head, expected_end: null }, rows, total_entries: total, gaps: [], as_of: iso(now) };
}

async function taskRows(
  { store, clock, progress }: Sources,
  { run, version }: FoundRun,
  about: Lately,
  only: readonly string[] | undefined,
): Promise<Row[]> {
  const { readings } = store;
  const now = clock.now();
  const tree = taskTree(version.spec).filter((row) => row.task !== undefined && (!only || only.includes(row.id)));
  const tasks = only && tree.map((row) => row.task!);
  const [plain, states, attempts, timers] = await Promise.all([
    readings.plainInstances(run.id, tasks),
    readings.taskStates([run.id]),
    tasks
      ? Promise.all(tasks.map((task) => readings.attemptsOf({ run: run.id, task }))).then((lists) => lists.flat())
      : readings.attemptsOf({ run: run.id }),
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
  for (const row of tree) {
    const usual = about.tasks.get(row.id) ?? null;
    const instance = instanceOf.get(row.task!);
    if (instance) {
      rows.push(
        rowOf(instance, {
          taskId: row.id,
          label: row.id,
          kind: 'task',
          groups: groupsOf(row),
          attempts: byTask.get(row.task!) ?? [],
          isCached: false,
          usual,
          nextTry: timers.get(`${row.task}.${instance.index}`) ?? null,
          now,
          progress,
        }),
      );
      continue;
    }
    const states = mappedStates.get(row.task!) ?? [];
    const [failed] = failures.filter(({ task }) => task === row.task);
    if (states.length > 0) rows.push(mappedRow(row, { states, failed, usual, now }));
  }
  return rows;
}
