import type { Expression, Mapping } from '../model/expression.ts';
import { consideredTasks } from '../model/run-state.ts';
import { countsOwnIndexOnly, mappedGroups, tasksInScope } from '../model/scope.ts';
import type { TaskSpec, WorkflowSpec } from '../model/spec.ts';
import { reachable } from '../model/task-graph.ts';
import type { Timetable } from '../timetable/timetable.ts';
import { timetableFor } from '../timetable/timetable-for.ts';

/** Where the end of one instance is counted: the instances of a downstream task, or only that of the same index. */
export interface Edge {
  readonly task: number;
  readonly ownIndexOnly: boolean;
  /** `direct`: its upstream counters; `scope`: its scope counters. */
  readonly counts: 'direct' | 'scope';
  /** The end of a setup, counted by the teardown next to it. */
  readonly setup: boolean;
}

/** What the engine needs to know of a version's spec, computed once and kept: a spec never changes. */
export class WorkflowGraph {
  readonly spec: WorkflowSpec;
  readonly timetable: Timetable;
  /** Tasks whose failure fails the run. */
  readonly decisive: ReadonlySet<number>;
  /** By task: who counts the end of its instances. */
  readonly edges: readonly (readonly Edge[])[];
  /** By task: the tasks whose instances it counts, direct first. */
  readonly incoming: readonly (readonly (Edge & { readonly from: number })[])[];
  /** By task: the mapped group in which it lies, or null. */
  readonly mappedGroup: readonly (number | null)[];
  /** By task: the mapping that multiplies it, its own or its group's. */
  readonly mapping: readonly (Mapping | null)[];
  /**
   * By task: whether a mapping takes its output apart, which is then stored element by element. Of a mapped task a
   * mapping takes the instances' outputs, each as a whole.
   */
  readonly mappable: readonly boolean[];
  readonly upstreamSetups: readonly number[];

  constructor(spec: WorkflowSpec) {
    this.spec = spec;
    this.timetable = timetableFor(spec.schedule);
    this.decisive = consideredTasks(spec);
    this.mappedGroup = mappedGroups(spec);
    this.mapping = spec.tasks.map(
      ({ mapping }, task) =>
        mapping ?? (this.#groupOf(task) === null ? null : spec.groups[this.#groupOf(task)!]!.mapping),
    );
    const inScope = tasksInScope(spec);
    const incoming = spec.tasks.map((task, index) => [
      ...task.upstream.map((from) => ({
        ...this.#edge(from, index, 'direct'),
        setup: task.teardown && spec.tasks[from]!.setup,
        from,
      })),
      ...inScope[index]!.map((from) => ({ ...this.#edge(from, index, 'scope'), from })),
    ]);
    const edges: Edge[][] = spec.tasks.map(() => []);
    for (const list of incoming) for (const { from, ...edge } of list) edges[from]!.push(edge);
    this.incoming = incoming;
    this.edges = edges;
    this.upstreamSetups = spec.tasks.map(({ upstream }) => upstream.filter((from) => spec.tasks[from]!.setup).length);
    const read = new Set<number>();
    for (const mapping of [...spec.tasks, ...spec.groups].map((owner) => owner.mapping)) {
      if (mapping) for (const source of mappingSources(mapping)) read.add(source);
    }
    this.mappable = spec.tasks.map((_, task) => read.has(task) && !this.isMapped(task));
  }

  task(index: number): TaskSpec {
    const task = this.spec.tasks[index];
    if (!task) throw new Error(`task ${index} is not in the spec of ${this.spec.id}`);
    return task;
  }

  /** The rows whose tasks the spec declares: all of a DAG's, a flow's body without its calls. */
  declared<T extends { readonly task: number }>(rows: readonly T[]): T[] {
    return rows.filter(({ task }) => task < this.spec.tasks.length);
  }

  isMapped(task: number): boolean {
    return this.mapping[task] !== null;
  }

  /** The tasks that are expanded together with this one: those of its mapped group, or itself. */
  expandedWith(task: number): readonly number[] {
    const group = this.mappedGroup[task];
    if (group === null || group === undefined) return [task];
    return this.mappedGroup.flatMap((other, index) => (other === group ? [index] : []));
  }

  /** Everything downstream that a short circuit skips: all but teardowns. */
  skippable(task: number): number[] {
    return [...reachable(this.spec, task, 'downstream')].filter((below) => !this.task(below).teardown);
  }

  #groupOf(task: number): number | null {
    return this.mappedGroup[task] ?? null;
  }

  #edge(from: number, task: number, counts: 'direct' | 'scope'): Edge {
    const ownIndexOnly = countsOwnIndexOnly(this.#groupOf(task), this.#groupOf(from));
    return { task, ownIndexOnly, counts, setup: false };
  }
}

/** The tasks whose outputs give the length of a mapping. */
export function mappingSources(mapping: Mapping): number[] {
  const parts = mapping.kind === 'expand' ? mapping.over.map(([, part]) => part) : [mapping.over];
  return [...new Set(parts.flatMap(outputsIn))];
}

/** The tasks whose outputs an expression reads. */
export function outputsIn(expression: Expression): number[] {
  switch (expression.kind) {
    case 'literal':
    case 'param':
    case 'params':
    case 'element':
      return [];
    case 'output':
      return [expression.task];
    case 'pick':
    case 'map':
      return outputsIn(expression.of);
    case 'object':
      return expression.entries.flatMap(([, part]) => outputsIn(part));
    case 'array':
      return expression.items.flatMap(outputsIn);
    case 'zip':
    case 'concat':
      return expression.of.flatMap(outputsIn);
  }
}
