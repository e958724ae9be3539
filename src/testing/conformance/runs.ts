import type { RunCase } from './dag-case.ts';
import { drawnCase } from './drawn-case.ts';
import { nameOf, type Observed } from './task-body.ts';
import { type Verdict, verdict } from './verdict.ts';
import { type Pace, WholeRun } from './whole-run.ts';

type Instance = Awaited<ReturnType<WholeRun['state']>>['instances'][number];

/** A whole run, attempt by attempt in the order of the case: its state and its instances at the end. */
export function checkRuns(each: RunCase, pace: Pace = 'pass by pass'): Promise<Verdict> {
  return check(each, pace, () => ({}));
}

/** The same, and what mapped tasks and those that collect from them got and gave. */
export function checkMapping(each: RunCase, pace: Pace = 'pass by pass'): Promise<Verdict> {
  return check(each, pace, (observed, { taskId, index, state, name }) => {
    const key = nameOf(taskId, index);
    return {
      received: observed.received.get(key),
      returned: state === 'success' ? observed.returned.get(key) : undefined,
      label: name,
    };
  });
}

async function check(
  { input, expected }: RunCase,
  pace: Pace,
  about: (observed: Observed, instance: Instance) => object,
): Promise<Verdict> {
  const observed: Observed = { received: new Map(), returned: new Map() };
  const workflow = drawnCase(input.dag, observed);
  const upstream = Object.fromEntries(
    workflow.spec.tasks.map((task) => [task.id, task.upstream.map((from) => workflow.spec.tasks[from]!.id).sort()]),
  );
  const run = await WholeRun.start(workflow, pace);
  try {
    for (const [taskId, index, attempt] of input.order) {
      const ready = await run.ready();
      const found = ready.find((one) => one.taskId === taskId && one.index === index);
      if (found?.attempt !== attempt) return { agree: false, got: { wanted: [taskId, index, attempt], ready } };
      await run.attempt(taskId, index);
    }
    const left = await run.ready();
    const { run: row, instances } = await run.state();
    return verdict(
      {
        upstream: expected.upstream ? upstream : undefined,
        left,
        run_state: row.state,
        instances: byName(
          instances.map((instance) => ({
            task_id: instance.taskId,
            map_index: instance.index,
            state: instance.state === 'none' ? null : instance.state,
            try_number: instance.attempt,
            ...about(observed, instance),
          })),
        ),
      },
      {
        upstream: sorted(expected.upstream),
        left: [],
        run_state: expected.run_state,
        instances: byName(
          expected.instances.map(({ task_id, map_index, state, try_number, received, returned, label }) => ({
            task_id,
            map_index,
            state,
            try_number,
            received,
            returned,
            label,
          })),
        ),
      },
    );
  } finally {
    await run.close();
  }
}

function byName<T extends { readonly task_id: string; readonly map_index: number }>(instances: readonly T[]) {
  return Object.fromEntries(instances.map((instance) => [nameOf(instance.task_id, instance.map_index), instance]));
}

function sorted(upstream: RunCase['expected']['upstream']) {
  return upstream && Object.fromEntries(Object.entries(upstream).map(([id, list]) => [id, [...list].sort()]));
}
