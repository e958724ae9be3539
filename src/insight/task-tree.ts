import type { WorkflowSpec } from '../model/spec.ts';

/** A task or group of a DAG, as it is shown. */
export interface TreeRow {
  readonly id: string;
  readonly label: string;
  readonly kind: 'task' | 'group';
  readonly parent: string | null;
  readonly depth: number;
  readonly isMapped: boolean;
  readonly role: 'setup' | 'teardown' | null;
  /** Index of the task in the spec; undefined for a group. */
  readonly task: number | undefined;
  /** Indexes of the tasks in a group, at any depth; of a task its own. */
  readonly tasks: readonly number[];
}

/** The tree of groups and tasks, written out from the top; tasks in the order in which they can run. */
export function taskTree(spec: WorkflowSpec): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const order = inOrder(spec);
  const groupOf = (task: number) => spec.tasks[task]!.group;
  const isInside = (group: number | null, outer: number | null): boolean => {
    for (let at = group; at !== null; at = spec.groups[at]!.parent) if (at === outer) return true;
    return outer === null;
  };
  const draw = (outer: number | null, depth: number, inMapped: boolean) => {
    const prefix = outer === null ? '' : `${spec.groups[outer]!.id}.`;
    const label = (id: string) => (id.startsWith(prefix) ? id.slice(prefix.length) : id);
    const parent = outer === null ? null : spec.groups[outer]!.id;
    const drawn = new Set<number>();
    for (const task of order) {
      const group = groupOf(task);
      if (!isInside(group, outer)) continue;
      if (group === outer) {
        const { id, setup, teardown, mapping } = spec.tasks[task]!;
        const role = setup ? 'setup' : teardown ? 'teardown' : null;
        rows.push({
          id,
          label: label(id),
          kind: 'task',
          parent,
          depth,
          isMapped: inMapped || mapping !== null,
          role,
          task,
          tasks: [task],
        });
        continue;
      }
      // A group stands where the first of its tasks would.
      const child = childOf(spec, group!, outer);
      if (drawn.has(child)) continue;
      drawn.add(child);
      const { id, mapping } = spec.groups[child]!;
      const tasks = order.filter((each) => isInside(groupOf(each), child));
      const isMapped = inMapped || mapping !== null;
      rows.push({ id, label: label(id), kind: 'group', parent, depth, isMapped, role: null, task: undefined, tasks });
      draw(child, depth + 1, isMapped);
    }
  };
  draw(null, 0, false);
  return rows;
}

/** The group directly inside `outer` that holds `group`. */
function childOf(spec: WorkflowSpec, group: number, outer: number | null): number {
  let at = group;
  while (spec.groups[at]!.parent !== outer) at = spec.groups[at]!.parent!;
  return at;
}

/** Tasks so that none comes before what is upstream of it; else as they were written. */
export function inOrder({ tasks }: WorkflowSpec): readonly number[] {
  const waiting = tasks.map(({ upstream }) => upstream.length);
  const order: number[] = [];
  const ready = tasks.flatMap((_, task) => (waiting[task] === 0 ? [task] : []));
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    order.push(next);
    for (const task of tasks[next]!.downstream) {
      waiting[task]! -= 1;
      if (waiting[task] === 0) ready.push(task);
    }
  }
  return order;
}
