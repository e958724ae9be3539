import type { InstanceRow } from '../store/rows.ts';
import type { FoundRun } from './run-of.ts';
import type { Sources } from './sources.ts';
import { type Row, rowOf } from './timeline-row.ts';

/** The calls of a flow, each with its attempts; calls of child flows behind the call of the child. */
export async function stepRows({ store, clock, progress }: Sources, { run }: FoundRun): Promise<Row[]> {
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
        progress,
      });
    });
}
