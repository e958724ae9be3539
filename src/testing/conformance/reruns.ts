import { reachable } from '../../model/task-graph.ts';
import type { DrawnWorkflow } from '../../sdk/drawn.ts';
import type { ClearRequest, ExpectedInstance, RerunCase, Step } from './dag-case.ts';
import { drawnCase } from './drawn-case.ts';
import { nameOf } from './task-body.ts';
import { type Verdict, verdict } from './verdict.ts';
import { WholeRun } from './whole-run.ts';

/** A whole run, a clear, and the rest of the run; the instances after both parts. */
export async function checkReruns({ input, expected }: RerunCase): Promise<Verdict> {
  const workflow = drawnCase(input.dag, { received: new Map(), returned: new Map() });
  const run = await WholeRun.start(workflow, 'pass by pass');
  try {
    const first = await follow(run, input.order);
    if (first) return { agree: false, got: { before: first } };
    const before = await outcome(run);
    const chosen = selected(workflow, input.clear);
    const cleared = await run.clear(({ taskId, row }) => chosen(taskId, row.index, row.state));
    const second = await follow(run, input.order_after);
    if (second) return { agree: false, got: { cleared, after: second } };
    const left = await run.ready();
    return verdict(
      { before, cleared, after: await outcome(run), left },
      {
        before: { ...expected.before, instances: byName(expected.before.instances) },
        cleared: expected.cleared,
        after: { ...expected.after, instances: byName(expected.after.instances) },
        left: [],
      },
    );
  } finally {
    await run.close();
  }
}

/** Makes the attempts in this order; tells of the first that cannot be made. */
async function follow(run: WholeRun, order: readonly Step[]): Promise<object | null> {
  for (const [taskId, index, attempt] of order) {
    const ready = await run.ready();
    const found = ready.find((one) => one.taskId === taskId && one.index === index);
    if (found?.attempt !== attempt) return { wanted: [taskId, index, attempt], ready };
    await run.attempt(taskId, index);
  }
  return null;
}

async function outcome(run: WholeRun) {
  const { run: row, instances } = await run.state();
  const named = instances.map(({ taskId, index, state, attempt }) => ({
    task_id: taskId,
    map_index: index,
    state: state === 'none' ? null : state,
    try_number: attempt,
  }));
  return { run_state: row.state, instances: byName(named as unknown as ExpectedInstance[]) };
}

/** Which instances a request means: by task, with what is up and down from there, and of those only the failed. */
function selected({ spec }: DrawnWorkflow, request: ClearRequest) {
  const names = request.task_ids?.map((id) =>
    typeof id === 'string' ? { task: id, index: null } : { task: id[0], index: id[1] },
  );
  const around = new Set<string>();
  for (const { task } of names ?? []) {
    const at = spec.tasks.findIndex(({ id }) => id === task);
    for (const direction of ['upstream', 'downstream'] as const) {
      if (!request[`include_${direction}`]) continue;
      for (const other of reachable(spec, at, direction)) around.add(spec.tasks[other]!.id);
    }
  }
  return (taskId: string, mapIndex: number, state: string): boolean => {
    if (request.only_failed && state !== 'failed' && state !== 'upstream_failed') return false;
    if (!names || around.has(taskId)) return true;
    return names.some(({ task, index }) => task === taskId && (index === null || index === mapIndex));
  };
}

function byName(instances: readonly ExpectedInstance[]) {
  const plain = instances.map(({ task_id, map_index, state, try_number }) => ({
    task_id,
    map_index,
    state,
    try_number,
  }));
  return Object.fromEntries(plain.map((instance) => [nameOf(instance.task_id, instance.map_index), instance]));
}
