import type { TaskStateRow } from '../store/readings.ts';
import type { ListedWorkflow, RunRow } from '../store/rows.ts';
import { type Item, NOTHING } from './attention-item.ts';
import { iso } from './iso.ts';
import { specsOf } from './run-specs.ts';
import { durationOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { about, isLate, type Usual, usualOfRuns } from './usual.ts';

interface Late {
  readonly workflow: ListedWorkflow;
  readonly run: RunRow;
  readonly usual: Usual;
}

/** Runs that go on longer than usual, and the task that they are at, where it is one. */
export async function lateRuns(
  { store, clock }: Sources,
  known: readonly ListedWorkflow[],
  byWorkflow: ReadonlyMap<number, readonly RunRow[]>,
): Promise<Item[]> {
  const now = clock.now();
  const late = known.flatMap((workflow): Late[] => {
    const runs = byWorkflow.get(workflow.id) ?? [];
    const usual = usualOfRuns(runs);
    return runs
      .filter((run) => run.state === 'running' && isLate(durationOf(run, now) ?? 0, usual))
      .map((run) => ({ workflow, run, usual }));
  });
  const runs = late.map(({ run }) => run);
  const [states, specs] = await Promise.all([
    store.readings.taskStates(runs.map(({ id }) => id)),
    specsOf({ store }, known, runs),
  ]);
  const running = Map.groupBy(
    states.filter(({ state }) => state === 'running'),
    ({ run }) => run,
  );
  return late.map(({ workflow, run, usual }): Item => {
    const at = workflow.kind === 'dag' ? only(running.get(run.id)) : undefined;
    const task = at && specs.get(run.id)?.tasks[at.task];
    const most = (task?.retries ?? 0) + 1;
    return {
      ...NOTHING,
      kind: 'late',
      dag_id: workflow.name,
      workflow_kind: workflow.kind,
      dag_run_id: run.runId,
      task_id: task?.id ?? null,
      fact: `${about(durationOf(run, now)!)} so far`,
      detail: [
        `, usually ${about(usual!.median)}.`,
        at && at.instances === 1 && at.attempt > 1 && ` Attempt ${at.attempt} of ${Math.max(most, at.attempt)}.`,
      ]
        .filter(Boolean)
        .join(''),
      since: iso(run.startedAt!),
      remedies: ['open_run', 'why'],
    };
  });
}

const only = (rows: readonly TaskStateRow[] = []) => (rows.length === 1 ? rows[0] : undefined);
