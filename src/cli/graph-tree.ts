import type { TaskSpec, WorkflowSpec } from '../model/spec.ts';

/**
 * A graph as an indented tree, from the tasks that wait for nothing downwards. A task that waits for several is drawn
 * in full below the last of them; above that, a line points to it.
 */
export function graphTree({ tasks }: Pick<WorkflowSpec, 'tasks'>, label: (task: TaskSpec) => string): string {
  const waiting = tasks.map(({ upstream }) => upstream.length);
  const lines: string[] = [];
  const draw = (index: number, lead: string, branch: string) => {
    const task = tasks[index]!;
    const left = --waiting[index]!;
    const open = left > 0;
    lines.push(`${lead}${branch}${open ? `${task.id} …` : label(task)}`);
    if (open) return;
    const below = lead + (branch === '' ? '' : branch.startsWith('└') ? '   ' : '│  ');
    for (const next of task.downstream) draw(next, below, next === task.downstream.at(-1) ? '└─ ' : '├─ ');
  };
  for (const [index, { upstream }] of tasks.entries()) if (upstream.length === 0) draw(index, '', '');
  return lines.join('\n');
}

/** What is special about a task, in a few words. */
export function taskMarks(task: TaskSpec, spec: Pick<WorkflowSpec, 'groups'>): string[] {
  const group = task.group === null ? undefined : spec.groups[task.group];
  return [
    task.kind === 'task' ? '' : task.kind,
    task.mapping ? 'mapped' : group?.mapping ? 'in mapped group' : '',
    task.setup ? 'setup' : '',
    task.teardown ? 'teardown' : '',
    task.triggerRule === 'all_success' ? '' : task.triggerRule,
    task.retries > 0 ? `${task.retries} ${task.retries === 1 ? 'retry' : 'retries'}` : '',
    task.pool === 'default_pool' ? '' : `pool ${task.pool}`,
  ].filter((mark) => mark !== '');
}
